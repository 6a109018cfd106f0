import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../shared/telemetry/names.ts';
import type { FunctionEntry } from '../functions.ts';
import { type Deployment, physicalName, serviceName } from './deployment.ts';

export interface HubFunctionProps {
  readonly deployment: Deployment;
  readonly entry: FunctionEntry;
  readonly description: string;
  readonly timeoutSeconds: number;
  /** Of an asynchronous invocation (a schedule, a bus): how often Lambda itself tries again. */
  readonly asyncRetries?: 0 | 1 | 2;
}

/** Node gives a share of a CPU by memory: under 512 MB a cold start outlasts Slack's three seconds on a bad day. */
const MEMORY_MB = 512;

/** One bundle with a role and a log group of its own; what it may touch comes from `grant` methods alone. */
export class HubFunction extends lambda.Function {
  readonly timeoutSeconds: number;

  constructor(scope: Construct, props: HubFunctionProps) {
    const { deployment, entry } = props;
    const { stage } = deployment;
    const logGroup = new logs.LogGroup(scope, `${entry.name}-logs`, {
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(scope, `${entry.name}-role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, entry.name, {
      ...physicalName(stage, 'functionName', entry.name),
      description: props.description,
      code: lambda.Code.fromAsset(deployment.bundleOf(entry)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(props.timeoutSeconds),
      role,
      logGroup,
      ...(props.asyncRetries !== undefined && { retryAttempts: props.asyncRetries }),
      environment: {
        STAGE: stage.name,
        POWERTOOLS_SERVICE_NAME: serviceName(stage),
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
        ...(stage.isLocal && { LOCAL_MODE: '1' }),
      },
    });
    this.timeoutSeconds = props.timeoutSeconds;
    deployment.monitoring.watchFunction(this, entry.name);
  }
}
