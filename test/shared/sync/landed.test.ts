import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const OURS = { fields: { priority: 'high' }, isComplete: false, authorship: 'hub' } as const;
const LANDED = { atMs: 60_000, version: version(6) };

describe('an event of our own write', () => {
  const base = { atMs: 40_000, version: version(4) };

  it('says when it landed, though it tells of a part: what is told of later came after it', () => {
    const written = { priority: [{ value: 'high', was: 'low', base }] };
    const scene = ticketScene({ link: { got: { priority: 'high' }, written } });

    expect(observeCopy(scene, seenTicket(OURS))).toBe('echo');

    expect(scene.link.written?.priority).toMatchObject([{ seen: LANDED }]);
  });

  const settledAfter = (o: Partial<Observation>) => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ fields: { priority: 'high' }, lane: { pending } });
    observeCopy(scene, seenTicket({ ...OURS, ...o }));
    settleWritten(scene, scene.lane.pending!, { externalId: scene.link.externalId! });
    return scene.link.written?.priority?.at(-1);
  };

  it('says so before that is settled', () => {
    expect(settledAfter({})).toMatchObject({ value: 'high', seen: LANDED });
  });

  it.each<[string, Partial<Observation>]>([
    ['by another value', { fields: { priority: 'urgent' } }],
    ['of the state that it was decided on', { version: version(5) }],
    ['by another hand', { authorship: 'other' }],
  ])('does not %s', (_what, o) => {
    expect(settledAfter(o)).toMatchObject({ value: 'high' });
    expect(settledAfter(o)).not.toHaveProperty('seen');
  });
});
