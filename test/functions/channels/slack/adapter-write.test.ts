import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import type { ExternalId, InternalNote, PublicComment } from '../../../../shared/domain/index.ts';
import type { Integration, PublicChange, RemoteChange } from '../../../../shared/ports/index.ts';
import { author, RECORD, reply, settled, support, thread } from './replies.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(() => world.close());

describe('slack adapter: what a customer may read (invariant 7)', () => {
  it('takes no internal note: the compiler refuses it', () => {
    type Write = NonNullable<ReturnType<typeof adapter.open>['write']>;

    expectTypeOf<Write>().parameter(0).toEqualTypeOf<PublicChange>();
    expectTypeOf<RemoteChange>().not.toExtend<Parameters<Write>[0]>();
    expectTypeOf<ReturnType<typeof adapter.open>>().toEqualTypeOf<Integration<PublicChange>>();
    const note: InternalNote = { visibility: 'internal', body: 'psst', author };
    // @ts-expect-error an internal note is not a public comment
    const change: PublicChange = { ...reply('C1:1.1' as ExternalId), comment: note };
    expectTypeOf(change).toEqualTypeOf<PublicChange>();
  });

  it('takes a comment’s words from a public comment alone: there is no other place to put a note’s', () => {
    type Comments = Extract<PublicChange, { kind: 'comment'; operation: 'create' | 'update' }>;

    expectTypeOf<Comments['comment']>().toEqualTypeOf<PublicComment>();
    expectTypeOf<Extract<keyof Comments, 'fields'>>().toEqualTypeOf<never>();
    const note: InternalNote = { visibility: 'internal', body: 'psst', author };
    const copy = { record: RECORD, kind: 'comment', externalId: 'C1:2.2' as ExternalId } as const;
    const created = { ...copy, operation: 'create', rootExternalId: 'C1:1.1' as ExternalId } as const;
    const said: PublicComment = { visibility: 'public', body: 'On it', author };
    // @ts-expect-error an edit says what a public comment says, not what a field holds
    const edit: PublicChange = { ...copy, operation: 'update', fields: { body: note.body } };
    // @ts-expect-error nor does a public comment make room for a note beside it
    const pair: PublicChange = { ...created, comment: said, fields: { body: note.body } };
    expectTypeOf([edit, pair]).toEqualTypeOf<PublicChange[]>();
  });
});

describe('slack adapter: writing', () => {
  it('replies in the thread, marked with its record, under the agent’s name', async () => {
    const root = await thread(world);

    const outcome = await settled(world, reply(root));

    expect(support(world).threads[0]?.messages[1]).toMatchObject({
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
    const root = await thread(world);
    await settled(world, reply(root, { author: { role: 'system', name: 'Hub' } }));
    const connection = { ...world.connection, settings: { showAgentName: false } };
    await world.open({ connection }).write!(reply(root));

    const [, system, agent] = support(world).threads[0]?.messages ?? [];

    expect([system?.username, agent?.username]).toEqual([undefined, undefined]);
    expect([system?.user, agent?.user]).toEqual([world.slack.botUserId, world.slack.botUserId]);
  });

  it('answers a direct message beside it, not under it', async () => {
    const { channel } = await world.slack.human.dm({ text: 'psst' });

    const outcome = await settled(world, reply(`${channel}:dm` as ExternalId));

    const direct = world.slack.state().channels.find(({ id }) => id === channel);
    expect(direct?.messages.map(({ text, threadTs }) => [text, threadTs])).toEqual([
      ['psst', undefined],
      ['On it', undefined],
    ]);
    expect(outcome.observation).toMatchObject({ rootExternalId: `${channel}:dm`, marker: RECORD });
  });

  it('posts no mention, whatever the text says', async () => {
    const root = await thread(world);
    const body = '**Hi** <!channel> <@U0CUSTOMER> @here';
    const comment: PublicComment = { visibility: 'public', body, author };
    const record = { id: RECORD, kind: 'comment', fields: { body }, comment, copy: 'ours' } as const;
    const context = { settings: {}, receivedAtMs: 0 };
    const { body: words } = mapping.project(record, context)!;

    await settled(world, reply(root, { body: String(words) }));

    expect(support(world).threads[0]?.messages[1]?.text).toBe(
      '\u200B*Hi*\u200B &lt;!channel&gt; &lt;@U0CUSTOMER&gt; @here',
    );
  });

  it('edits and deletes its own message, and keeps the marker', async () => {
    const root = await thread(world);
    const { externalId: copy } = await settled(world, reply(root));
    const existing = { record: RECORD, kind: 'comment', externalId: copy, rootExternalId: root } as const;

    const comment: PublicComment = { visibility: 'public', body: 'Done', author };
    const edited = await settled(world, { ...existing, operation: 'update', comment });
    const read = await world.open().read!({ kind: 'comment', externalId: copy, rootExternalId: root });
    await settled(world, { ...existing, operation: 'delete', fields: {} });

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
    expect(support(world).threads[0]?.messages).toHaveLength(1);
  });

  it('takes a reply back that fell out of its deleted conversation', async () => {
    const root = await thread(world);
    await world.slack.human.remove({ channel: 'C0SUPPORT0', ts: root.split(':')[1]! });

    const outcome = await world.open().write!(reply(root));

    expect(outcome).toMatchObject({
      outcome: 'refused',
      why: 'gone',
      error: { vendorCode: 'thread_not_found' },
    });
    expect(support(world).messages).toEqual([]);
  });

  it('parks, naming it, a reply it could not take back', async () => {
    const root = await thread(world);
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
    const comment: PublicComment = { visibility: 'public', body: 'Done', author };
    const update = {
      record: RECORD,
      operation: 'update',
      kind: 'comment',
      comment,
      externalId: 'D0CUSTOMER:dm' as ExternalId,
    } as const;

    expect(await world.open().write!(change)).toMatchObject({ outcome: 'refused', why: 'rejected' });
    expect(await world.open().write!(update)).toMatchObject({ outcome: 'refused', why: 'rejected' });
  });
});
