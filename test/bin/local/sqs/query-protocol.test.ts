import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from './fixture.ts';

let emulator: Emulator;
let url: string;
beforeAll(async () => {
  emulator = await startEmulator();
  url = emulator.queue('work');
});
afterAll(() => emulator.close());

async function query(fields: Record<string, string>, at = emulator.endpoint.url): Promise<string> {
  const answer = await fetch(at, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Version: '2012-11-05', ...fields }),
  });
  return answer.text();
}

describe('the form-encoded protocol of older SQS clients', () => {
  it('sends to a queue named by its path, attributes included', async () => {
    const xml = await query(
      {
        Action: 'SendMessage',
        MessageBody: 'a < b',
        'MessageAttribute.1.Name': 'kind',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'test',
      },
      url,
    );

    expect(xml).toMatch(/<SendMessageResult><MessageId>.+<\/MessageId>/);
    expect(emulator.queues.depth('work').visible).toBe(1);
  });

  it('receives, with numbers as numbers and text escaped', async () => {
    const xml = await query({
      Action: 'ReceiveMessage',
      QueueUrl: url,
      MaxNumberOfMessages: '1',
      VisibilityTimeout: '0',
      'AttributeName.1': 'All',
      'MessageAttributeName.1': 'All',
    });

    expect(xml).toContain('<Body>a &#60; b</Body>');
    expect(xml).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(xml).toContain('<MessageAttribute><Name>kind</Name><Value><DataType>String</DataType>');
  });

  it('sends batches and lists queues', async () => {
    const batch = await query({
      Action: 'SendMessageBatch',
      QueueUrl: url,
      'SendMessageBatchRequestEntry.1.Id': 'one',
      'SendMessageBatchRequestEntry.1.MessageBody': '1',
      'SendMessageBatchRequestEntry.2.Id': 'two',
      'SendMessageBatchRequestEntry.2.MessageBody': '2',
    });

    expect(batch.match(/<BatchResultEntry>/g)).toHaveLength(2);
    expect(await query({ Action: 'ListQueues' })).toContain(`<QueueUrl>${url}</QueueUrl>`);
  });

  it('sets attributes, and names the sources of dead letters', async () => {
    await query({
      Action: 'SetQueueAttributes',
      QueueUrl: url,
      'Attribute.1.Name': 'DelaySeconds',
      'Attribute.1.Value': '7',
    });

    expect(emulator.queues.get('work').attributes.DelaySeconds).toBe('7');
    expect(await query({ Action: 'ListDeadLetterSourceQueues', QueueUrl: url })).toContain(
      '<ListDeadLetterSourceQueuesResult></ListDeadLetterSourceQueuesResult>',
    );
  });

  it.each([
    ['ReceiveMessage', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['SendMessage', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['Dance', 'InvalidAction'],
  ])('refuses %s as such a client reads it, with the older code', async (Action, code) => {
    const xml = await query({ Action, QueueUrl: `${url}-gone`, MessageBody: 'x' });

    expect(xml).toMatch(/^<\?xml version="1.0"\?><ErrorResponse xmlns="http:\/\/queue\.amazonaws\.com/);
    expect(xml).toMatch(
      new RegExp(`<Error><Type>Sender</Type><Code>${code}</Code><Message>.+</Message></Error>`),
    );
    expect(xml).toMatch(/<RequestId>.+<\/RequestId><\/ErrorResponse>$/);
  });

  it('leaves the other services of that protocol alone', async () => {
    const xml = await query({ Action: 'GetCallerIdentity', Version: '2011-06-15' });

    expect(xml).toContain('<Account>000000000000</Account>');
  });
});
