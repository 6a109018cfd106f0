import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Identity } from '../../../shared/sync/observe.ts';
import { unseenParent } from '../../../shared/sync/parent.ts';
import { bury, isOver } from '../../../shared/sync/tombstone.ts';
import { fileDesk } from './file-scene.ts';
import { deskPlace, knowing, seenTicket } from './scenes.ts';

describe('what a file hangs on, where nobody has seen it', () => {
  const parent = { kind: 'ticket', externalId: 'case-1' as ExternalId } as const;
  const file: Observation = seenTicket({ kind: 'attachment', externalId: 'file-1' as ExternalId, parent });
  const unknown = { isKnown: false } as Identity;
  const claim = { root: 'ticket-1' as RecordId, record: 'ticket-1' as RecordId };

  it('is known to exist from then on, and to be read', () => {
    expect(unseenParent(file, unknown, fileDesk())).toEqual({
      ...parent,
      atMs: 60_000,
      authorship: 'unknown',
      fields: {},
      isComplete: false,
      needsRead: true,
    });
  });

  it.each<[string, Observation, Identity, ReturnType<typeof deskPlace>]>([
    ['of what is no file', { ...file, kind: 'comment' }, unknown, fileDesk()],
    ['of a file that is known itself', file, { ...unknown, isKnown: true }, fileDesk()],
    ['where it is known', file, { ...unknown, parent: claim } as Identity, fileDesk()],
    ['of a file that is gone', { ...file, life: 'deleted' }, unknown, fileDesk()],
    ['where nobody can read it', file, unknown, fileDesk(5_000, { canRead: false })],
    ['where its kind is unheard of', file, unknown, knowing(deskPlace(), {})],
  ])('is looked for by nobody %s', (_where, o, identity, place) => {
    expect(unseenParent(o, identity, place)).toBeUndefined();
  });

  it('is looked for by nobody where the file names none', () => {
    const { parent: _none, ...orphan } = file;

    expect(unseenParent(orphan, unknown, fileDesk())).toBeUndefined();
  });
});

describe('what died before it was known', () => {
  const dead = { dead: { atMs: 60_000 } };
  const merged = { ...dead, wasOf: 'ticket-2' as RecordId };
  const at = (atMs: number, life?: Observation['life']) =>
    seenTicket({ atMs, ...(life === undefined ? {} : { life }) });

  it('makes nothing, and is remembered by when it died', () => {
    const o = seenTicket({ life: 'deleted' });
    const claim = { dead: { atMs: 60_000, version: o.version } };

    expect(bury(o, undefined)).toEqual({
      end: 'filtered',
      trees: [],
      claims: [{ kind: 'ticket', externalId: 'case-1', claim }],
    });
    expect(bury(o, dead)).toEqual({ end: 'filtered', trees: [], claims: [] });
  });

  it('is remembered by the last of its deaths, unless it has gone on as another', () => {
    const again = [{ kind: 'ticket', externalId: 'case-1', claim: { dead: { atMs: 61_000 } } }];
    const unversioned = ({ version: _none, ...o }: Observation) => o;

    expect(bury(unversioned(at(61_000, 'deleted')), dead).claims).toEqual(again);
    expect(bury(at(59_000, 'deleted'), dead).claims).toEqual([]);
  });

  it('that went on as another is the other’s past still: when that was is known by its vendor’s word alone', () => {
    const told = { ...merged, told: { atMs: 61_000 } };
    const unversioned = ({ version: _none, ...o }: Observation) => o;
    const buried = (atMs: number, tombstone: typeof merged) =>
      bury(unversioned(at(atMs, 'deleted')), tombstone).claims.map(({ claim }) => claim);

    expect(buried(61_000, merged)).toEqual([told]);
    expect(buried(61_000, told)).toEqual([]);
    expect(buried(62_000, told)).toEqual([{ ...told, told: { atMs: 62_000 } }]);
    expect(bury(at(61_000), merged).claims).toEqual([]);
  });

  it('is over by its deletion, and by news of the life that it ended', () => {
    expect(isOver(at(1, 'deleted'), undefined)).toBe(true);
    expect(isOver(at(1), undefined)).toBe(false);
    expect(isOver(at(59_000), dead)).toBe(true);
    expect(isOver(at(61_000), dead)).toBe(false);
    expect(isOver(at(61_000, 'deleted'), dead)).toBe(true);
  });

  it('is brought back by no undeletion from before its end, where the vendor told of that', () => {
    expect(isOver(at(59_000, 'undeleted'), dead)).toBe(true);
    expect(isOver(at(60_000, 'undeleted'), dead)).toBe(false);
    expect(isOver(at(61_000, 'undeleted'), dead)).toBe(false);
    expect(isOver(at(59_000, 'undeleted'), undefined)).toBe(false);
    expect(isOver(at(59_000, 'undeleted'), merged)).toBe(false);
    const told = { ...merged, told: { atMs: 60_000 } };
    expect(isOver(at(59_000, 'undeleted'), told)).toBe(true);
    expect(isOver(at(60_000, 'undeleted'), told)).toBe(false);
  });

  it('is not over once it lives after it was merged into another, by its vendor’s own word or any clock', () => {
    expect(isOver(at(61_000), merged)).toBe(true);
    expect(isOver(at(660_000), merged)).toBe(true);
    expect(isOver(at(660_001), merged)).toBe(false);
    expect(isOver(at(60_000), { ...merged, told: { atMs: 60_000 } })).toBe(true);
    expect(isOver(at(61_000), { ...merged, told: { atMs: 60_000 } })).toBe(false);
  });
});
