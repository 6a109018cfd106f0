import { describe, expect, it } from 'vitest';
import { arrivalOf, fileIn } from '../../../shared/connections/index.ts';
import type { Connection, Observation } from '../../../shared/ports/index.ts';

const given = { lane: 'deltas', run: 'poll-1', receivedAtMs: 100_000, redeliveryMs: 1_000 } as const;
const groupOf = (seen: object) =>
  arrivalOf(
    { organization: 'acme', id: 'desk' } as Connection,
    { externalId: 'own-1', atMs: 1, ...seen } as Observation,
    given,
  ).group;

describe('a fetched row: behind what it waits', () => {
  it.each([
    ['a ticket', { kind: 'ticket' }, 'own-1'],
    ['a comment', { kind: 'comment', rootExternalId: 'case-1' }, 'case-1'],
    [
      'a file of a ticket',
      { kind: 'attachment', parent: { kind: 'ticket', externalId: 'case-1' } },
      'case-1',
    ],
    [
      'a file of a comment',
      { kind: 'attachment', parent: { kind: 'comment', externalId: 'c-1', rootExternalId: 'case-1' } },
      'case-1',
    ],
    ['a file of which no more is told', { kind: 'attachment' }, 'own-1'],
  ])('%s goes with its conversation', (_what, seen, group) => {
    expect(groupOf(seen)).toBe(group);
  });
});

describe('a fetched row: by its id', () => {
  const idOf = (seen: object) =>
    arrivalOf({ organization: 'acme', id: 'desk' } as Connection, seen as Observation, given).eventId;

  it.each([
    ['settled', 1],
    ['fresh, and of one run', 99_999],
  ])('it is known of which file it tells: %s', (_what, atMs) => {
    expect(fileIn(idOf({ kind: 'attachment', externalId: 'C1:file:7', atMs }))).toBe('C1:file:7');
    expect(fileIn(idOf({ kind: 'comment', externalId: 'attachment:7', atMs }))).toBeUndefined();
  });
});
