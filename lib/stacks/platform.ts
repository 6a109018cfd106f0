import { type App, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { DESK_PATHS } from '../../functions/platform/api/desk-paths.ts';
import { HubFunction, type HubFunctionProps } from '../constructs/hub-function.ts';
import { HubSchedule } from '../constructs/hub-schedule.ts';
import { platformFunctions } from '../functions.ts';
import { watchHub } from '../monitoring/hub-alarms.ts';
import { CONSUMER_TIMEOUT_SECONDS, type Data } from './data.ts';

const CHECKS_TOKENS =
  'The function checks the token itself: API Gateway gives an issuer 1.5 seconds, less than one that starts cold may need.';
const COMES_BACK =
  'A browser comes back from a vendor without a token: the single-use state proves whom it belongs to.';

export interface PlatformProps {
  readonly data: Data;
}

/** What is the hub's own: the engine's functions, its API and its console. */
export class Platform extends Stack {
  private readonly data: Data;

  constructor(app: App, id: string, props: PlatformProps) {
    super(app, id, { stackName: `deskbridge-${props.data.deployment.stage.name}-${id}` });
    this.data = props.data;
    this.addSync();
    this.addApi();
    this.addDesk();
    this.addConsole();
  }

  private addSync(): void {
    const { data } = this;
    const observe = this.newFunction({
      entry: platformFunctions.observe,
      description: 'Takes in what an accepted event says',
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
    });
    data.grantEngine(observe);
    data.grantResend(observe);
    data.changes.consumeWith(observe, 'live');
    data.deltas.consumeWith(observe, 'background');
    data.backfill.consumeWith(observe, 'background');

    const deadLetters = this.newFunction({
      entry: platformFunctions.deadLetters,
      description: 'Parks what landed in a dead-letter queue',
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
    });
    data.grantEngine(deadLetters);
    for (const queue of [data.changes, data.deltas, data.backfill, data.work, data.jobs, data.files])
      queue.parkWith(deadLetters);

    const sweep = this.newFunction({
      entry: platformFunctions.sweep,
      description: 'Sends again what is open, overdue, doubtful or unpublished',
      timeoutSeconds: 60,
      asyncRetries: 0,
    });
    data.grantEngine(sweep);
    data.grantResend(sweep);
    data.connections.grantWrite(sweep);
    data.jobs.grantSend(sweep);
    data.limits.grantRead(sweep);
    data.content.grantClearUploads(sweep);
    new HubSchedule(this, 'sweep', {
      group: data.schedules,
      deadLetters: data.scheduleDeadLetters.queue,
      target: sweep,
      expression: 'rate(1 minute)',
      description: 'the sweeper',
    });
    watchHub(this, data.deployment, sweep);
  }

  private addApi(): void {
    const { data } = this;
    const api = this.newFunction({
      entry: platformFunctions.api,
      description: 'The hub’s API under /v1: tickets, and what runs the hub',
      timeoutSeconds: 20,
    });
    data.grantRecords(api);
    data.grantResend(api);
    data.connections.grantWrite(api);
    data.limits.grantRead(api);
    data.audit.grantRead(api);
    data.jobs.grantSend(api);
    data.secrets.tellPrefix(api);
    data.content.grantRead(api);
    data.content.grantUpload(api);
    data.tellSettings(api);
    this.trustIssuer(api);
    data.api.route(this, {
      path: '/v1/{proxy+}',
      methods: [HttpMethod.ANY],
      target: api,
      openBecause: CHECKS_TOKENS,
    });
    data.api.route(this, {
      path: '/openapi.json',
      methods: [HttpMethod.GET],
      target: api,
      openBecause: 'The published description of the API holds nothing of anybody’s.',
    });
  }

  /** Vendors' tokens and secrets are behind a few routes; whoever reads tickets has no part in them. */
  private addDesk(): void {
    const { data } = this;
    const desk = this.newFunction({
      entry: platformFunctions.desk,
      description: 'The hub’s API under /v1: what connects to vendors',
      timeoutSeconds: 20,
    });
    data.grantEngine(desk);
    data.grantResend(desk);
    data.grantVendorCalls(desk);
    data.secrets.grantWrite(desk);
    this.trustIssuer(desk);
    for (const [path, methods] of Object.entries(DESK_PATHS)) {
      data.api.route(this, {
        path,
        methods: methods.map((method) => HttpMethod[method]),
        target: desk,
        openBecause: path.startsWith('/v1/') ? CHECKS_TOKENS : COMES_BACK,
      });
    }
  }

  private addConsole(): void {
    const page = this.newFunction({
      entry: platformFunctions.console,
      description: 'The console’s static files',
      timeoutSeconds: 5,
    });
    this.trustIssuer(page);
    this.data.content.tellName(page);
    for (const path of ['/console', '/console/{proxy+}']) {
      this.data.api.route(this, {
        path,
        methods: [HttpMethod.GET],
        target: page,
        openBecause: 'Static files, the same for everybody; what they show comes from /v1 with a token.',
      });
    }
  }

  private trustIssuer(fn: HubFunction): void {
    const { stage } = this.data.deployment;
    this.data.api.grantPublicUrl(fn);
    fn.addEnvironment('CONSOLE_CLIENT_ID', stage.consoleClientId);
    fn.addEnvironment('API_AUDIENCE', stage.audience ?? this.data.api.addressOf('/v1'));
    if (stage.issuer) fn.addEnvironment('API_ISSUER', stage.issuer);
  }

  private newFunction(props: Omit<HubFunctionProps, 'deployment'>): HubFunction {
    return new HubFunction(this, { ...props, deployment: this.data.deployment });
  }
}
