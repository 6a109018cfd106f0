import { afterEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, type SlackSandboxOptions, startSlackSandbox } from './index.ts';
import { EventReceiver } from './receiver.ts';
import { listen, portOf, stop } from './server.ts';

let slack: SlackSandbox;
const app = new EventReceiver();
afterEach(async () => {
  await slack.close();
  await app.stop();
  app.received.length = 0;
  app.statuses.length = 0;
  app.responseHeaders = {};
});

/** At Slack's own pace, by a clock that a wait moves on. */
async function sandbox(options: SlackSandboxOptions = {}): Promise<void> {
  let nowMs = Date.parse('2026-03-01T10:00:00Z');
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  slack = await startSlackSandbox({ clock: { now: () => nowMs }, wait, ...options });
}
async function connect(): Promise<void> {
  expect(await slack.settings({ eventsUrl: await app.start() })).toEqual({ verified: true });
}
const reasons = () => slack.deliveries()[0]?.attempts.map(({ reason }) => reason);
const toldReasons = () => app.received.map(({ headers }) => headers['x-slack-retry-reason']);

describe('Slack sandbox, when an event is repeated', () => {
  it('is at once, after one minute and after five more', async () => {
    await sandbox();
    await connect();
    app.statuses.push(500, 500, 500, 500);

    await slack.human.post({ text: 'x' });
    await slack.flush();

    const times = slack.deliveries()[0]?.attempts.map(({ atMs }) => atMs) ?? [];
    expect(times.map((atMs) => atMs - times[0]!)).toEqual([0, 0, 60_000, 360_000]);
    expect(slack.deliveries()[0]?.state).toBe('abandoned');
  });
});

describe('Slack sandbox, why an event is repeated', () => {
  it('says http_timeout of an app that never answers', async () => {
    await sandbox({ ackTimeoutMs: 300, eventsUrl: await app.start() });
    app.isMute = true;

    await slack.human.post({ text: 'x' });
    await slack.flush();
    app.isMute = false;

    expect(reasons()).toEqual(Array(4).fill('http_timeout'));
    expect(toldReasons()).toEqual([undefined, 'http_timeout', 'http_timeout', 'http_timeout']);
  });

  it('says connection_failed of an app that is not there', async () => {
    await sandbox();
    await connect();
    await app.stop();

    await slack.human.post({ text: 'x' });
    await slack.flush();

    expect(reasons()).toEqual(Array(4).fill('connection_failed'));
  });

  it('follows two redirects, and says too_many_redirects of a third', async () => {
    await sandbox();
    const door = await doorTo(await app.start());
    expect(await slack.settings({ eventsUrl: door.url })).toEqual({ verified: true });

    door.redirects = 2;
    await slack.human.post({ text: 'two' });
    await slack.flush();
    door.redirects = 3;
    await slack.human.post({ text: 'three' });
    await slack.flush();
    await door.close();

    expect(app.received.map(({ envelope }) => envelope.event.text)).toEqual(['two']);
    expect(slack.deliveries()[1]?.attempts[0]).toMatchObject({ reason: 'too_many_redirects' });
  });
});

interface Door {
  readonly url: string;
  /** How often it sends a request elsewhere before it lets it in. */
  redirects: number;
  close(): Promise<void>;
}

/** An address that leads to another one. */
async function doorTo(url: string): Promise<Door> {
  const server = await listen(0, async (request) => {
    const hop = Number(request.url.pathname.slice(1));
    if (hop < door.redirects) return { status: 307, headers: { location: `/${hop + 1}` }, body: '' };
    const answer = await fetch(url, { method: 'POST', body: request.body });
    return { status: answer.status, body: await answer.text() };
  });
  const door: Door = { url: `http://127.0.0.1:${portOf(server)}/0`, redirects: 0, close: () => stop(server) };
  return door;
}
