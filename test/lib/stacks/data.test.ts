import { describe, expect, it } from 'vitest';
import { catalog } from '../../../functions/catalog.ts';
import { PACE_TAG } from '../../../lib/constructs/pace.ts';
import { synthesize } from '../synthesize.ts';
import type { Placed } from '../templates.ts';

const { templates } = synthesize({ stage: 'local' });
const { templates: production } = synthesize({ stage: 'prod' });

const queues = templates.all('AWS::SQS::Queue');
const named = (name: string) => queues.find(({ Properties }) => Properties.QueueName === name) as Placed;
const deadLettersOf = ({ stack, Properties }: Placed) =>
  templates.referents(stack, Properties.RedrivePolicy.deadLetterTargetArn)[0];
const sources = queues.filter(({ Properties }) => Properties.RedrivePolicy);
const deniesPlainHttp = (policy: Placed) =>
  policy.Properties.PolicyDocument.Statement.some(
    (statement: { Effect: string; Condition?: unknown }) =>
      statement.Effect === 'Deny' &&
      JSON.stringify(statement.Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );

describe('queues', () => {
  it('are one a lane, one for the work of each integration, and one for its jobs and files where it has any', () => {
    const files = catalog.filter(({ files }) => files !== undefined).map(({ id }) => `files-${id}`);
    const jobs = catalog.filter(({ backfill }) => backfill !== undefined).map(({ id }) => `jobs-${id}`);
    const work = catalog.map(({ id }) => `work-${id}`);

    expect(sources.map(({ Properties }) => Properties.QueueName).sort()).toEqual(
      ['changes.fifo', 'deltas.fifo', 'backfill.fifo', ...work, ...jobs, ...files].sort(),
    );
  });

  it('let no message vanish: each has a dead-letter queue, or is one', () => {
    expect(templates.queuesWithoutDeadLetters()).toEqual([]);
  });

  it('say whether customers wait for what is in them', () => {
    const isLive = ({ Properties }: Placed) =>
      Properties.Tags.some(({ Key, Value }: Record<string, string>) => Key === PACE_TAG && Value === 'live');

    expect(
      sources
        .filter(isLive)
        .map(({ Properties }) => Properties.QueueName)
        .sort(),
    ).toEqual(['changes.fifo', ...catalog.map(({ id }) => `work-${id}`)].sort());
    expect(sources.every(({ Properties }) => Properties.Tags.length === 1)).toBe(true);
  });

  it('have a dead-letter queue each, of their own and of their own type', () => {
    const targets = sources.map(deadLettersOf);

    expect(new Set(targets).size).toBe(sources.length);
    for (const source of sources) {
      const target = queues.find(({ name }) => name === deadLettersOf(source));
      expect(target?.Properties.FifoQueue).toBe(source.Properties.FifoQueue);
      expect(source.Properties.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
    }
  });

  it('keep order in every lane, never deduplicating by content', () => {
    for (const name of ['changes.fifo', 'deltas.fifo', 'backfill.fifo']) {
      expect(named(name).Properties).toMatchObject({
        FifoQueue: true,
        ContentBasedDeduplication: false,
        FifoThroughputLimit: 'perMessageGroupId',
        DeduplicationScope: 'messageGroup',
      });
    }
  });

  it('make a message visible again no sooner than six times its consumer’s timeout', () => {
    const mappings = templates.all('AWS::Lambda::EventSourceMapping');

    expect(mappings.length).toBeGreaterThan(0);
    for (const { stack, Properties } of mappings) {
      const queue = queues.find(
        ({ name }) => name === templates.referents(stack, Properties.EventSourceArn)[0],
      ) as Placed;
      const fn = templates
        .all('AWS::Lambda::Function')
        .find(({ name }) => name === templates.referents(stack, Properties.FunctionName)[0]) as Placed;
      expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * fn.Properties.Timeout);
    }
  });

  it('have a consumer each, which takes one message at a time and says which failed', () => {
    const mappings = templates.all('AWS::Lambda::EventSourceMapping');
    const consumed = mappings.map(
      ({ stack, Properties }) => templates.referents(stack, Properties.EventSourceArn)[0],
    );
    const withoutConsumer = queues.filter(({ name }) => !consumed.includes(name));

    expect(withoutConsumer.map(({ Properties }) => Properties.QueueName)).toEqual(['schedules-dlq']);
    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
      expect(Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(Properties).not.toHaveProperty('MaximumBatchingWindowInSeconds');
    }
  });

  it('may be sent to by their own consumers, however often: Lambda would take the sixteenth time for a loop', () => {
    const functions = templates.all('AWS::Lambda::Function');
    const fed = templates
      .all('AWS::Lambda::EventSourceMapping')
      .map(({ stack, Properties }) => templates.referents(stack, Properties.FunctionName)[0]);

    expect(fed.length).toBeGreaterThan(0);
    for (const { name, Properties } of functions) {
      expect([name, Properties.RecursiveLoop]).toEqual([name, fed.includes(name) ? 'Allow' : undefined]);
    }
  });

  it('are encrypted, refuse plain http and keep what waits for 14 days', () => {
    const policies = templates.all('AWS::SQS::QueuePolicy');
    for (const { name, Properties } of queues) {
      const policy = policies.find(({ stack, Properties: p }) =>
        p.Queues.some((queue: unknown) => templates.referents(stack, queue).includes(name)),
      ) as Placed;
      expect(deniesPlainHttp(policy)).toBe(true);
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    }
  });

  it('are watched: age where work waits, depth where nothing should be', () => {
    const watched = (metric: string) =>
      templates
        .all('AWS::CloudWatch::Alarm')
        .filter(({ Properties }) => Properties.MetricName === metric)
        .map(({ stack, Properties }) => templates.referents(stack, Properties.Dimensions[0].Value)[0])
        .sort();
    const names = (some: readonly Placed[]) => some.map(({ name }) => name).sort();

    expect(watched('ApproximateAgeOfOldestMessage')).toEqual(names(sources));
    expect(watched('ApproximateNumberOfMessagesVisible')).toEqual(
      names(queues.filter((queue) => !sources.includes(queue))),
    );
  });
});

describe('tables', () => {
  const tables = production.all('AWS::DynamoDB::Table');

  it('are records, connections, limits and audit', () => {
    const names = templates.all('AWS::DynamoDB::Table').map(({ Properties }) => Properties.TableName);

    expect(names.sort()).toEqual(['audit', 'connections', 'limits', 'records']);
  });

  it('are on demand, restorable to any second and encrypted by the hub’s own key', () => {
    const keys = production.all('AWS::KMS::Key').map(({ name }) => name);
    for (const { stack, Properties } of tables) {
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(Properties.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
      expect(keys).toContain(production.referents(stack, Properties.SSESpecification.KMSMasterKeyId)[0]);
    }
  });

  it('have the item shape of the store port', () => {
    for (const { Properties } of tables) {
      expect(Properties.KeySchema.map((key: { AttributeName: string }) => key.AttributeName)).toEqual([
        'pk',
        'sk',
      ]);
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
      expect(
        Properties.GlobalSecondaryIndexes.map((index: { IndexName: string }) => index.IndexName),
      ).toEqual(['due', 'listed']);
    }
  });

  it('outlive their stack in production, and not on one machine', () => {
    for (const table of tables) {
      expect(table).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: { DeletionProtectionEnabled: true },
      });
    }
    for (const { DeletionPolicy } of templates.all('AWS::DynamoDB::Table'))
      expect(DeletionPolicy).toBe('Delete');
  });
});

describe('bodies', () => {
  it('are in a bucket that is never public, encrypted, and open to TLS 1.2 and above only', () => {
    const [bucket] = production.all('AWS::S3::Bucket') as [Placed];
    const policy = JSON.stringify(production.all('AWS::S3::BucketPolicy')[0]?.Properties.PolicyDocument);

    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(JSON.stringify(bucket.Properties.BucketEncryption)).toContain('aws:kms');
    expect(policy).toContain('"NumericLessThan":{"s3:TlsVersion":1.2}');
    expect(policy).toContain('"aws:SecureTransport":"false"');
    expect(bucket.DeletionPolicy).toBe('Retain');
  });
});

describe('keys', () => {
  const statements = templates
    .all('AWS::KMS::Key')
    .flatMap((key) => key.Properties.KeyPolicy.Statement) as readonly {
    Sid?: string;
    Action: string | string[];
    Condition?: unknown;
    Principal: unknown;
  }[];

  it('rotate', () => {
    for (const { Properties } of templates.all('AWS::KMS::Key'))
      expect(Properties.EnableKeyRotation).toBe(true);
  });

  it('are open to the whole account only through the storage services, to its root only to administer', () => {
    const open = statements.filter(({ Principal }) => JSON.stringify(Principal) === '{"AWS":"*"}');
    const every = statements.filter(({ Action }) => [Action].flat().some((action) => action.includes('*')));

    expect(open.map(({ Sid }) => Sid)).toEqual(['ThroughStorageServices']);
    expect(JSON.stringify(open[0]?.Condition)).toMatch(/kms:CallerAccount.*kms:ViaService/);
    for (const { Principal, Action } of every) {
      expect(Action).toBe('kms:*');
      expect(JSON.stringify(Principal)).toContain(':root');
    }
  });
});

describe('alarm topics', () => {
  it('are encrypted and refuse plain http', () => {
    const topics = templates.all('AWS::SNS::Topic');
    const policies = templates.all('AWS::SNS::TopicPolicy');

    expect(topics).toHaveLength(3);
    for (const { Properties } of topics) expect(Properties.KmsMasterKeyId).toBeDefined();
    expect(policies.every(deniesPlainHttp)).toBe(true);
  });

  it('give way to the owner’s own for alarms of high severity', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:pager';
    const { templates: own } = synthesize({ stage: 'prod', context: { alarmTopicArn } });
    const alarms = own.all('AWS::CloudWatch::Alarm');
    const high = alarms.filter(({ Properties }) => Properties.AlarmDescription.startsWith('high'));

    expect(own.all('AWS::SNS::Topic')).toHaveLength(2);
    for (const { Properties } of high) expect(Properties.AlarmActions).toEqual([alarmTopicArn]);
  });
});

describe('the public address', () => {
  it('keeps an access log, without query strings, and has a ceiling on requests', () => {
    const [stage] = templates.all('AWS::ApiGatewayV2::Stage') as [Placed];

    expect(stage.Properties.AccessLogSettings.Format).not.toMatch(/query/i);
    expect(stage.Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingBurstLimit: expect.any(Number),
      ThrottlingRateLimit: expect.any(Number),
    });
  });
});
