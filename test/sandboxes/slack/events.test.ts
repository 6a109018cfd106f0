import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, startSlackSandbox } from './index.ts';
import { EventReceiver } from './receiver.ts';

let slack: SlackSandbox;
let client: WebClient;
let app: EventReceiver;

beforeEach(async () => {
  app = new EventReceiver();
  slack = await startSlackSandbox({ retryScale: 0.000_01 });
  client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  expect(await slack.settings({ eventsUrl: await app.start() })).toEqual({ verified: true });
});
afterEach(async () => {
  await slack.close();
  await app.stop();
});

const events = () => app.received.map(({ envelope }) => envelope.event);
const verified = (headers: Record<string, unknown>, body: string) =>
  verifySlackRequest({
    signingSecret: slack.signingSecret,
    body,
    headers: {
      'x-slack-signature': String(headers['x-slack-signature']),
      'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
    },
  });

describe('Slack sandbox, signed events', () => {
  it('signs the handshake and every event so that Bolt’s own verifier takes them', async () => {
    await slack.human.post({ text: 'Grüße <b> & 日本' });
    await slack.flush();

    const [handshake] = app.handshakes;
    const [received] = app.received;
    expect(() => verified(handshake!.headers, handshake!.body)).not.toThrow();
    expect(() => verified(received!.headers, received!.raw)).not.toThrow();
    expect(() => verified(received!.headers, `${received!.raw} `)).toThrow();
  });

  it('tells a message, a reply, an edit and a deletion with what they were before', async () => {
    const root = await slack.human.post({ text: 'a < b' });
    const reply = await slack.human.post({ text: 'reply', threadTs: root.ts });
    await slack.human.edit({ ...reply, text: 'reply!' });
    await slack.human.remove(reply);
    await slack.flush();

    const byKind = new Map(events().map((event) => [`${event.subtype ?? event.text}`, event]));
    expect(byKind.get('a &lt; b')).toMatchObject({
      type: 'message',
      user: slack.customer.userId,
      channel_type: 'channel',
    });
    expect(byKind.get('reply')).toMatchObject({
      thread_ts: root.ts,
      parent_user_id: slack.customer.userId,
    });
    expect(byKind.get('message_changed')).toMatchObject({
      hidden: true,
      message: { ts: reply.ts, text: 'reply!', edited: { user: slack.customer.userId } },
      previous_message: { text: 'reply' },
    });
    expect(byKind.get('message_deleted')).toMatchObject({
      deleted_ts: reply.ts,
      previous_message: { thread_ts: root.ts, text: 'reply!' },
    });
  });

  it('leaves a tombstone for a deleted root with replies', async () => {
    const root = await slack.human.post({ text: 'root' });
    await slack.human.post({ text: 'reply', threadTs: root.ts });
    await slack.human.remove(root);
    await slack.flush();

    expect(events().at(-1)).toMatchObject({
      subtype: 'message_changed',
      message: { subtype: 'tombstone', user: 'USLACKBOT', ts: root.ts },
    });
  });

  it('tells direct messages, and the app’s own messages with their metadata', async () => {
    const dm = await slack.human.dm({ text: 'hello' });
    const metadata = { event_type: 'sandbox_test', event_payload: { record: '1' } };
    await client.chat.postMessage({ channel: dm.channel, text: 'hi', metadata });
    await slack.flush();

    expect(events()[0]).toMatchObject({ channel: dm.channel, channel_type: 'im', text: 'hello' });
    expect(events()[1]).toMatchObject({ bot_id: slack.botId, app_id: slack.appId, metadata });
  });

  it('tells nothing of channels the bot is not in', async () => {
    await slack.human.post({ channel: 'C0RANDOM00', text: 'secret' });
    await slack.flush();

    expect(events()).toEqual([]);
  });

  it('tells that the app was removed', async () => {
    await slack.human.uninstall();
    await slack.flush();

    expect(events().map((event) => event.type)).toEqual(['tokens_revoked', 'app_uninstalled']);
  });
});

describe('Slack sandbox, retries', () => {
  it('sends an unacknowledged event three times more, numbered and with the reason', async () => {
    app.statuses.push(500, 503, 500, 500);

    await slack.human.post({ text: 'x' });
    await slack.flush();

    expect(app.received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([
      undefined,
      '1',
      '2',
      '3',
    ]);
    expect(app.received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(app.received.map(({ envelope }) => envelope.event_id)).size).toBe(1);
    expect(slack.deliveries()[0]?.state).toBe('abandoned');
  });

  it('stops at the first acknowledgement', async () => {
    app.statuses.push(500);

    await slack.human.post({ text: 'x' });
    await slack.flush();

    expect(app.received).toHaveLength(2);
    expect(slack.deliveries()[0]?.state).toBe('delivered');
  });

  it('stops when a failure asks for no retry', async () => {
    app.statuses.push(500);
    app.responseHeaders = { 'x-slack-no-retry': '1' };

    await slack.human.post({ text: 'x' });
    await slack.flush();

    expect(app.received).toHaveLength(1);
  });

  it('goes on with a new request URL only after its handshake', async () => {
    expect(await slack.settings({ eventsUrl: 'http://127.0.0.1:9/' })).toEqual({ verified: false });

    await slack.human.post({ text: 'x' });
    await slack.flush();

    expect(app.received).toHaveLength(1);
  });
});

describe('Slack sandbox, faults of an event', () => {
  const texts = () => events().map((event) => event.text);

  it('delivers twice, loses, and swaps two', async () => {
    slack.faults.add({ on: 'event', effect: 'twice' });
    await slack.human.post({ text: 'double' });
    await slack.flush();
    expect(texts()).toEqual(['double', 'double']);

    slack.faults.add({ on: 'event', effect: 'lose' });
    await slack.human.post({ text: 'lost' });
    await slack.flush();
    expect(texts()).toEqual(['double', 'double']);

    slack.faults.add({ on: 'event', effect: 'reorder' });
    await slack.human.post({ text: 'first' });
    expect(slack.deliveries().at(-1)).toMatchObject({ state: 'waiting', attempts: [] });
    await slack.human.post({ text: 'second' });
    await slack.flush();
    expect(texts().slice(2)).toEqual(['second', 'first']);
  });

  it('delivers late', async () => {
    slack.faults.add({ on: 'event', effect: 'late', ms: 30 });
    await slack.human.post({ text: 'late' });
    await slack.human.post({ text: 'early' });
    await slack.flush();

    expect(texts()).toEqual(['early', 'late']);
  });
});
