import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, AwsLambdaReceiver } from '@slack/bolt';

/** The baseline that also keeps its events with the same calls as ours: a conditional put, a message and a mark. */
const receiver = new AwsLambdaReceiver({ signingSecret: process.env.BENCH_SIGNING_SECRET ?? 'unset' });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BOT' }),
});
const table = new DynamoDBClient({});
const queue = new SQSClient({});

app.event('message', async ({ body, event }) => {
  await table.send(
    new PutItemCommand({
      TableName: process.env.RECORDS_TABLE,
      Item: { pk: { S: `bolt#${body.event_id}` }, sk: { S: 'event' }, body: { S: JSON.stringify(body) } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  const message = new SendMessageCommand({
    QueueUrl: process.env.CHANGES_QUEUE_URL,
    MessageBody: JSON.stringify({ event: body.event_id }),
    MessageGroupId: event.channel,
    MessageDeduplicationId: body.event_id,
  });
  const mark = new PutItemCommand({
    TableName: process.env.RECORDS_TABLE,
    Item: {
      pk: { S: 'bolt#door' },
      sk: { S: `${event.event_ts}#${body.event_id}` },
      expiresAt: { N: '1800000000' },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  await Promise.all([queue.send(message), table.send(mark)]);
});

export const handler = receiver.toHandler();
