import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Child } from '../../../shared/sync/index.ts';
import { LEFT, parkedOf } from './hub.ts';
import {
  caseSeen,
  hubThatMerges,
  rootsOf,
  SURVIVOR,
  standing,
  survivorOf,
  threadWithCase,
} from './merging.ts';

const ONE = 'case-1' as ExternalId;

it('what is said in a person’s case that was merged away, later than that, is of a record that the case has again', async () => {
  const { hub, answers } = hubThatMerges();
  await hub.hear(caseSeen(ONE));
  await hub.work();
  answers.set(ONE, { state: 'deleted', mergedInto: SURVIVOR });
  answers.set(SURVIVOR, standing(hub.clock.now()));
  await hub.hear({ ...caseSeen(ONE), life: 'deleted', fields: {} });
  await hub.work(60_000);
  answers.set(ONE, {
    state: 'present',
    observation: { ...caseSeen(ONE), authorship: 'other', atMs: hub.clock.now(), isComplete: true },
  });

  const said = { kind: 'comment', externalId: 'note-1' as ExternalId, rootExternalId: ONE } as const;
  await hub.hear({ ...said, visibility: 'public', fields: { body: 'it still burns' } });
  await hub.work(60_000);

  const copies = (await rootsOf(hub)).map(({ id, lanes }) => [lanes[LEFT]?.link.externalId, id]);
  expect(copies.map(([copy]) => copy).toSorted()).toEqual([ONE, SURVIVOR]);
  const [child] = hub.deps.store.items().filter(({ sk }) => sk.startsWith('child#'));
  expect((child!.data as Child).root).toBe(Object.fromEntries(copies)[ONE]);
});

it.each(['unknown', 'its own'] as const)(
  'what comes out of the bin in a case of ours that was merged away asks nobody about that one: a survivor %s',
  async (whose) => {
    const { hub, answers, root, made } = await threadWithCase();
    const survivor = await survivorOf(hub, whose);
    answers.set(made, { state: 'deleted', mergedInto: survivor });
    answers.set(survivor, standing(hub.clock.now()));
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const said = { kind: 'comment', externalId: 'note-1' as ExternalId, rootExternalId: made } as const;
    await hub.hear({ ...said, visibility: 'public', fields: { body: 'it smoked' } });
    await hub.work(60_000);

    expect(await parkedOf(hub)).toEqual([]);
    const living = (await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined);
    expect(living.map(({ lanes }) => lanes[LEFT]?.link.externalId)).toEqual([survivor]);
    const [child] = hub.deps.store.items().filter(({ sk }) => sk.startsWith('child#'));
    expect((child!.data as Child).root).toBe(living[0]!.id);
    expect(whose === 'its own' || living[0]!.id === root.id).toBe(true);
  },
);
