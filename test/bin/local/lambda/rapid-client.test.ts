import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type RuntimeApi,
  type RuntimeReport,
  startRuntimeApi,
} from '../../../../bin/local/lambda/runtime-api.ts';

type Client = typeof import('../../../../bin/local/lambda/rapid-client.ts');

const reports: RuntimeReport[] = [];
let api: RuntimeApi;
let client: Client;
beforeAll(async () => {
  api = await startRuntimeApi((report) => reports.push(report));
  process.env.AWS_LAMBDA_RUNTIME_API = api.address;
  client = await import('../../../../bin/local/lambda/rapid-client.ts');
});
afterAll(() => api.close());

const invocation = (id: string) => ({ id, payload: `{"id":"${id}"}`, deadlineMs: 7, functionArn: 'arn:fn' });

describe('the client in place of the native one', () => {
  it('waits for an invocation and says who is asked, and until when', async () => {
    const next = client.next();
    api.deliver(invocation('one'));

    expect(await next).toMatchObject({
      bodyJson: '{"id":"one"}',
      headers: {
        'lambda-runtime-aws-request-id': 'one',
        'lambda-runtime-deadline-ms': '7',
        'lambda-runtime-invoked-function-arn': 'arn:fn',
      },
    });
    expect(reports).toEqual([{ report: 'ready' }]);
  });

  it('has its answer taken before it asks for more', async () => {
    client.done('one', '"done"');
    const next = client.next();
    api.deliver(invocation('two'));
    await next;

    expect(reports.slice(1)).toEqual([
      { report: 'answered', id: 'one', body: '"done"' },
      { report: 'ready' },
    ]);
  });

  it('tells of a failure', async () => {
    client.error('two', '{"errorType":"E"}', '');
    api.deliver(invocation('three'));
    await client.next();

    expect(reports.slice(3)).toEqual([
      { report: 'failed', id: 'two', body: '{"errorType":"E"}' },
      { report: 'ready' },
    ]);
  });
});
