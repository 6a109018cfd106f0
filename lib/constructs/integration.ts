import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { Manifest } from '../../shared/ports/index.ts';
import { type FunctionEntry, functionsOf } from '../functions.ts';
import { CONSUMER_TIMEOUT_SECONDS, type Data, FILES_TIMEOUT_SECONDS } from '../stacks/data.ts';
import { HubFunction, type HubFunctionProps } from './hub-function.ts';
import { HubSchedule } from './hub-schedule.ts';
import { PartnerEvents } from './partner-events.ts';

export interface IntegrationProps {
  readonly manifest: Manifest;
  readonly data: Data;
}

/** A vendor waits seconds for its answer; accepting is two writes. */
const INBOUND_TIMEOUT_SECONDS = 10;
const POLL_TIMEOUT_SECONDS = 60;

/** One integration as its manifest declares it; nothing here knows any vendor. */
export class Integration extends Construct {
  private readonly manifest: Manifest;
  private readonly data: Data;

  constructor(scope: Construct, id: string, props: IntegrationProps) {
    super(scope, id);
    this.manifest = props.manifest;
    this.data = props.data;
    const { inbound, worker, poll, backfill, files } = functionsOf(props.manifest);
    if (inbound) this.addInbound(inbound);
    this.addWorker(worker);
    if (poll) this.addPoll(poll);
    if (backfill) this.addBackfill(backfill);
    if (files) this.addFiles(files);
  }

  private addInbound(entry: FunctionEntry): void {
    const { manifest, data } = this;
    const fn = this.newFunction(entry, 'proves, keeps and queues what the vendor sends', {
      timeoutSeconds: INBOUND_TIMEOUT_SECONDS,
    });
    data.records.grantAppend(fn);
    data.connections.grantLookup(fn);
    data.secrets.grantRead(fn);
    data.changes.grantSend(fn);
    if (manifest.webhook) {
      if (!manifest.webhook.verifier) {
        throw new TypeError(`the webhook of ${manifest.id} names no verifier, expected one`);
      }
      data.api.route(this, {
        path: `/webhooks/${manifest.id}/{connection}`,
        methods: manifest.webhook.methods.map((method) => HttpMethod[method]),
        target: fn,
        openBecause: `The vendor cannot sign in: ${manifest.webhook.verifier} proves each request over its raw bytes before anything is kept.`,
      });
    }
    if (manifest.partnerEvents) {
      new PartnerEvents(this, 'partner-events', {
        deployment: data.deployment,
        name: manifest.id,
        sourcePrefix: manifest.partnerEvents.sourcePrefix,
        target: fn,
      });
    }
  }

  private addWorker(entry: FunctionEntry): void {
    const { manifest, data } = this;
    const fn = this.newFunction(entry, 'reads, merges and writes', {
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
    });
    data.grantEngine(fn);
    data.grantResend(fn);
    data.grantVendorCalls(fn);
    data.work.of(manifest.id).consumeWith(fn, 'live');
  }

  private addPoll(entry: FunctionEntry): void {
    const { manifest, data } = this;
    const fn = this.newFunction(entry, 'fetches what has changed since last time', {
      timeoutSeconds: POLL_TIMEOUT_SECONDS,
      // The next tick goes on from the same cursor.
      asyncRetries: 0,
    });
    data.records.grantAppend(fn);
    data.audit.grantAppend(fn);
    data.secrets.grantRead(fn);
    data.deltas.grantSend(fn);
    data.bus.grantPublish(fn);
    data.grantVendorCalls(fn);
    new HubSchedule(this, 'poll', {
      group: data.schedules,
      deadLetters: data.scheduleDeadLetters.queue,
      target: fn,
      // Each connection has a schedule of its own, as data: the tick only lets it be looked at.
      expression: 'rate(1 minute)',
      description: `delta sync of ${manifest.name}`,
    });
  }

  private addBackfill(entry: FunctionEntry): void {
    const { manifest, data } = this;
    const fn = this.newFunction(entry, 'brings whole histories in', {
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
    });
    // It puts rows at the door and looks what became of them; outwards it makes copies, as a worker does.
    if (manifest.backfill?.outward === undefined) {
      data.records.grantAppend(fn);
      data.audit.grantAppend(fn);
      data.secrets.grantRead(fn);
      data.bus.grantPublish(fn);
    } else data.grantEngine(fn);
    data.backfill.grantSend(fn);
    data.jobs.grantSend(fn);
    data.grantVendorCalls(fn);
    data.jobs.of(manifest.id).consumeWith(fn, 'background');
  }

  private addFiles(entry: FunctionEntry): void {
    const { manifest, data } = this;
    const fn = this.newFunction(entry, 'carries files', { timeoutSeconds: FILES_TIMEOUT_SECONDS });
    data.grantEngine(fn);
    data.grantResend(fn);
    data.grantVendorCalls(fn);
    data.content.grantWrite(fn);
    data.files.of(manifest.id).consumeWith(fn, 'background');
  }

  private newFunction(
    entry: FunctionEntry,
    does: string,
    props: Pick<HubFunctionProps, 'timeoutSeconds' | 'asyncRetries'>,
  ): HubFunction {
    const description = `${this.manifest.name}: ${does}`;
    return new HubFunction(this, { ...props, deployment: this.data.deployment, entry, description });
  }
}
