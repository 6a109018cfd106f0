import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { bringDependents, handOn } from '../../../shared/sync/fold-dependents.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Dependent, Root } from '../../../shared/sync/state.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { OLD, OLD_NOTE, root, YOUNG, YOUNG_NOTE } from './fold-scene.ts';
import { ACME, LEFT } from './hub.ts';

const dependent = (at: number, on?: RecordId): Dependent => ({
  root: `file-${at}` as RecordId,
  connection: LEFT,
  ...(on === undefined ? {} : { on }),
});
const MANY = Array.from({ length: 200 }, (_, at) => dependent(at));
const listing = (id: RecordId, dependents?: Dependent[]): Root =>
  root(id, {}, dependents === undefined ? {} : { dependents });

describe('who waits for a ticket that is folded', () => {
  it('waits for the older, after those that do already', () => {
    const older = listing(OLD, [dependent(1)]);

    expect(bringDependents(older, listing(YOUNG, [dependent(2)]))).toEqual([]);

    expect(older.dependents).toEqual([dependent(1), dependent(2)]);
  });

  it('is named where the older has no room', () => {
    expect(bringDependents(listing(OLD, MANY), listing(YOUNG, [dependent(900)]))).toEqual([dependent(900)]);
  });

  it('is nobody where nobody was', () => {
    const older = listing(OLD);

    expect(bringDependents(older, listing(YOUNG))).toEqual([]);

    expect(older).not.toHaveProperty('dependents');
  });
});

describe('who waits for a comment that is folded', () => {
  const refused: Dependent = { ...dependent(3), named: 'contact-1' as never };
  const sessionOf = () => new Session(memoryStore({ clock: virtualClock() }));
  const handedOn = (to: Root, from: Root, session = sessionOf()) =>
    handOn(session, ACME, to, { from, given: YOUNG_NOTE, olderId: OLD_NOTE });
  const left = async (session: Session) => {
    await session.commit();
    return (await session.get<Root>(rootKey(ACME, YOUNG)))?.dependents;
  };

  it('waits for the older in the ticket of that, and no more in its own', async () => {
    const older = listing(OLD, [dependent(1)]);
    const younger = listing(YOUNG, [dependent(2, YOUNG_NOTE), dependent(3)]);
    const session = sessionOf();

    expect(handedOn(older, younger, session)).toEqual([]);

    expect(older.dependents).toEqual([dependent(1), dependent(2, OLD_NOTE)]);
    expect(await left(session)).toEqual([dependent(3)]);
  });

  it('leaves nobody behind where nobody else waits there', async () => {
    const session = sessionOf();

    handedOn(listing(OLD), listing(YOUNG, [dependent(2, YOUNG_NOTE)]), session);

    expect(await left(session)).toEqual([]);
  });

  it('is named where that ticket has no room', () => {
    const waiting = dependent(900, YOUNG_NOTE);

    expect(handedOn(listing(OLD, MANY), listing(YOUNG, [waiting]))).toEqual([dependent(900, OLD_NOTE)]);
  });

  it('waits for the older in the same ticket, once, which is for the commit of the fold to write', () => {
    const [one, session] = [listing(OLD, [dependent(2, YOUNG_NOTE), dependent(3)]), sessionOf()];

    expect(handedOn(one, structuredClone(one), session)).toEqual([]);

    expect(one.dependents).toEqual([dependent(3), dependent(2, OLD_NOTE)]);
    expect(session.isToWrite(rootKey(ACME, OLD))).toBe(false);
  });

  it.each([
    ['nobody waits at all', undefined],
    ['others wait alone', [refused, dependent(1)]],
  ])('is nobody where %s: both tickets stay as they are', (_who, dependents) => {
    const [older, session] = [listing(OLD, [refused, dependent(1)]), sessionOf()];

    expect(handedOn(older, listing(YOUNG, dependents), session)).toEqual([]);

    expect(older.dependents).toEqual([refused, dependent(1)]);
    expect(session.isToWrite(rootKey(ACME, YOUNG))).toBe(false);
  });
});
