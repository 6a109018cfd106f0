import { constants } from 'node:os';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ListQueuesCommand,
  type ListQueuesCommandInput,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Grounds, type Runtime, startGrounds } from '../../../bin/local/runtime.ts';
import type { TemplateResource } from '../../../bin/local/template/assembly.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { credentials, newDirectory } from './sqs/fixture.ts';
import { arnOf, resource, stackOf, template } from './template-of-everything.ts';

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

  it('gives what comes from a queue of the background what processor is left', async () => {
    const QueueUrl = `${grounds.awsUrl}/000000000000/slow`;
    await new SQSClient(settings()).send(new SendMessageCommand({ QueueUrl, MessageBody: 'later' }));

    expect(await seen()).toMatchObject({
      Records: [{ body: 'later' }],
      priority: constants.priority.PRIORITY_LOW,
    });
    const functions = await fetch(`${grounds.awsUrl}/__local/functions`);
    expect(await functions.json()).toMatchObject({ 'fn (background)': { coldStarts: 1 } });
  });

  it('lists its queues by prefix and page, and none of the runner’s own', async () => {
    const sqs = new SQSClient(settings());
    const names = async (input: ListQueuesCommandInput) => {
      const { QueueUrls, NextToken } = await sqs.send(new ListQueuesCommand(input));
      return { names: QueueUrls?.map((url) => url.split('/').at(-1)).sort(), NextToken };
    };

    expect((await names({})).names).toEqual(['given-up', 'in', 'ordered.fifo', 'seen', 'slow']);
    expect((await names({ QueueNamePrefix: 'gi' })).names).toEqual(['given-up']);
    const first = await names({ MaxResults: 3 });
    const rest = await names({ MaxResults: 3, NextToken: first.NextToken });
    expect([first.names?.length, rest.names?.length, rest.NextToken]).toEqual([3, 2, undefined]);
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
    expect(await seen()).toMatchObject({ scheduled: true });

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
    expect(await seen()).toMatchObject({ now: true });
  });

  it('tells of an error the function threw', async () => {
    const { Payload, FunctionError } = await lambda().send(
      new InvokeCommand({ FunctionName: 'fn', Payload: payload({ fail: true }) }),
    );

    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ errorMessage: 'told to fail' });
  });

  it('lists what there is', async () => {
    const { Functions } = await lambda().send(new ListFunctionsCommand({}));

    expect(Functions).toMatchObject([{ FunctionName: 'fn', Handler: 'index.handler', Timeout: 10 }]);
  });

  it('accepts an event for later, and knows no other function', async () => {
    const { StatusCode } = await lambda().send(
      new InvokeCommand({ FunctionName: 'fn', InvocationType: 'Event', Payload: payload({ later: true }) }),
    );

    expect(StatusCode).toBe(202);
    expect(await seen()).toMatchObject({ later: true });
    await expect(lambda().send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('EventBridge Scheduler', () => {
  it('lists the schedules of the templates', async () => {
    const answer = await fetch(`${grounds.awsUrl}/schedules?MaxResults=10`);

    expect(await answer.json()).toMatchObject({
      Schedules: [
        { Name: expect.any(String), State: 'ENABLED', Target: { Arn: expect.stringMatching(/:fn$/) } },
      ],
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
      'an event rewritten by its rule',
      {
        Rewritten: resource('AWS::Events::Rule', {
          EventPattern: { source: ['test'] },
          Targets: [{ Id: 'T', Arn: arnOf('Fn'), InputTransformer: { InputTemplate: '"x"' } }],
        }),
      },
    ],
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
