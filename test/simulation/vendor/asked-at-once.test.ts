import { describe, expect, it } from 'vitest';
import type { RemoteChange } from '../../../shared/ports/index.ts';
import type { Invocation } from '../invocation.ts';
import { mergingWorld } from '../oracle/merging-world.ts';
import { noteAsked } from './asked-at-once.ts';

const runOf = (isDead = false) => ({ isDead }) as Invocation;
const asked = (operation: string) => ({ operation, record: 'r' }) as RemoteChange;

/** What is noted once a second function asks, while the first waits for its answer. */
function doubled(first: [Invocation, string], second: [Invocation, string], isAnswered = false) {
  const { chronicle, sites } = mergingWorld();
  const end = noteAsked(chronicle, sites[0]!, first[0], asked(first[1]));
  if (isAnswered) end();
  noteAsked(chronicle, sites[0]!, second[0], asked(second[1]));
  return chronicle.doubled;
}

describe('noteAsked', () => {
  it('notes what a second function asks while another waits for its answer', () => {
    expect(doubled([runOf(), 'update'], [runOf(), 'update'])).toEqual(['r at conn0']);
    expect(doubled([runOf(), 'create'], [runOf(), 'create'])).toEqual(['r at conn0']);
  });

  it('notes nothing of who has its answer, or is dead, or asks again itself', () => {
    const one = runOf();

    expect(doubled([runOf(), 'update'], [runOf(), 'update'], true)).toEqual([]);
    expect(doubled([runOf(true), 'update'], [runOf(), 'update'])).toEqual([]);
    expect(doubled([one, 'update'], [one, 'update'])).toEqual([]);
  });

  it('notes nothing of who goes on with what a creation is known to have made', () => {
    expect(doubled([runOf(), 'create'], [runOf(), 'update'])).toEqual([]);
  });
});
