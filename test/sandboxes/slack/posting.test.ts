import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, startSlackSandbox } from './index.ts';
import { EventReceiver } from './receiver.ts';

const channel = 'C0SUPPORT0';
const section = { type: 'section', text: { type: 'plain_text', text: 'Hello' } } as const;
let slack: SlackSandbox;
let client: WebClient;

beforeEach(async () => {
  slack = await startSlackSandbox();
  client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
});
afterEach(() => slack.close());

const failing = (error: string) => ({ code: ErrorCode.PlatformError, data: { ok: false, error } });
const read = async () => (await client.conversations.history({ channel })).messages?.[0];

describe('Slack sandbox, what a message may say', () => {
  it('is text, cut at 40,000 characters rather than refused', async () => {
    const posted = await client.chat.postMessage({ channel, text: 'x'.repeat(40_001) });

    expect(posted.message?.text).toHaveLength(40_000);
  });

  it('is blocks or attachments alone', async () => {
    const blocks = await client.chat.postMessage({ channel, blocks: [section] });
    const attachments = await client.chat.postMessage({ channel, attachments: [{ text: 'more' }] });

    expect(blocks.message).toMatchObject({ text: '', blocks: [section] });
    expect(attachments.message).toMatchObject({ attachments: [{ text: 'more' }] });
  });

  it('is Markdown alone', async () => {
    const posted = await client.apiCall('chat.postMessage', { channel, markdown_text: '**Hello**' });

    expect(posted).toMatchObject({ message: { text: '**Hello**' } });
  });

  it.each([
    ['no_text', { blocks: [] }],
    ['markdown_text_conflict', { markdown_text: 'x', text: 'x' }],
    ['markdown_text_conflict', { markdown_text: 'x', blocks: [section] }],
    ['msg_too_long', { markdown_text: 'x'.repeat(12_001) }],
    ['invalid_blocks', { blocks: '{' }],
    ['invalid_blocks', { blocks: Array.from({ length: 51 }, () => section) }],
  ])('answers %s', async (error, request) => {
    const call = client.apiCall('chat.postMessage', { channel, ...request });

    await expect(call).rejects.toMatchObject(failing(error));
  });
});

describe('Slack sandbox, chat.update of blocks', () => {
  it('takes them away where text alone is given, and shows the edit', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'one', blocks: [section] });

    await client.chat.update({ channel, ts, text: 'two' });

    expect(await read()).toMatchObject({ text: 'two', edited: { user: slack.botUserId } });
    expect(await read()).not.toHaveProperty('blocks');
  });

  it('puts new ones in their place, and shows no edit', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'one', blocks: [section] });
    const blocks = [{ type: 'divider' }];

    await client.apiCall('chat.update', { channel, ts, blocks });

    expect(await read()).toMatchObject({ text: 'one', blocks });
    expect(await read()).not.toHaveProperty('edited');
  });
});

describe('Slack sandbox, a reply that is broadcast', () => {
  it('stands in the channel too, and is told with its root', async () => {
    const app = new EventReceiver();
    const root = await slack.human.post({ text: 'root' });
    await slack.settings({ eventsUrl: await app.start() });

    await client.chat.postMessage({ channel, thread_ts: root.ts, text: 'for all', reply_broadcast: true });
    await slack.flush();

    expect(await read()).toMatchObject({ subtype: 'thread_broadcast', text: 'for all', thread_ts: root.ts });
    expect(app.received[0]?.envelope.event).toMatchObject({
      subtype: 'thread_broadcast',
      bot_id: slack.botId,
      root: { ts: root.ts, text: 'root' },
    });
    await app.stop();
  });
});
