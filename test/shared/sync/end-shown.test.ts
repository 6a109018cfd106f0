import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../shared/sync/state.ts';
import { LEFT } from './hub.ts';
import { caseSeen, rootsOf, standing, survivorOf, threadWithCase } from './merging.ts';

/** A case was merged into that of another thread: nobody told, a look shows it, and when it was by the desk’s own clock. */
async function foundMerged(at: (seenAtMs: number) => Moment, told?: (seenAtMs: number) => number) {
  const { hub, answers, root, made } = await threadWithCase();
  const survivor = await survivorOf(hub, 'of another thread’s');
  hub.clock.advance(60_000);
  const seenAtMs = hub.clock.now();
  answers.set(made, { state: 'deleted', mergedInto: survivor, mergedAt: at(seenAtMs) });
  answers.set(survivor, standing(seenAtMs));
  if (told === undefined) await hub.hear(caseSeen(made, { fields: {}, isComplete: false, needsRead: true }));
  else await hub.hear(caseSeen(made, { fields: {}, life: 'deleted', atMs: told(seenAtMs) }));
  await hub.work(60_000);
  const copy = async () =>
    (await rootsOf(hub)).find(({ id }) => id === root.id)?.lanes[LEFT]?.link.externalId;
  expect(await copy()).toBe(survivor);
  const hearEditAt = async (atMs: number) => {
    const observation = { ...caseSeen(made), authorship: 'other', atMs, isComplete: true } as const;
    answers.set(made, { state: 'present', observation });
    const { version: _unsaid, ...told } = observation;
    await hub.hear(told);
    await hub.work(60_000);
  };
  return { made, survivor, seenAtMs, copy, hearEditAt };
}

describe('when a copy was merged away, which a look alone has told', () => {
  it.each([
    ['is back, where it was changed after that', 2_000, 'made'],
    ['stays with what goes on for it, where that was before', -2_000, 'survivor'],
  ] as const)('it %s', async (_what, laterMs, expected) => {
    const { seenAtMs, copy, hearEditAt, ...ids } = await foundMerged((atMs) => ({ atMs: atMs - 5_000 }));

    await hearEditAt(seenAtMs - 5_000 + laterMs);

    expect(await copy()).toBe(ids[expected]);
  });

  it.each([
    ['is that of the look, where what was told was before', -40_000, -5_000, -20_000, 'survivor'],
    ['is as it was told, where the look shows an earlier one', -5_000, -40_000, -20_000, 'survivor'],
    ['is passed, once there is news from later than both', -5_000, -40_000, -2_000, 'made'],
  ] as const)('it %s', async (_what, toldMs, shownMs, editMs, expected) => {
    const { seenAtMs, copy, hearEditAt, ...ids } = await foundMerged(
      (atMs) => ({ atMs: atMs + shownMs }),
      (atMs) => atMs + toldMs,
    );

    await hearEditAt(seenAtMs + editMs);

    expect(await copy()).toBe(ids[expected]);
  });
});
