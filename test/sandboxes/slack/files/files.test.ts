import { createHash } from 'node:crypto';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackSandbox, startSlackSandbox } from '../index.ts';
import { EventReceiver } from '../receiver.ts';

const channel = 'C0SUPPORT0';
const file = Buffer.from('a picture, as far as anybody knows');
let slack: SlackSandbox;
let client: WebClient;
let app: EventReceiver;

beforeEach(async () => {
  app = new EventReceiver();
  slack = await startSlackSandbox({ eventsUrl: await app.start() });
  client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
});
afterEach(async () => {
  await slack.close();
  await app.stop();
});

const failing = (error: string) => ({ code: ErrorCode.PlatformError, data: { ok: false, error } });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const told = async () => {
  await slack.flush();
  return app.received.map(({ envelope }) => envelope.event);
};
const get = (url: string, token?: string) =>
  fetch(url, {
    redirect: 'manual',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const described = async (id: string) => (await client.files.info({ file: id })).file!;
async function reserved(length = file.length) {
  const answer = await client.files.getUploadURLExternal({ filename: 'photo.png', length });
  return { url: answer.upload_url!, id: answer.file_id! };
}
async function uploaded() {
  const { url, id } = await reserved();
  await fetch(url, { method: 'POST', body: file });
  return id;
}

describe('Slack sandbox, an upload by the official client', () => {
  it('ends as a reply that shares the file, told by a message and by file_shared', async () => {
    const { ts: thread_ts } = await slack.human.post({ text: 'root' });

    const { files } = (await client.filesUploadV2({
      channel_id: channel,
      thread_ts,
      filename: 'photo.png',
      file,
    })) as unknown as {
      files: readonly { files: readonly { id: string; mimetype: string; shares: object }[] }[];
    };

    const answered = files[0]!.files[0]!;
    expect(answered).toMatchObject({ mimetype: '', shares: {} });
    const shown = await described(answered.id);
    expect(shown).toMatchObject({
      name: 'photo.png',
      mimetype: 'image/png',
      size: file.length,
      mode: 'hosted',
    });
    expect(shown.shares?.public?.[channel]).toMatchObject([{ thread_ts }]);
    expect((await told()).slice(-2)).toMatchObject([
      {
        type: 'message',
        subtype: 'file_share',
        thread_ts,
        bot_id: slack.botId,
        files: [{ id: answered.id }],
      },
      { type: 'file_shared', file_id: answered.id, channel_id: channel },
    ]);
    expect(slack.state().files[0]).toMatchObject({ sha256: sha256(file) });
  });

  it('is seen by nobody until it is completed', async () => {
    const id = await uploaded();

    expect((await described(id)).shares).toEqual({});
    expect(await told()).toEqual([]);
  });

  it('takes another length than it announced for no upload', async () => {
    const { url, id } = await reserved(file.length + 1);

    const answer = await fetch(url, { method: 'POST', body: file });

    expect(answer.status).toBe(400);
    const completion = client.files.completeUploadExternal({ files: [{ id }], channel_id: channel });
    await expect(completion).rejects.toMatchObject(failing('file_update_failed'));
  });

  it('refuses more than a gigabyte before a byte of it has come', async () => {
    await expect(reserved(1024 ** 3 + 1)).rejects.toMatchObject(failing('file_upload_size_restricted'));
  });

  it.each([
    ['a user', 'U0CUSTOMER', 'invalid_arguments'],
    ['a channel that is none', 'C0NOTTHERE', 'channel_not_found'],
    ['a channel the app is not in', 'C0RANDOM00', 'not_in_channel'],
  ])('refuses to share with %s', async (_, channel_id, error) => {
    const id = await uploaded();

    const call = client.files.completeUploadExternal({ files: [{ id }], channel_id });

    await expect(call).rejects.toMatchObject(failing(error));
  });
});

describe('Slack sandbox, a download', () => {
  const shared = async () =>
    (await slack.human.upload({ files: [{ name: 'a.png', content: file.toString() }] })).files[0]!;
  const address = async (id: string) => (await described(id)).url_private_download!;

  it('is the bytes, with their type and length', async () => {
    const answer = await get(await address(await shared()), slack.botToken);

    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(file.length),
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(file)).toBe(true);
  });

  it('is the same bytes each time where a person shared so many of them', async () => {
    const [id = ''] = (await slack.human.upload({ files: [{ name: 'a.zip', content: 200_000 }] })).files;
    const bytes = async () => Buffer.from(await (await get(await address(id), slack.botToken)).arrayBuffer());

    const [first, second] = [await bytes(), await bytes()];

    expect(first.length).toBe(200_000);
    expect(sha256(first)).toBe(sha256(second));
  });

  it('leads to a page for people where the token is bad, and is one where it lacks files:read', async () => {
    const url = await address(await shared());
    await slack.human.restrict(slack.botToken, ['chat:write']);

    const [bad, poor] = [await get(url, 'xoxb-other'), await get(url, slack.botToken)];

    expect(bad.status).toBe(302);
    expect([poor.status, poor.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await poor.text()).toContain('Sign in');
  });

  it.each([['short'], ['login-page']] as const)('can be %s, and pass for whole', async (effect) => {
    const url = await address(await shared());
    slack.faults.add({ on: 'call', method: 'download', effect });

    const answer = await get(url, slack.botToken);

    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).not.toBe(file.length);
  });

  it('can be cut off', async () => {
    const [id = ''] = (await slack.human.upload({ files: [{ name: 'a.zip', content: 2_000_000 }] })).files;
    slack.faults.add({ on: 'call', method: 'download', effect: 'cut' });

    const answer = await get(await address(id), slack.botToken);

    await expect(answer.arrayBuffer()).rejects.toThrow();
  });
});

describe('Slack sandbox, what people do with files', () => {
  it('shares several in one message', async () => {
    await slack.human.upload({
      text: 'look',
      files: [
        { name: 'a.png', content: 'a' },
        { name: 'b.pdf', content: 'bc' },
      ],
    });

    expect((await told())[0]).toMatchObject({
      subtype: 'file_share',
      text: 'look',
      files: [
        { name: 'a.png', size: 1 },
        { name: 'b.pdf', mimetype: 'application/pdf' },
      ],
    });
  });

  it('tells of one from another workspace by its id alone, and describes it when asked', async () => {
    const { files } = await slack.human.upload({
      files: [{ name: 'a.png', content: 'a', from: 'elsewhere' }],
    });

    const [message] = await told();

    expect(message?.files).toEqual([
      { id: files[0], mode: 'file_access', file_access: 'check_file_info', created: 0, user: '' },
    ]);
    expect(await described(files[0]!)).toMatchObject({ name: 'a.png' });
  });

  it('tells of a deletion by file_deleted, and by the messages that held the file', async () => {
    const { files } = await slack.human.upload({ text: 'look', files: [{ name: 'a.png', content: 'a' }] });

    await slack.human.removeFile(files[0]!);

    expect((await told()).slice(-2)).toMatchObject([
      { subtype: 'message_changed', message: { files: [{ id: files[0], mode: 'tombstone' }] } },
      { type: 'file_deleted', file_id: files[0] },
    ]);
    await expect(described(files[0]!)).rejects.toMatchObject(failing('file_deleted'));
  });

  it('are theirs alone to delete', async () => {
    const { files } = await slack.human.upload({ files: [{ name: 'a.png', content: 'a' }] });
    const own = await uploaded();

    await expect(client.files.delete({ file: files[0]! })).rejects.toMatchObject(failing('cant_delete_file'));
    await client.files.delete({ file: own });

    await expect(described(own)).rejects.toMatchObject(failing('file_deleted'));
  });
});
