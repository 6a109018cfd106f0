import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { externalId } from '../../../../functions/channels/slack/ids.ts';
import { BOT_SCOPES } from '../../../../functions/channels/slack/manifest.ts';
import type { ExternalId, RecordId } from '../../../../shared/domain/index.ts';
import { HubError } from '../../../../shared/errors.ts';
import { RECORD, reply, settled, thread } from './replies.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(() => world.close());

describe('slack adapter: reading', () => {
  it('reads a thread’s root with its first line and its writer', async () => {
    const root = await thread(world, 'My lamp\nis dark & <broken>');

    expect(await world.open().read!({ kind: 'ticket', externalId: root })).toMatchObject({
      state: 'present',
      observation: {
        kind: 'ticket',
        fields: { description: 'My lamp\nis dark &amp; &lt;broken&gt;' },
        initial: { subject: 'My lamp' },
        refersTo: world.slack.customer.userId,
        authorship: 'other',
      },
    });
  });

  it('reads a root that was deleted under its replies as what Slack shows', async () => {
    const root = await thread(world);
    const place = { channel: 'C0SUPPORT0', ts: root.split(':')[1]! };
    await world.slack.human.post({ text: 'a reply', threadTs: place.ts });
    await world.slack.human.remove(place);

    expect(await world.open().read!({ kind: 'ticket', externalId: root })).toMatchObject({
      observation: { fields: { description: 'This message was deleted.' } },
    });
  });

  it('reads a direct message as a conversation with its person, and each message in it', async () => {
    const { channel, ts } = await world.slack.human.dm({ text: 'psst' });
    const root = `${channel}:dm` as ExternalId;
    const under = await world.slack.human.dm({ text: 'under it', threadTs: ts });
    const read = (kind: 'ticket' | 'comment', id: ExternalId) =>
      world.open().read!({ kind, externalId: id, rootExternalId: root });

    expect(await read('ticket', root)).toMatchObject({
      state: 'present',
      observation: { fields: {}, refersTo: world.slack.customer.userId },
    });
    for (const each of [ts, under.ts]) {
      expect(await read('comment', externalId(channel, each))).toMatchObject({
        state: 'present',
        observation: { rootExternalId: root },
      });
    }
    await world.slack.human.remove({ channel, ts });
    expect(await read('comment', externalId(channel, ts))).toEqual({ state: 'deleted' });
  });

  it('reads its own message under another name as its own', async () => {
    const root = await thread(world);
    const { externalId: copy } = await settled(world, reply(root));

    expect(
      await world.open().read!({ kind: 'comment', externalId: copy, rootExternalId: root }),
    ).toMatchObject({
      observation: { authorship: 'hub', marker: RECORD },
    });
  });

  it('reads a person by name and address', async () => {
    const { userId, name, email } = world.slack.customer;

    expect(await world.open().read!({ kind: 'contact', externalId: userId as ExternalId })).toMatchObject({
      observation: { kind: 'contact', fields: { name, email, phone: null } },
    });
    expect(await world.open().read!({ kind: 'contact', externalId: 'U0NOBODY00' as ExternalId })).toEqual({
      state: 'absent',
    });
  });

  it('reads nothing under an id that is not Slack’s', async () => {
    const read = world.open().read!({ kind: 'comment', externalId: 'nonsense' as ExternalId });

    await expect(read).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('slack adapter: finding its own message', () => {
  const find = (root: ExternalId | undefined, kind: 'comment' | 'ticket' = 'comment') =>
    world.open().find!(RECORD, kind, root);

  it('looks through every page of a long thread', async () => {
    const root = await thread(world);
    const { channel, ts } = { channel: 'C0SUPPORT0', ts: root.split(':')[1]! };
    for (let each = 0; each < 205; each += 1)
      await world.slack.human.post({ channel, text: `${each}`, threadTs: ts });
    const written = await settled(world, reply(root));

    expect(await find(root)).toMatchObject({ externalId: written.externalId, marker: RECORD });
  });

  it('looks through a direct message', async () => {
    const { channel } = await world.slack.human.dm({ text: 'psst' });
    const root = `${channel}:dm` as ExternalId;
    expect(await find(root)).toBeUndefined();
    const written = await settled(world, reply(root));

    expect(await find(root)).toMatchObject({ externalId: written.externalId });
  });

  it('reads no more of a long direct message than was said since', async () => {
    const { channel } = await world.slack.human.dm({ text: 'psst' });
    for (let each = 0; each < 450; each += 1) await world.slack.human.dm({ text: `${each}` });
    world.clock.advance(86_400_000);
    const sinceMs = world.clock.now();
    const root = `${channel}:dm` as ExternalId;
    const written = await settled(world, reply(root));
    const calls: string[] = [];
    const counting: typeof fetch = (input, init) => {
      calls.push(new URL(String(input)).pathname);
      return fetch(input, init);
    };
    const look = (record: RecordId) =>
      world.open({ fetch: counting }).find!(record, 'comment', root, sinceMs);

    expect(await look(RECORD)).toMatchObject({ externalId: written.externalId });
    expect(await look('another' as RecordId)).toBeUndefined();

    expect(calls.filter((path) => path.endsWith('conversations.history'))).toHaveLength(2);
  });

  it('finds what was posted by a clock that differs from Slack’s', async () => {
    const root = await thread(world);
    const written = await settled(world, reply(root));

    expect(await world.open().find!(RECORD, 'comment', root, world.clock.now() + 5 * 60_000)).toMatchObject({
      externalId: written.externalId,
    });
  });

  it('does not take a reply whose mark it may not see for none', async () => {
    await world.close();
    world = await slackWorld({ botScopes: BOT_SCOPES.filter((scope) => scope !== 'metadata.message:read') });
    const root = await thread(world);
    expect(await find(root)).toBeUndefined();
    await settled(world, reply(root));

    await expect(find(root)).rejects.toMatchObject({
      code: 'provider_rejected',
      vendorCode: 'missing_scope',
      message: expect.stringContaining('metadata.message:read'),
    });
  });

  it('looks for nothing but messages, and only in a conversation', async () => {
    expect(await find(undefined)).toBeUndefined();
    expect(await find(await thread(world), 'ticket')).toBeUndefined();
  });

  it('says that it could not look, rather than that there is nothing', async () => {
    const root = await thread(world);
    world.slack.faults.add({ on: 'call', method: 'conversations.replies', effect: 'fail', status: 500 });

    await expect(find(root)).rejects.toBeInstanceOf(HubError);
  });
});

describe('slack adapter: health, by Slack’s own word', () => {
  it('is healthy with its workspace', async () => {
    expect(await world.open().check()).toEqual({ state: 'healthy', account: world.slack.teamId });
  });

  it('is not with a revoked token, or one of another workspace', async () => {
    const connection = { ...world.connection, account: 'T0ELSEWHERE' };
    expect(await world.open({ connection }).check()).toMatchObject({
      state: 'unhealthy',
      error: { code: 'reauthorization_required' },
    });
    await world.slack.human.revokeToken();

    expect(await world.open().check()).toMatchObject({
      state: 'unhealthy',
      error: { code: 'reauthorization_required' },
    });
  });

  it.each(BOT_SCOPES)('is not healthy without %s, and says so', async (scope) => {
    await world.close();
    world = await slackWorld({ botScopes: BOT_SCOPES.filter((each) => each !== scope) });

    expect(await world.open().check()).toMatchObject({
      state: 'unhealthy',
      error: { vendorCode: 'missing_scope', message: expect.stringContaining(`not granted ${scope}:`) },
    });
  });

  it('counts posts by channel', () => {
    expect(adapter.place!('C0SUPPORT0:1.1' as ExternalId)).toBe('C0SUPPORT0');
    expect(adapter.place!('U0CUSTOMER' as ExternalId)).toBe('U0CUSTOMER');
  });
});
