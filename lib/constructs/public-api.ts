import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';

export interface RouteProps {
  readonly path: string;
  readonly methods: readonly apigateway.HttpMethod[];
  readonly target: lambda.Function;
  /** Why API Gateway lets anybody through to the function: who proves the caller instead. */
  readonly openBecause: string;
}

/** The hub's one public address. Vendors are told it once, so it outlives the functions behind it. */
export class PublicApi extends Construct {
  private readonly api: apigateway.HttpApi;

  constructor(scope: Construct, id: string, { stage, monitoring }: Deployment) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, 'api', {
      apiName: `deskbridge-${stage.name}`,
      createDefaultStage: false,
    });
    const accessLog = new logs.LogGroup(this, 'access-log', {
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new apigateway.HttpStage(this, 'stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: stage.throttle.ratePerSecond, burstLimit: stage.throttle.burst },
      accessLogSettings: { destination: new apigateway.LogGroupLogDestination(accessLog) },
    });
    monitoring.alarm(Stack.of(this), 'api-errors', {
      severity: 'high',
      runbook: 'The public address answers with errors',
      metric: this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 0,
      periods: 2,
    });
  }

  /** In the function's stack, so that this one never depends on it. */
  route(scope: Construct, props: RouteProps): void {
    const integration = new HttpLambdaIntegration(`${props.path} integration`, props.target);
    for (const method of props.methods) {
      const route = new apigateway.HttpRoute(scope, `${method} ${props.path}`, {
        httpApi: this.api,
        routeKey: apigateway.HttpRouteKey.with(props.path, method),
        integration,
      });
      acknowledge(route, 'APIG4', props.openBecause);
    }
  }

  addressOf(path: string): string {
    return `${this.api.apiEndpoint}${path}`;
  }

  grantPublicUrl(fn: lambda.Function): void {
    fn.addEnvironment('PUBLIC_URL', this.api.apiEndpoint);
  }
}
