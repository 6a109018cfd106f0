import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange } from '../../../shared/ports/index.ts';
import type { Root } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, edited, hubOver, LEFT, parkedOf, RIGHT, type Site, settled } from './hub.ts';
import {
  caseSeen,
  hubThatMerges,
  rootsOf,
  SURVIVOR,
  seenThread,
  standing,
  threadWithCase,
} from './merging.ts';

const [ONE, TWO] = ['case-1', 'case-2'] as [ExternalId, ExternalId];
const [FIRST, SECOND] = ['thread-1', 'thread-2'] as [ExternalId, ExternalId];
const asMade = {
  subject: 'it burns',
  description: 'it burns',
  status: 'S1',
  priority: 'P2',
  requester: null,
};

/** The cases of two customers' threads were merged, and each thread has kept its own record. */
async function sharedCase(
  before = (_hub: ReturnType<typeof hubOver>): Promise<unknown> => Promise.resolve(),
) {
  const toDesk: RemoteChange[] = [];
  const toChat: RemoteChange[] = [];
  const said = new Map<ExternalId, Observation['fields']>();
  const cases = [ONE, TWO];
  const seenAt = (externalId: ExternalId, more: object = {}): Observation => {
    const atMs = hub.clock.now();
    if (externalId === FIRST || externalId === SECOND) {
      const seen = seenThread(atMs);
      return { ...seen, externalId, fields: said.get(externalId) ?? seen.fields, ...more };
    }
    const version = { source: 'read', value: atMs };
    return {
      ...caseSeen(externalId),
      authorship: 'other',
      atMs,
      version,
      isComplete: true,
      fields: asMade,
      ...more,
    };
  };
  const desk = { isMerged: false };
  const portOf = (changes: RemoteChange[]): Site['port'] => ({
    read: async ({ kind, externalId }) => {
      if (desk.isMerged && externalId === ONE) return { state: 'deleted', mergedInto: TWO };
      return kind === 'ticket' ? { state: 'present', observation: seenAt(externalId) } : { state: 'absent' };
    },
    write: async (change) => {
      changes.push(change);
      const isMade = change.kind === 'ticket' && change.operation === 'create';
      return isMade ? { outcome: 'settled', externalId: cases.shift()! } : settled(change);
    },
  });
  const hub = hubOver({
    [LEFT]: { profile: { ...SALESFORCE_LIKE, merges: true }, port: portOf(toDesk) },
    [RIGHT]: { profile: SLACK_LIKE, port: portOf(toChat) },
  });
  for (const thread of [FIRST, SECOND]) {
    await hub.hear(seenAt(thread), RIGHT);
    await hub.work();
  }
  await before(hub);
  desk.isMerged = true;
  const merged = seenAt(ONE, { life: 'deleted', fields: {} });
  await hub.hear(merged);
  await hub.work(60_000);
  toDesk.length = 0;
  const takeOut = async (more: object = { life: 'undeleted' }) => {
    desk.isMerged = false;
    hub.clock.advance(5_000);
    await hub.hear(seenAt(ONE, more));
    await hub.work(60_000);
  };
  const first = async () =>
    (await rootsOf(hub)).find(({ lanes }: Root) => lanes[RIGHT]?.link.externalId === FIRST)!;
  return { hub, said, desk, toDesk, toChat, takeOut, first, seenAt, merged };
}

describe('a case that was merged into another customer’s, and is taken out of the bin', () => {
  it('is the copy of its own record again, as it went in, and nobody is asked', async () => {
    const { hub, takeOut, first } = await sharedCase();
    expect(await first()).toMatchObject({
      lanes: { [LEFT]: { link: { externalId: TWO, isBorrowed: true } } },
    });

    await takeOut();

    const { link } = (await first()).lanes[LEFT]!;
    expect(link).toMatchObject({ externalId: ONE, origin: 'ours' });
    expect(link.got).toMatchObject({ status: 'S1' });
    expect(link).not.toHaveProperty('isBorrowed');
    expect(await rootsOf(hub)).toHaveLength(2);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('goes on with what no look had shown of it before', async () => {
    const { takeOut, first } = await sharedCase(async (hub) => {
      const [thread] = (await rootsOf(hub)).filter(({ lanes }) => lanes[RIGHT]?.link.externalId === FIRST);
      const edit = { edit: 'fields', fields: { subject: 'ours' } } as const;
      const by = { organization: ACME, actor: 'user:1', idempotencyKey: 'key-1' } as const;
      await hub.engine.edit({ ...by, root: thread!.id, edit });
      await hub.work();
    });
    expect((await first()).lanes[LEFT]?.link.binned).toMatchObject({ unshown: { subject: {} } });

    await takeOut();

    expect((await first()).fields.subject).toBe('it burns');
  });

  it('has its ticket open again, which that merge has closed', async () => {
    const { takeOut, first } = await sharedCase();
    expect((await first()).fields.status).toBe('closed');

    await takeOut();

    expect((await first()).fields.status).toBe('new');
  });

  it('is told what was said to it since, and by its customer after that', async () => {
    const { hub, said, toDesk, takeOut, seenAt } = await sharedCase();
    said.set(FIRST, { description: 'it burns still' });
    await hub.hear(seenAt(FIRST), RIGHT);
    await hub.work();

    await takeOut();
    const note = { kind: 'comment', externalId: 'note-1' as ExternalId, rootExternalId: FIRST } as const;
    const help = { visibility: 'public', fields: { body: 'help' } } as const;
    await hub.hear({ ...note, ...help, authorship: 'other', atMs: hub.clock.now(), isComplete: true }, RIGHT);
    await hub.work();

    expect(toDesk).toMatchObject([
      { kind: 'ticket', operation: 'update', externalId: ONE, fields: { description: 'it burns still' } },
      { kind: 'comment', operation: 'create', rootExternalId: ONE },
    ]);
  });

  it('is known to be back by what a poll shows after its end, where nothing told of its return', async () => {
    const { takeOut, first } = await sharedCase();

    await takeOut({});

    expect((await first()).lanes[LEFT]?.link.externalId).toBe(ONE);
  });

  it('stays in the bin for what is told late of its life', async () => {
    const { hub, first, seenAt, merged } = await sharedCase();

    await hub.hear(seenAt(ONE, { atMs: merged.atMs - 1, version: undefined }));
    await hub.work(60_000);

    expect((await first()).lanes[LEFT]?.link.externalId).toBe(TWO);
  });

  it('is waited for where a look still shows it in the bin', async () => {
    const { hub, desk, first, seenAt } = await sharedCase();
    hub.clock.advance(5_000);
    await hub.hear(seenAt(ONE, { life: 'undeleted' }));
    await hub.work();
    desk.isMerged = false;

    await hub.work(60_000);

    expect((await first()).lanes[LEFT]?.link.externalId).toBe(ONE);
  });
});

const back = (externalId: ExternalId, atMs: number) =>
  ({ ...caseSeen(externalId, { version: undefined }), life: 'undeleted', atMs: atMs + 1 }) as const;

describe('what was merged away, and its record goes on as the survivor', () => {
  it('is a second copy of that where the hub had made it, and its vendor keeps no mark', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    await hub.hear(back(made, hub.clock.now()));

    expect(await rootsOf(hub)).toMatchObject([
      { id: root.id, lanes: { [LEFT]: { link: { externalId: SURVIVOR, besides: [made] } } } },
    ]);
    expect((await rootsOf(hub))[0]?.lanes[LEFT]?.link).not.toHaveProperty('revived');
    expect(await parkedOf(hub)).toMatchObject([{ code: 'second_copy', record: root.id }]);
  });

  it('is one for as long as it lives: what is told late of its end was before its return', async () => {
    const { hub, answers, made } = await threadWithCase();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    const gone = { ...back(made, 0), life: 'deleted', fields: {} } as const;
    await hub.hear({ ...gone, atMs: hub.clock.now() });
    await hub.work(60_000);
    const atMs = hub.clock.now();
    await hub.hear(back(made, atMs));

    await hub.hear({ ...gone, atMs });
    expect(await parkedOf(hub)).toMatchObject([{ code: 'second_copy' }]);

    await hub.hear({ ...gone, atMs: atMs + 2 });
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('is a record of its own where a person had made it', async () => {
    const { hub, answers } = hubThatMerges();
    await hub.hear(caseSeen(ONE));
    answers.set(ONE, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    await hub.hear({ ...caseSeen(ONE), life: 'deleted', fields: {} });
    await hub.work(60_000);

    await hub.hear(back(ONE, hub.clock.now()));

    const copies = (await rootsOf(hub)).map(({ lanes }) => lanes[LEFT]?.link.externalId);
    expect(copies.toSorted()).toEqual([ONE, SURVIVOR]);
    expect(await parkedOf(hub)).toEqual([]);
  });
});

it('what was merged away and taken out before anybody looked is waited for where a look at a doubtful write shows the merge', async () => {
  const { hub, answers, made, reads, writes } = await threadWithCase();
  writes.answer = () => ({ outcome: 'uncertain', error: new ProviderUnavailableError('no answer') });
  await edited(hub, { subject: 'ours' });
  await hub.work();
  hub.clock.advance(5_000);
  await hub.hear(back(made, hub.clock.now()));
  answers.set(SURVIVOR, standing(hub.clock.now()));
  answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
  writes.answer = settled;
  reads.length = 0;
  for (let times = 0; times < 60 && reads.length === 0; times += 1) await hub.work(5_000);
  expect(reads).toEqual([made]);
  const observation = {
    ...caseSeen(made),
    authorship: 'other',
    atMs: hub.clock.now(),
    isComplete: true,
  } as const;
  answers.set(made, { state: 'present', observation });

  await hub.work(60_000);

  const { link, pending } = (await rootsOf(hub))[0]!.lanes[LEFT]!;
  expect([link.externalId, pending]).toEqual([made, undefined]);
});
