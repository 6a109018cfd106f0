import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { externalId } from '../../../../functions/channels/slack/mapping/places.ts';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import type { ExternalId, InternalNote, PublicComment, RecordId } from '../../../../shared/domain/index.ts';
import { ForbiddenError, HubError } from '../../../../shared/errors.ts';
import type {
  Integration,
  PublicChange,
  RemoteChange,
  WriteOutcome,
} from '../../../../shared/ports/index.ts';
import { startSlackSandbox } from '../../../sandboxes/slack/index.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const RECORD = '01JRECORD0000000000000001' as RecordId;
let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(() => world.close());

const author = { role: 'agent', name: 'Grace Hopper' } as const;
const reply = (root: ExternalId, comment: Partial<PublicComment> = {}): PublicChange => {
  const whole: PublicComment = { visibility: 'public', body: 'On it', author, ...comment };
  return {
    record: RECORD,
    kind: 'comment',
    operation: 'create',
    rootExternalId: root,
    fields: { body: whole.body },
    comment: whole,
  };
};
async function thread(text = 'My lamp is dark'): Promise<ExternalId> {
  const { channel, ts } = await world.slack.human.post({ text });
  return externalId(channel, ts);
}
async function settled(change: PublicChange): Promise<Extract<WriteOutcome, { outcome: 'settled' }>> {
  const outcome = await world.open().write!(change);
  if (outcome.outcome !== 'settled') throw new Error(`expected settled, saw ${outcome.outcome}`);
  return outcome;
}
const support = () => world.slack.state().channels.find(({ name }) => name === 'support')!;

describe('slack adapter: what a customer may read (invariant 7)', () => {
  it('takes no internal note: the compiler refuses it', () => {
    type Write = NonNullable<ReturnType<typeof adapter.open>['write']>;

    expectTypeOf<Write>().parameter(0).toEqualTypeOf<PublicChange>();
    expectTypeOf<RemoteChange>().not.toExtend<Parameters<Write>[0]>();
    expectTypeOf<ReturnType<typeof adapter.open>>().toEqualTypeOf<Integration<PublicChange>>();
    const note: InternalNote = { visibility: 'internal', body: 'psst', author };
    // @ts-expect-error an internal note is not a public comment
    const change: PublicChange = { ...reply('C1:1.1' as ExternalId), comment: note };
    expect(change).toBeDefined();
  });
});

describe('slack adapter: writing', () => {
  it('replies in the thread, marked with its record, under the agent’s name', async () => {
    const root = await thread();

    const outcome = await settled(reply(root));

    expect(support().threads[0]?.messages[1]).toMatchObject({
      text: 'On it',
      username: 'Grace Hopper',
      metadata: { event_type: 'deskbridge_message', event_payload: { record: RECORD } },
    });
    expect(outcome.observation).toMatchObject({
      externalId: outcome.externalId,
      rootExternalId: root,
      marker: RECORD,
      authorship: 'hub',
      fields: { body: 'On it' },
      version: outcome.version,
    });
  });

  it('announces in the hub’s own name, and agents too where the connection wants it so', async () => {
    const root = await thread();
    await settled(reply(root, { author: { role: 'system', name: 'Hub' } }));
    const connection = { ...world.connection, settings: { showAgentName: false } };
    await world.open({ connection }).write!(reply(root));

    const [, system, agent] = support().threads[0]?.messages ?? [];

    expect([system?.username, agent?.username]).toEqual([undefined, undefined]);
    expect([system?.user, agent?.user]).toEqual([world.slack.botUserId, world.slack.botUserId]);
  });

  it('answers a direct message beside it, not under it', async () => {
    const { channel } = await world.slack.human.dm({ text: 'psst' });

    const outcome = await settled(reply(`${channel}:dm` as ExternalId));

    const direct = world.slack.state().channels.find(({ id }) => id === channel);
    expect(direct?.messages.map(({ text, threadTs }) => [text, threadTs])).toEqual([
      ['psst', undefined],
      ['On it', undefined],
    ]);
    expect(outcome.observation).toMatchObject({ rootExternalId: `${channel}:dm`, marker: RECORD });
  });

  it('posts no mention, whatever the text says', async () => {
    const root = await thread();
    const body = '**Hi** <!channel> <@U0CUSTOMER> @here';
    const comment: PublicComment = { visibility: 'public', body, author };
    const record = { id: RECORD, kind: 'comment', fields: { body }, comment, copy: 'ours' } as const;
    const context = { settings: {}, receivedAtMs: 0 };
    const fields = mapping.project(record, context)!;

    await settled({ ...reply(root), fields });

    expect(support().threads[0]?.messages[1]?.text).toBe(
      '\u200B*Hi*\u200B &lt;!channel&gt; &lt;@U0CUSTOMER&gt; @here',
    );
  });

  it('edits and deletes its own message, and keeps the marker', async () => {
    const root = await thread();
    const { externalId: copy } = await settled(reply(root));
    const existing = { record: RECORD, kind: 'comment', externalId: copy, rootExternalId: root } as const;

    const edited = await settled({ ...existing, operation: 'update', fields: { body: 'Done' } });
    const read = await world.open().read!({ kind: 'comment', externalId: copy, rootExternalId: root });
    await settled({ ...existing, operation: 'delete', fields: {} });

    expect(edited.observation).toMatchObject({
      rootExternalId: root,
      fields: { body: 'Done' },
      authorship: 'hub',
    });
    expect(read).toMatchObject({
      state: 'present',
      observation: { marker: RECORD, fields: { body: 'Done' } },
    });
    expect(edited.version).toEqual(read.state === 'present' ? read.observation.version : undefined);
    expect(support().threads[0]?.messages).toHaveLength(1);
  });

  it('takes a reply back that fell out of its deleted conversation', async () => {
    const root = await thread();
    await world.slack.human.remove({ channel: 'C0SUPPORT0', ts: root.split(':')[1]! });

    const outcome = await world.open().write!(reply(root));

    expect(outcome).toMatchObject({
      outcome: 'refused',
      why: 'gone',
      error: { vendorCode: 'thread_not_found' },
    });
    expect(support().messages).toEqual([]);
  });

  it('parks, naming it, a reply it could not take back', async () => {
    const root = await thread();
    await world.slack.human.remove({ channel: 'C0SUPPORT0', ts: root.split(':')[1]! });
    world.slack.faults.add({
      on: 'call',
      method: 'chat.delete',
      effect: 'error',
      error: 'cant_delete_message',
    });

    const outcome = await world.open().write!(reply(root));

    expect(outcome).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { vendorCode: 'reply_outside_thread' },
    });
  });

  it('writes nothing but messages', async () => {
    const change = { record: RECORD, kind: 'ticket', operation: 'create', fields: {} } as const;
    const update = {
      ...change,
      operation: 'update',
      kind: 'comment',
      externalId: 'D0CUSTOMER:dm' as ExternalId,
    } as const;

    expect(await world.open().write!(change)).toMatchObject({ outcome: 'refused', why: 'rejected' });
    expect(await world.open().write!(update)).toMatchObject({ outcome: 'refused', why: 'rejected' });
  });
});

describe('slack adapter: failures, by what must happen next', () => {
  it.each([
    ['fatal_error', 'uncertain', 'provider_unavailable'],
    ['internal_error', 'uncertain', 'provider_unavailable'],
    ['service_unavailable', 'uncertain', 'provider_unavailable'],
    ['request_timeout', 'unavailable', 'provider_unavailable'],
    ['team_added_to_org', 'unavailable', 'provider_unavailable'],
    ['ratelimited', 'throttled', 'rate_limited'],
    ['invalid_auth', 'unauthorized', 'reauthorization_required'],
    ['missing_scope', 'unauthorized', 'reauthorization_required'],
    ['account_inactive', 'unauthorized', 'reauthorization_required'],
    ['is_archived', 'rejected', 'provider_rejected'],
    ['not_in_channel', 'rejected', 'provider_rejected'],
    ['a_code_nobody_knows', 'rejected', 'provider_rejected'],
    ['message_not_found', 'gone', 'provider_rejected'],
    ['<html>Service down</html>', 'uncertain', 'provider_unavailable'],
  ])('%s is %s', async (error, fate, code) => {
    const root = await thread();
    world.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'error', error });

    const outcome = await world.open().write!(reply(root));

    expect(outcome.outcome === 'refused' ? outcome.why : outcome.outcome).toBe(fate);
    expect(outcome).toMatchObject({ error: { code } });
  });

  it('says how long Slack asked to stay away', async () => {
    const root = await thread();
    world.slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 30 });

    expect(await world.open().write!(reply(root))).toMatchObject({
      why: 'throttled',
      error: { code: 'rate_limited', retryAfterMs: 30_000 },
    });
  });

  it('does not know the fate of a request whose answer is lost, broken or from something on the way', async () => {
    const root = await thread();
    const write = () => world.open().write!(reply(root));
    world.slack.faults.add({ on: 'call', effect: 'drop-after' });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 502 });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 200 });

    const outcomes = [await write(), await write(), await write()];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    expect(support().threads[0]?.messages).toHaveLength(2);
  });

  it('knows that nothing was done where nobody listened, and where it was told no on the way', async () => {
    const root = await thread();
    const closed = await startSlackSandbox();
    await closed.close();
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 404 });

    expect(await world.open({ baseUrl: closed.apiUrl }).write!(reply(root))).toMatchObject({
      outcome: 'refused',
      why: 'unavailable',
    });
    expect(await world.open().write!(reply(root))).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { vendorCode: 'http_404' },
    });
  });

  it('is uncertain of an answer to a write that is not as published', async () => {
    const root = await thread();
    const answer = JSON.stringify({ ok: true, message: { ts: 7 } });

    const outcome = await world.open({ fetch: async () => new Response(answer) }).write!(reply(root));

    expect(outcome).toMatchObject({ outcome: 'uncertain', error: { code: 'provider_unavailable' } });
  });

  it('passes on what its own guard refused', async () => {
    const root = await thread();
    const guarded = world.open({
      fetch: async () => {
        throw new ForbiddenError('the host is not on the list');
      },
    });

    expect(await guarded.write!(reply(root))).toMatchObject({
      why: 'rejected',
      error: { code: 'forbidden' },
    });
  });

  it('throws the same for reads, and calls what it may not see absent', async () => {
    const root = await thread();
    const read = () => world.open().read!({ kind: 'ticket', externalId: root });
    world.slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 2 });
    await expect(read()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000 });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 500 });
    await expect(read()).rejects.toMatchObject({ code: 'provider_unavailable' });
    await world.slack.human.kick('C0SUPPORT0');

    expect(await read()).toEqual({ state: 'absent' });
  });

  it('puts neither token nor text into an error', async () => {
    const root = await thread();
    world.slack.faults.add({ on: 'call', effect: 'error', error: 'invalid_auth' });
    world.slack.faults.add({ on: 'call', effect: 'drop-before' });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 500 });

    for (let each = 0; each < 3; each += 1) {
      const outcome = await world.open().write!(reply(root, { body: 'canary-of-a-body' }));
      const told = outcome.outcome === 'settled' ? '' : everythingIn(outcome.error);
      expect(told).not.toContain('canary-of-a-body');
      expect(told).not.toContain(world.slack.botToken);
    }
  });
});

function everythingIn(error: HubError): string {
  const chain: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    chain.push(String(each), each.stack ?? '', JSON.stringify(each));
  }
  return chain.join('\n');
}

describe('slack adapter: reading', () => {
  it('reads a thread’s root with its first line and its writer', async () => {
    const root = await thread('My lamp\nis dark & <broken>');

    expect(await world.open().read!({ kind: 'ticket', externalId: root })).toMatchObject({
      state: 'present',
      observation: {
        kind: 'ticket',
        fields: { description: 'My lamp\nis dark &amp; &lt;broken&gt;' },
        initial: { subject: 'My lamp' },
        contactExternalId: world.slack.customer.userId,
        authorship: 'other',
      },
    });
  });

  it('reads a root that was deleted under its replies as what Slack shows', async () => {
    const root = await thread();
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
      observation: { fields: {}, contactExternalId: world.slack.customer.userId },
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
    const root = await thread();
    const { externalId: copy } = await settled(reply(root));

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
    const root = await thread();
    const { channel, ts } = { channel: 'C0SUPPORT0', ts: root.split(':')[1]! };
    for (let each = 0; each < 205; each += 1)
      await world.slack.human.post({ channel, text: `${each}`, threadTs: ts });
    const written = await settled(reply(root));

    expect(await find(root)).toMatchObject({ externalId: written.externalId, marker: RECORD });
  });

  it('looks through a direct message', async () => {
    const { channel } = await world.slack.human.dm({ text: 'psst' });
    const root = `${channel}:dm` as ExternalId;
    expect(await find(root)).toBeUndefined();
    const written = await settled(reply(root));

    expect(await find(root)).toMatchObject({ externalId: written.externalId });
  });

  it('looks for nothing but messages, and only in a conversation', async () => {
    expect(await find(undefined)).toBeUndefined();
    expect(await find(await thread(), 'ticket')).toBeUndefined();
  });

  it('says that it could not look, rather than that there is nothing', async () => {
    const root = await thread();
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

  it('counts posts by channel', () => {
    expect(adapter.place!('C0SUPPORT0:1.1' as ExternalId)).toBe('C0SUPPORT0');
    expect(adapter.place!('U0CUSTOMER' as ExternalId)).toBe('U0CUSTOMER');
  });
});
