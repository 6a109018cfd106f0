import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { claimKey, parkedKey, parkedList, rootKey } from '../../../shared/sync/keys.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { ACME, LEFT, parkedOf, RIGHT, settled } from './hub.ts';
import {
  caseSeen,
  hubThatMerges,
  rootsOf,
  SURVIVOR,
  SURVIVORS,
  seenThread,
  standing,
  survivorOf,
  THREAD,
  threadWithCase,
} from './merging.ts';
import { parkedAs } from './parked-as.ts';

describe('what was merged away', () => {
  it.each(SURVIVORS)('leaves no work set aside about it: a survivor %s', async (whose) => {
    const { hub, answers, root, made } = await threadWithCase();
    const survivor = await survivorOf(hub, whose);
    const { data, version } = (await hub.deps.store.get<Root>(`${ACME}#root#${root.id}`, 'root'))!;
    const held = data.lanes[LEFT]!;
    const unsettled = parkedAs('unsettled');
    const lanes = { ...data.lanes, [LEFT]: { ...held, link: { ...held.link, parked: unsettled } } };
    const listed = { list: parkedList(ACME), atMs: 1 };
    await hub.deps.store.commit([
      { put: { ...rootKey(ACME, root.id), data: { ...data, lanes } }, expect: version },
      { put: { ...parkedKey(ACME, unsettled.id), data: unsettled, listed }, expect: 0 },
    ]);
    answers.set(survivor, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: survivor });

    // Nobody has told that it is gone.
    await hub.hear({ ...caseSeen(made), needsRead: true });
    await hub.work(60_000);

    expect(await parkedOf(hub)).toEqual([]);
  });

  it('is not brought back by what nobody had heard of its life until then', async () => {
    const { hub, answers, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    answers.set(SURVIVOR, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    await hub.hear({ ...caseSeen(made, { version: undefined }), life: 'deleted', fields: {} });
    await hub.work(60_000);
    const before = (await rootsOf(hub)).length;

    await hub.hear(caseSeen(made, { version: { source: 'any', value: 9 } }));
    await hub.work();

    expect(await rootsOf(hub)).toHaveLength(before);
  });

  it('is not brought back by a late event of the one that is gone', async () => {
    const { hub, answers, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    answers.set(SURVIVOR, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);
    const before = (await rootsOf(hub)).length;

    await hub.hear({ ...caseSeen(made), atMs: hub.clock.now() - 3_600_000 });
    await hub.work();

    expect(await rootsOf(hub)).toHaveLength(before);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('is not brought back by its own past either, where the hub’s clock is behind its vendor’s', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    const aheadMs = hub.clock.now() + 300_000;
    await hub.hear(caseSeen(made, { atMs: aheadMs, version: { source: 'read', value: aheadMs } }));
    await hub.hear(caseSeen(SURVIVOR));
    answers.set(SURVIVOR, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    await hub.hear({ ...caseSeen(made), atMs: aheadMs + 1, life: 'deleted', fields: {} });
    await hub.work(60_000);

    await hub.hear(caseSeen(made, { atMs: aheadMs - 1_000, marker: root.id }));
    await hub.work();

    expect(await parkedOf(hub)).toEqual([]);
  });
});

const late = 'late-1' as ExternalId;

describe('a creation that lands after its object was merged away, which has made its key free', () => {
  it.each([
    ['that nobody knew', false],
    ['that another system’s record has', true],
  ])(
    'is a second copy of its record for people to sort out, whose copy is a survivor %s',
    async (_, isShared) => {
      const { hub, answers, root, made } = await threadWithCase();
      if (isShared) {
        const other = { ...seenThread(hub.clock.now()), externalId: 'thread-2' as ExternalId };
        await hub.hear(other, RIGHT);
        await hub.work();
      }
      const other = (await rootsOf(hub)).find(({ id }) => id !== root.id);
      const survivor = other?.lanes[LEFT]?.link.externalId ?? SURVIVOR;
      answers.set(made, { state: 'deleted', mergedInto: survivor });
      answers.set(survivor, standing(hub.clock.now()));
      await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
      await hub.work(60_000);
      const before = (await rootsOf(hub)).length;

      await hub.hear({ ...caseSeen(late), marker: root.id, atMs: hub.clock.now() });

      expect(await rootsOf(hub)).toHaveLength(before);
      expect(await parkedOf(hub)).toMatchObject([{ cause: 'doubtful', record: root.id, connection: LEFT }]);
    },
  );
});

/** Its first request was never answered, and sent again. */
async function madeTwice() {
  const world = hubThatMerges();
  const { hub, answers, writes } = world;
  const seen = seenThread(hub.clock.now());
  answers.set(THREAD, { state: 'present', observation: seen });
  const error = new ProviderUnavailableError('no answer');
  writes.answer = () => ({ outcome: 'uncertain', error });
  await hub.hear(seen, RIGHT);
  await hub.work();
  writes.answer = settled;
  await hub.work(600_000);
  const [root] = await rootsOf(hub);
  return { ...world, root: root!, made: root!.lanes[LEFT]!.link.externalId! };
}

describe('a creation that landed again, told of before it was looked where its first object went on', () => {
  it.each([
    ['that nobody knew', 'nobody'],
    ['that is another record’s, of which another system may hold both', 'another’s'],
    ['that was another record’s, and has gone on in its turn', 'another’s past'],
  ])('keeps nobody from looking, and is a second copy of what goes on, a survivor %s', async (_, whose) => {
    const { hub, answers, root, made } = await madeTwice();
    const survivor = whose === 'nobody' ? SURVIVOR : await anothersCase(hub);
    if (whose === 'another’s past') await mergeOn(hub, answers, survivor);
    else answers.set(survivor, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: survivor });
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });

    await hub.hear({ ...caseSeen(late), marker: root.id, atMs: hub.clock.now() });
    await hub.work(60_000);

    const [parked, ...others] = await parkedOf(hub);
    expect([parked, ...others]).toMatchObject([{ cause: 'doubtful', record: root.id, connection: LEFT }]);
    const { link } = (await rootsOf(hub)).find(({ id }) => id === root.id)!.lanes[LEFT]!;
    expect(link).toMatchObject({
      externalId: whose === 'another’s past' ? SURVIVOR : survivor,
      besides: [late],
      parked: { id: parked!.id },
    });
  });
});

it('a second copy beside what was merged away is one beside what its record was folded into', async () => {
  const { hub, answers, root, made } = await madeTwice();
  await hub.hear(caseSeen(SURVIVOR));
  await hub.work();
  answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
  answers.set(SURVIVOR, standing(hub.clock.now()));
  await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });

  await hub.hear({ ...caseSeen(late), marker: root.id, atMs: hub.clock.now() });
  await hub.work(60_000);

  const [one, ...others] = await rootsOf(hub);
  expect(others).toEqual([]);
  expect(one!.lanes[LEFT]?.link).toMatchObject({ externalId: SURVIVOR, besides: [late] });
  expect(await parkedOf(hub)).toMatchObject([{ cause: 'doubtful', record: one!.id, connection: LEFT }]);
});

type Hub = ReturnType<typeof hubThatMerges>;

/** Another customer's thread, whose case is known. */
async function anothersCase(hub: Hub['hub']): Promise<ExternalId> {
  await hub.hear({ ...seenThread(hub.clock.now()), externalId: 'thread-2' as ExternalId }, RIGHT);
  await hub.work();
  const other = (await rootsOf(hub)).find(({ lanes }) => lanes[RIGHT]?.link.externalId === 'thread-2')!;
  return other.lanes[LEFT]!.link.externalId!;
}

async function mergeOn(hub: Hub['hub'], answers: Hub['answers'], merged: ExternalId): Promise<void> {
  answers.set(merged, { state: 'deleted', mergedInto: SURVIVOR });
  answers.set(SURVIVOR, standing(hub.clock.now()));
  await hub.hear({ ...caseSeen(merged), life: 'deleted', fields: {} });
  await hub.work(60_000);
}

it('what its record had before it was folded is its own copy again where the survivor is merged back into that', async () => {
  const { hub, answers, made } = await threadWithCase();
  await hub.hear(caseSeen(SURVIVOR));
  answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
  await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
  await hub.work(60_000);
  const again = standing(hub.clock.now());
  // Out of the bin, of which nobody tells.
  answers.set(made, again);
  answers.set(SURVIVOR, { state: 'deleted', mergedInto: made });

  await hub.hear({ ...caseSeen(SURVIVOR), life: 'deleted', fields: {} });
  await hub.work(60_000);

  const [living, ...others] = (await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined);
  expect(others).toEqual([]);
  expect(living?.lanes[LEFT]?.link).toMatchObject({ externalId: made });
  expect(living?.lanes[LEFT]?.link).not.toHaveProperty('isBorrowed');
  const { pk, sk } = claimKey(ACME, LEFT, 'ticket', made);
  expect((await hub.deps.store.get(pk, sk))?.data).toEqual({ root: living?.id, record: living?.id });
});

describe('a record that is dead when its object is merged', () => {
  it('takes nobody with it whose record is dead: the survivor’s lives', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    await hub.hear({ ...seenThread(hub.clock.now()), life: 'deleted', fields: {} }, RIGHT);
    await hub.work(60_000);
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const roots = await rootsOf(hub);
    expect(roots.find(({ id }) => id === root.id)).toMatchObject({
      lanes: { [LEFT]: { link: { dead: {} } } },
    });
    expect(roots.find(({ id }) => id !== root.id)).not.toHaveProperty('deleted');
  });

  it('is followed once its record lives again, where that was dead when it was merged, and looked at only then', async () => {
    const { hub, answers, reads, root, made } = await threadWithCase();
    await hub.hear({ ...seenThread(hub.clock.now()), life: 'deleted', fields: {} }, RIGHT);
    await hub.work(60_000);
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);
    expect(reads).not.toContain(SURVIVOR);

    await hub.hear({ ...seenThread(hub.clock.now()), life: 'undeleted' }, RIGHT);
    await hub.work(60_000);

    const [after] = await rootsOf(hub);
    expect(after).toMatchObject({ id: root.id, lanes: { [LEFT]: { link: { externalId: SURVIVOR } } } });
    expect(after?.lanes[LEFT]?.link.dead).toBeUndefined();
  });
});
