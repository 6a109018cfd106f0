import { PACE_TAG, type Pace } from '../../../lib/constructs/pace.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import type { QueueMapping } from '../sqs/poller.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Deployment, Resource } from '../template/deployment.ts';
import { functionNameOf, type Invoke } from './invoke.ts';

interface QueueProperties {
  readonly FifoQueue?: boolean;
  readonly ContentBasedDeduplication?: boolean;
  readonly DelaySeconds?: number;
  readonly VisibilityTimeout?: number;
  readonly MessageRetentionPeriod?: number;
  readonly MaximumMessageSize?: number;
  readonly ReceiveMessageWaitTimeSeconds?: number;
  readonly DeduplicationScope?: string;
  readonly FifoThroughputLimit?: string;
  readonly RedrivePolicy?: unknown;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

export function createQueuesOf(deployment: Deployment, queues: Queues): void {
  for (const { properties, identity } of deployment.ofType<QueueProperties>('AWS::SQS::Queue')) {
    const { RedrivePolicy, Tags: _tags, ...plain } = properties;
    const attributes = Object.fromEntries(
      attributeNames
        .filter((name) => plain[name] !== undefined)
        .map((name) => [name, String(plain[name])] as const),
    );
    queues.ensure(identity.attributes.QueueName ?? '', identity.ref, {
      ...attributes,
      ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    });
  }
}

const attributeNames = [
  'FifoQueue',
  'ContentBasedDeduplication',
  'DelaySeconds',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
] as const satisfies readonly (keyof QueueProperties)[];

interface MappingProperties {
  readonly EventSourceArn: string;
  readonly FunctionName: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly FilterCriteria?: unknown;
  readonly Enabled?: boolean;
}

/** `maxConcurrency` is what one machine bears; the template may ask for less. */
export function queueMappingsOf(
  deployment: Deployment,
  invoke: Invoke,
  maxConcurrency: number,
): readonly QueueMapping[] {
  return deployment
    .ofType<MappingProperties>('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.Enabled !== false)
    .map(({ properties, logicalId }) => {
      const queue = deployment.find(properties.EventSourceArn) as Resource<QueueProperties>;
      const { identity, type } = queue;
      if (type !== 'AWS::SQS::Queue' || properties.FilterCriteria !== undefined) {
        throw new ConfigurationError(`${logicalId}: the local hub maps queues to functions, unfiltered`);
      }
      const wanted = properties.ScalingConfig?.MaximumConcurrency ?? maxConcurrency;
      return {
        queueName: identity.attributes.QueueName ?? '',
        queueArn: properties.EventSourceArn,
        batchSize: properties.BatchSize ?? 10,
        batchWindowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
        reportsItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        concurrency: Math.min(wanted, maxConcurrency),
        invoke: (payload) => invoke(properties.FunctionName, payload, paceOf(queue)),
      };
    });
}

const paceOf = ({ properties: { Tags = [] } }: Resource<QueueProperties>): Pace =>
  Tags.some(({ Key, Value }) => Key === PACE_TAG && Value === 'background') ? 'background' : 'live';

/** Functions that only ever run in the background, and so need not be ready for anything else. */
export function backgroundFunctionsOf(deployment: Deployment): ReadonlySet<string> {
  const mappings = deployment.ofType<MappingProperties>('AWS::Lambda::EventSourceMapping');
  const paces = Map.groupBy(mappings, ({ properties }) => functionNameOf(properties.FunctionName));
  const isBackground = ({ properties }: (typeof mappings)[number]): boolean =>
    paceOf(deployment.find(properties.EventSourceArn) as Resource<QueueProperties>) === 'background';
  return new Set([...paces].filter(([, its]) => its.every(isBackground)).map(([name]) => name));
}
