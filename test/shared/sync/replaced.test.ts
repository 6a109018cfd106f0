import { describe, expect, it } from 'vitest';
import { lookBack } from '../../../shared/sync/hindsight.ts';
import { mergeOverlooked } from '../../../shared/sync/overlooked.ts';
import type { Heard, Link, Written } from '../../../shared/sync/state.ts';
import { deskPlace, ticketScene } from './scenes.ts';
import { heard, ours, UNSEEN, WRITE } from './written.ts';

const UNCONDITIONAL = deskPlace({ hasConditionalWrites: false });

/** What is journalled of a priority of which several values were overlooked, where a write may land on anything. */
function lossesOf(told: readonly Heard[], writes: readonly Written[], place = UNCONDITIONAL) {
  const written = { priority: writes.map((write) => ({ ...write })) };
  const priority = 'high';
  const scene = ticketScene({ place, fields: { priority }, link: { ...ours, written } });
  mergeOverlooked(scene, lookBack(scene, told));
  return scene.tree.losses.map(({ lost, kept, why }) => ({ lost, kept, why }));
}

function replacedOf(told: readonly Heard[], written: NonNullable<Link['written']>) {
  const scene = ticketScene({
    place: UNCONDITIONAL,
    link: { ...ours, written },
  });
  return lookBack(scene, told).replaced;
}

const REPLACED = 'a write of ours may have replaced it before it was heard of';
const BY_A_PERSON = { isExact: true, authorship: 'other' } as const;
const NEXT = { value: 'normal', was: 'high', stood: { atMs: 60_000 }, base: { atMs: 80_000 } };

describe('of several values that were overlooked, one that our write may have replaced before the last', () => {
  it('is kept where it was put back before our write, and another came after that', () => {
    const told = [heard('urgent', 30_000), heard('urgent', 55_000)];

    expect(lossesOf(told, [UNSEEN])).toContainEqual({ lost: 'low', kept: 'urgent', why: REPLACED });
  });

  it('is kept where ours was told of in between', () => {
    const told = [heard('solved', 45_000), heard('high', 50_000), heard('urgent', 55_000)];

    expect(lossesOf(told, [UNSEEN])).toContainEqual({ lost: 'solved', kept: 'urgent', why: REPLACED });
  });

  it('is kept where another of our writes has replaced the last', () => {
    const told = [heard('solved', 50_000), heard('urgent', 85_000)];

    expect(lossesOf(told, [WRITE, NEXT])).toContainEqual({ lost: 'solved', kept: 'urgent', why: REPLACED });
  });

  it.each([
    ['whoever set the last has replaced it', [heard('solved', 48_000), heard('urgent', 52_000)]],
    [
      'ours is told of before both',
      [heard('high', 45_000), heard('solved', 48_000), heard('urgent', 52_000)],
    ],
    ['it is the last once more', [heard('urgent', 48_000), heard('high', 50_000), heard('urgent', 52_000)]],
  ])('is not kept where %s', (_why, told) => {
    expect(lossesOf(told, [WRITE]).filter(({ lost }) => lost !== 'high')).toEqual([]);
  });

  it('is not kept where it means nothing here', () => {
    const place = { ...UNCONDITIONAL, mapping: { ...UNCONDITIONAL.mapping, interpret: () => ({}) } };
    const told = [heard('solved', 45_000), heard('high', 50_000), heard('urgent', 55_000)];

    expect(lossesOf(told, [UNSEEN], place)).toEqual([]);
  });

  it.each<[string, readonly Heard[], NonNullable<Link['written']>]>([
    [
      'ours replaced what it was decided on',
      [heard('low', 40_000), heard('urgent', 52_000)],
      { priority: [WRITE] },
    ],
    [
      'all were there before what ours was decided on, be it what we wrote',
      [heard('urgent', 30_000), heard('high', 35_000)],
      { priority: [WRITE] },
    ],
    [
      'ours replaced the next',
      [heard('solved', 48_000), heard('urgent', 52_000), heard('high', 55_000)],
      { priority: [WRITE] },
    ],
    ['we have written nothing', [heard('high', 70_000, BY_A_PERSON), heard('high', 80_000, BY_A_PERSON)], {}],
  ])('is none where %s', (_why, told, written) => {
    expect(replacedOf(told, written)).toEqual([]);
  });
});
