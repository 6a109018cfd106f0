import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ErrorCode, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalDescription } from '../../bin/local/demo/description.ts';
import { type Hub, startHub } from '../../bin/local/hub.ts';
import { connect } from '../sandboxes/salesforce/connect.ts';
import { awscli, isOnThisMachine } from './awscli.ts';
import { throwawayDirectory } from './hub.ts';

const directory = throwawayDirectory();
let hub: Hub;
let told: LocalDescription;
beforeAll(async () => {
  hub = await startHub({ dataDir: directory, port: 0 });
  told = JSON.parse(readFileSync(join(directory, 'local.json'), 'utf8'));
});
afterAll(() => hub.close());

/** As the tool's own environment variables would set it up. */
const settings = () => ({
  endpoint: told.aws.endpoint,
  region: told.aws.environment.AWS_REGION ?? '',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

describe('local.json is enough', () => {
  it('for Slack’s own client, by the bot token', async () => {
    const { apiUrl, botToken, botUserId, channels, people } = told.sandboxes.slack;
    const client = new WebClient(botToken, { slackApiUrl: apiUrl });

    expect(await client.auth.test()).toMatchObject({ ok: true, user_id: botUserId });
    expect((await client.conversations.list()).channels?.map(({ id }) => id)).toEqual(
      channels.map(({ id }) => id),
    );
    expect(people.length).toBeGreaterThan(1);
  });

  it('for Slack’s own client, no faster than Slack lets anybody post into a channel', async () => {
    const { apiUrl, botToken, channels } = told.sandboxes.slack;
    const client = new WebClient(botToken, { slackApiUrl: apiUrl, rejectRateLimitedCalls: true });
    const post = () => client.chat.postMessage({ channel: channels[0]?.id ?? '', text: 'twice at once' });

    const posts = await Promise.allSettled([post(), post()]);

    expect(posts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(posts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: ErrorCode.RateLimitedError, retryAfter: 1 },
    });
  });

  it('for jsforce, by the signed assertion', async () => {
    const connection = await connect(told.sandboxes.salesforce, Date.now());

    const { records } = await connection.query<{ Id: string }>('SELECT Id FROM Organization');

    expect(records.map(({ Id }) => Id)).toEqual([told.sandboxes.salesforce.orgId]);
  });

  it('for the AWS SDK: queues, tables, and the secrets of the connections', async () => {
    const { QueueUrls = [] } = await new SQSClient(settings()).send(new ListQueuesCommand({}));
    const dynamoDb = new DynamoDBClient({ ...settings(), endpoint: told.aws.dynamoDb });
    const { TableNames } = await dynamoDb.send(new ListTablesCommand({}));
    const secret = await new SecretsManagerClient(settings()).send(
      new GetSecretValueCommand({ SecretId: told.demo.secrets.slack }),
    );

    expect(QueueUrls.sort()).toEqual(Object.values(told.aws.queues).sort());
    expect(TableNames?.sort()).toEqual([...told.aws.tables].sort());
    expect(JSON.parse(secret.SecretString ?? '')).toMatchObject({
      signingSecret: told.sandboxes.slack.signingSecret,
    });
  });

  it('for a webhook signed by hand, and for no other', async () => {
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: told.sandboxes.slack.teamId,
      api_app_id: 'A0DESKBRDG',
      event_id: 'Ev0BYHAND1',
      event_time: Math.floor(Date.now() / 1_000),
      event: { type: 'team_rename', name: 'x' },
    });
    const at = String(Math.floor(Date.now() / 1_000));
    const post = (secret: string) =>
      fetch(told.demo.webhooks.slack, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': at,
          'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
        },
      });

    expect((await post(told.sandboxes.slack.signingSecret)).status).toBe(200);
    expect((await post('another secret')).status).toBe(401);
  });

  it('for the hub’s own API, by an agent’s client', async () => {
    const { issuer, api } = told;
    const [agent] = issuer.agents;
    const discovery = await fetch(`${issuer.url}/.well-known/openid-configuration`);
    const { token_endpoint } = (await discovery.json()) as { token_endpoint: string };
    const granted = await fetch(token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: agent?.clientId ?? '',
        client_secret: agent?.clientSecret ?? '',
        scope: issuer.scopes.join(' '),
        resource: issuer.audience,
      }),
    });
    const { access_token } = (await granted.json()) as { access_token: string };

    const answer = await fetch(`${api.url}/connections`, {
      headers: { authorization: `Bearer ${access_token}` },
    });

    const { items } = (await answer.json()) as { items: { id: string }[] };
    expect(items.map(({ id }) => id).sort()).toEqual(Object.values(told.demo.connections).sort());
  });
});

const missing = 'there is no aws on this machine';

describe(`the AWS CLI over --endpoint-url${isOnThisMachine ? '' : `: NOT RUN, ${missing}`}`, () => {
  if (!isOnThisMachine) {
    console.info(`the AWS CLI over --endpoint-url: NOT RUN, ${missing}`);
    it(`would see what the SDK sees, and drive it: NOT RUN, ${missing}`, ({ skip }) => skip(missing));
    return;
  }

  it('sees the queues, tables, buckets, functions and secrets that local.json names', async () => {
    const aws = awscli(told);

    const [queues, tables, buckets, functions, secret] = await Promise.all([
      aws('sqs', 'list-queues'),
      aws('dynamodb', 'list-tables'),
      aws('s3api', 'list-buckets'),
      aws('lambda', 'list-functions'),
      aws('secretsmanager', 'get-secret-value', '--secret-id', told.demo.secrets.slack),
    ]);

    expect(queues.QueueUrls.sort()).toEqual(Object.values(told.aws.queues).sort());
    expect(tables.TableNames.sort()).toEqual([...told.aws.tables].sort());
    expect(buckets.Buckets.map(({ Name }: { Name: string }) => Name).sort()).toEqual(
      [...told.aws.buckets].sort(),
    );
    expect(functions.Functions.map((each: { FunctionName: string }) => each.FunctionName).sort()).toEqual(
      [...told.aws.functions].sort(),
    );
    expect(JSON.parse(secret.SecretString).signingSecret).toBe(told.sandboxes.slack.signingSecret);
  }, 120_000);

  it('moves a message through a queue, reads a connection’s row, sends an event and calls a function', async () => {
    const aws = awscli(told);
    const table = told.aws.tables.find((name) => name.includes('onnections')) ?? '';
    const sweep = told.aws.functions.find((name) => name.includes('sweep')) ?? '';
    const entry = { Source: 'by.hand', DetailType: 'nothing', Detail: '{}' };

    const { QueueUrl } = await aws('sqs', 'create-queue', '--queue-name', 'by-hand');
    await aws('sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'by hand');
    const [received, rows, sent, called] = await Promise.all([
      aws('sqs', 'receive-message', '--queue-url', QueueUrl),
      aws('dynamodb', 'scan', '--table-name', table),
      aws('events', 'put-events', '--entries', JSON.stringify([entry])),
      aws('lambda', 'invoke', '--function-name', sweep, join(directory, 'answer.json')),
    ]);

    expect(received.Messages[0].Body).toBe('by hand');
    expect(JSON.stringify(rows.Items)).toContain(told.demo.connections.slack);
    expect(sent).toMatchObject({ FailedEntryCount: 0 });
    expect(called).toMatchObject({ StatusCode: 200 });
    expect(called.FunctionError).toBeUndefined();
  }, 120_000);
});
