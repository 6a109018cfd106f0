import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Grounds, type Runtime, startGrounds } from '../../../bin/local/runtime.ts';
import type { Template, TemplateResource } from '../../../bin/local/template/assembly.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { credentials, newDirectory } from './sqs/fixture.ts';

// One function for everything: it forwards what it was given to the queue `seen`, or does as it is told.
const source = `
const send = (body) => fetch(process.env.AWS_ENDPOINT_URL_SQS, {
  method: 'POST',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
  body: JSON.stringify({ QueueUrl: process.env.SEEN_URL, MessageBody: body }),
});
export const handler = async (event) => {
  if (event.fail || event.detail?.fail) throw new Error('told to fail');
  if (event.routeKey) return { statusCode: 200, body: JSON.stringify({ issuer: process.env.API_ISSUER, path: event.rawPath }) };
  await send(JSON.stringify(event));
  return 'forwarded';
};
`;
const bundle = 'a1b2';
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

function resource(Type: string, Properties: Record<string, unknown>): TemplateResource {
  return { Type, Properties };
}

const template: Template = {
  Resources: {
    Seen: resource('AWS::SQS::Queue', { QueueName: 'seen' }),
    In: resource('AWS::SQS::Queue', {
      QueueName: 'in',
      RedrivePolicy: { deadLetterTargetArn: arnOf('Given'), maxReceiveCount: 3 },
    }),
    Given: resource('AWS::SQS::Queue', { QueueName: 'given-up' }),
    Ordered: resource('AWS::SQS::Queue', { QueueName: 'ordered.fifo', FifoQueue: true }),
    Fn: resource('AWS::Lambda::Function', {
      FunctionName: 'fn',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: `${bundle}.zip` },
      Timeout: 10,
      MemorySize: 256,
      Environment: {
        Variables: { SEEN_URL: { Ref: 'Seen' }, PUBLIC_URL: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
      },
    }),
    Config: resource('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: 'Fn' },
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: arnOf('Given') } },
    }),
    Mapping: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('In'),
      FunctionName: arnOf('Fn'),
    }),
    Idle: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('Given'),
      FunctionName: arnOf('Fn'),
      Enabled: false,
    }),
    Api: resource('AWS::ApiGatewayV2::Api', {}),
    Integration: resource('AWS::ApiGatewayV2::Integration', {
      IntegrationUri: arnOf('Fn'),
      PayloadFormatVersion: '2.0',
    }),
    Route: resource('AWS::ApiGatewayV2::Route', {
      RouteKey: 'GET /hello',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    }),
    Bus: resource('AWS::Events::EventBus', { Name: 'hub' }),
    Rule: resource('AWS::Events::Rule', {
      Name: 'rule',
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['test'] },
      Targets: [
        { Id: '1', Arn: arnOf('Fn') },
        { Id: '2', Arn: arnOf('Ordered'), InputPath: '$.detail', SqsParameters: { MessageGroupId: 'all' } },
        { Id: '3', Arn: arnOf('Seen'), Input: '{"fixed":true}' },
      ],
    }),
    Off: resource('AWS::Events::Rule', {
      State: 'DISABLED',
      EventPattern: { source: ['test'] },
      Targets: [{ Arn: 'arn:nowhere' }],
    }),
    Daily: resource('AWS::Events::Rule', {
      Name: 'daily',
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Arn: arnOf('Fn') }],
    }),
    Schedule: resource('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 0 1 1 ? *)',
      ScheduleExpressionTimezone: 'Europe/Oslo',
      Target: { Arn: arnOf('Fn'), Input: '{"scheduled":true}' },
    }),
    Bucket: resource('AWS::S3::Bucket', { BucketName: 'bodies' }),
    Topic: resource('AWS::SNS::Topic', { TopicName: 'alarms' }),
    Key: resource('AWS::KMS::Key', {}),
    Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/hub', TargetKeyId: { Ref: 'Key' } }),
    Made: resource('AWS::SecretsManager::Secret', {
      Name: 'made',
      GenerateSecretString: { PasswordLength: 12 },
    }),
    Told: resource('AWS::SecretsManager::Secret', { Name: 'told', SecretString: 'x' }),
    Table: resource('AWS::DynamoDB::Table', {
      TableName: 'records',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  },
};

const directory = newDirectory();
mkdirSync(join(directory, `asset.${bundle}`));
writeFileSync(join(directory, `asset.${bundle}`, 'index.mjs'), source);
const stackOf = (given: Template) => ({ name: 'main', template: given, assetsDir: directory });

let grounds: Grounds;
let runtime: Runtime;
beforeAll(async () => {
  grounds = await startGrounds({ dataDir: newDirectory(), port: 0, asyncRetryDelaysSeconds: [0, 0] });
  runtime = await grounds.deploy([stackOf(template)], { API_ISSUER: 'http://issuer' });
});
afterAll(() => grounds.close());

async function seen(): Promise<Record<string, unknown>> {
  const [message] = await runtime.queues.receive('seen', 1, 20);
  runtime.queues.remove('seen', message?.ReceiptHandle ?? '');
  return JSON.parse(message?.Body ?? 'null');
}

async function aws(target: string, input: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(grounds.awsUrl, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body: JSON.stringify(input),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const settings = () => ({ endpoint: grounds.awsUrl, region: 'us-east-1', credentials });

describe('a deployed template', () => {
  it('serves its routes, and tells public functions who the issuer is', async () => {
    const answer = await fetch(`${grounds.publicUrl}/hello`);

    expect(await answer.json()).toEqual({ issuer: 'http://issuer', path: '/hello' });
  });

  it('hands queued messages to their function', async () => {
    const QueueUrl = `${grounds.awsUrl}/000000000000/in`;
    await new SQSClient(settings()).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

    expect(await seen()).toMatchObject({ Records: [{ body: 'hello' }] });
  });

  it('hands events to every target of a rule', async () => {
    const entry = { EventBusName: 'hub', Source: 'test', DetailType: 'made', Detail: '{"n":1}' };
    await aws('AWSEvents.PutEvents', { Entries: [entry] });

    const both = [await seen(), await seen()];

    expect(both).toContainEqual({ fixed: true });
    expect(both).toContainEqual(expect.objectContaining({ source: 'test', detail: { n: 1 } }));
    const [ordered] = await runtime.queues.receive('ordered.fifo', 1, 5);
    expect(ordered).toMatchObject({ Body: '{"n":1}', Attributes: { MessageGroupId: 'all' } });
  });

  it('fires its schedules, with their own input or an event of their time', async () => {
    expect([...runtime.schedules.names].sort()).toEqual(['daily', 'fn']);
    runtime.schedules.fire('fn');
    expect(await seen()).toEqual({ scheduled: true });

    const fired = await fetch(`${grounds.awsUrl}/__local/schedules/daily`, { method: 'POST' });

    expect(fired.status).toBe(202);
    expect(await seen()).toMatchObject({ 'detail-type': 'Scheduled Event' });
  });

  it('sends what an asynchronous invocation gave up to its destination', async () => {
    const entry = { EventBusName: 'hub', Source: 'test', DetailType: 'made', Detail: '{"fail":true}' };
    await aws('AWSEvents.PutEvents', { Entries: [entry] });

    await expect.poll(() => runtime.queues.depth('given-up').visible, { timeout: 10_000 }).toBe(1);
    await seen();
  });

  it('has its secrets, key, bucket, topic and table', async () => {
    expect(await aws('secretsmanager.GetSecretValue', { SecretId: 'told' })).toMatchObject({
      SecretString: 'x',
    });
    expect(await aws('secretsmanager.GetSecretValue', { SecretId: 'made' })).toMatchObject({
      SecretString: expect.stringMatching(/^.{12}$/),
    });
    const { KeyMetadata } = await aws('TrentService.DescribeKey', { KeyId: 'alias/hub' });
    expect(KeyMetadata).toMatchObject({ Enabled: true });
    expect(await aws('DynamoDB_20120810.ListTables', {})).toMatchObject({ message: expect.any(String) });
    expect((await fetch(`${grounds.awsUrl}/bodies`)).status).toBe(200);
  });
});

describe('Lambda’s own Invoke, by the official client', () => {
  const lambda = () => new LambdaClient(settings());
  const payload = (value: unknown) => Buffer.from(JSON.stringify(value));

  it('answers what the function answered', async () => {
    const { Payload, FunctionError } = await lambda().send(
      new InvokeCommand({ FunctionName: 'fn', Payload: payload({ now: true }) }),
    );

    expect(Buffer.from(Payload ?? []).toString()).toBe('"forwarded"');
    expect(FunctionError).toBeUndefined();
    expect(await seen()).toEqual({ now: true });
  });

  it('tells of an error the function threw', async () => {
    const { Payload, FunctionError } = await lambda().send(
      new InvokeCommand({ FunctionName: 'fn', Payload: payload({ fail: true }) }),
    );

    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ errorMessage: 'told to fail' });
  });

  it('accepts an event for later, and knows no other function', async () => {
    const { StatusCode } = await lambda().send(
      new InvokeCommand({ FunctionName: 'fn', InvocationType: 'Event', Payload: payload({ later: true }) }),
    );

    expect(StatusCode).toBe(202);
    expect(await seen()).toEqual({ later: true });
    await expect(lambda().send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('what the runner tells of itself', () => {
  it.each([
    ['functions', { fn: { sandboxes: expect.any(Number), failures: expect.any(Number) } }],
    ['queues', { in: { visible: 0, inFlight: 0, delayed: 0 } }],
    ['schedules', expect.arrayContaining(['daily'])],
    ['metrics', []],
  ])('is under /__local/%s', async (place, content) => {
    const answer = await fetch(`${grounds.awsUrl}/__local/${place}`);

    expect(await answer.json()).toEqual(
      Array.isArray(content) || 'asymmetricMatch' in content
        ? content
        : expect.objectContaining(toMatch(content)),
    );
  });

  it('is nothing it does not know', async () => {
    expect((await fetch(`${grounds.awsUrl}/__local/weather`)).status).toBe(404);
    expect((await fetch(`${grounds.awsUrl}/__local/schedules/nobody`, { method: 'POST' })).status).toBe(404);
  });
});

describe('a template the local hub cannot perform', () => {
  const deploy = (changes: Record<string, TemplateResource>) =>
    grounds.deploy([stackOf({ Resources: { ...template.Resources, ...changes } })], {});

  it.each([
    [
      'a filtered mapping',
      {
        Mapping: resource('AWS::Lambda::EventSourceMapping', {
          EventSourceArn: arnOf('In'),
          FunctionName: 'fn',
          FilterCriteria: {},
        }),
      },
    ],
    [
      'a mapping from a table',
      {
        Mapping: resource('AWS::Lambda::EventSourceMapping', {
          EventSourceArn: arnOf('Table'),
          FunctionName: 'fn',
        }),
      },
    ],
    [
      'an authorizer',
      {
        Route: resource('AWS::ApiGatewayV2::Route', {
          RouteKey: 'GET /x',
          Target: 'integrations/x',
          AuthorizationType: 'JWT',
        }),
      },
    ],
    [
      'the old payload format',
      {
        Integration: resource('AWS::ApiGatewayV2::Integration', {
          IntegrationUri: 'fn',
          PayloadFormatVersion: '1.0',
        }),
      },
    ],
    [
      'a function without a handler',
      { Fn: resource('AWS::Lambda::Function', { FunctionName: 'fn', Code: { S3Key: 'x.zip' } }) },
    ],
    [
      'a function without a bundle',
      { Fn: resource('AWS::Lambda::Function', { FunctionName: 'fn', Handler: 'a.b', Code: {} }) },
    ],
  ])('is refused for %s', async (_what, changes) => {
    await expect(deploy(changes)).rejects.toThrow(ConfigurationError);
  });
});

/** Objects of objects, each as a partial match. */
function toMatch(content: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, expect.objectContaining(value)]),
  );
}
