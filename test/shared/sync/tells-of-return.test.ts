import { expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import type { Tombstone } from '../../../shared/sync/state.ts';
import { tellsOfReturn } from '../../../shared/sync/tombstone.ts';
import { seenTicket } from './scenes.ts';

/** Merged into another, as its vendor told, at 60 s. */
const MERGED: Tombstone = { dead: { atMs: 60_000 }, told: { atMs: 60_000 }, wasOf: 'ticket-1' as RecordId };
const { told: _told, ...UNTOLD } = MERGED;
const { wasOf: _wasOf, ...DELETED } = MERGED;

it('what hangs on a case that was merged away, and was set later than that, tells that it is back', () => {
  expect(tellsOfReturn(seenTicket({ atMs: 600_000 }), MERGED)).toBe(true);
});

it.each([
  ['was set before, as far as can be told', { atMs: 60_500 }, MERGED],
  ['is told to be deleted', { atMs: 600_000, life: 'deleted' as const }, MERGED],
  ['hangs on one of whose end its vendor has told nothing', { atMs: 600_000 }, UNTOLD],
  ['hangs on one that was deleted', { atMs: 600_000 }, DELETED],
])('it tells nothing where it %s', (_where, o, tombstone) => {
  expect(tellsOfReturn(seenTicket(o), tombstone)).toBe(false);
});
