import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { WorkMessage } from '../../../shared/ports/index.ts';
import { childKey, claimKey, creatingPk, parkedKey, rootKey } from '../../../shared/sync/keys.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import {
  foldNotes,
  foldTickets,
  lane,
  link,
  note,
  OBJECT,
  OLD,
  OLD_NOTE,
  parked,
  root,
  YOUNG,
  YOUNG_NOTE,
} from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT, settled } from './hub.ts';
import { shelfOf } from './shelf.ts';

let hub: ReturnType<typeof hubOver>;
beforeEach(() => {
  const read = async () => ({ state: 'absent' }) as const;
  const site = { profile: { ...SALESFORCE_LIKE, creation: 'none' as const }, port: { read } };
  hub = hubOver({
    [LEFT]: site,
    [RIGHT]: { ...site, port: { read, write: async (change) => settled(change) } },
  });
});

const { keep, keepAgain, kept, keepRoots, keepNote, rootAt, noteAt } = shelfOf(() => hub.deps.store);
const claimAt = (connection: ConnectionId, kind: 'ticket' | 'comment', externalId: ExternalId = OBJECT) =>
  claimKey(ACME, connection, kind, externalId);

describe('fold: two tickets that are one object’s', () => {
  it('gives its copy and its claim to the older, to be read again', async () => {
    await keepRoots(
      root(OLD, { [LEFT]: lane(link('case-1')) }),
      root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }),
    );
    await keep(claimAt(RIGHT, 'ticket'), { root: YOUNG, record: YOUNG });

    await foldTickets(hub.deps);

    const { lanes } = await rootAt(OLD);
    expect(lanes[RIGHT]?.link).toMatchObject({ externalId: OBJECT, origin: 'theirs', needsRead: true });
    expect(lanes[LEFT]?.link).toEqual(link('case-1'));
    expect(await kept(claimAt(RIGHT, 'ticket'))).toEqual({ root: OLD, record: OLD });
    expect(hub.queues.work(RIGHT).receive<WorkMessage>()?.body).toMatchObject({ root: OLD });
  });

  it('ends what the younger was set aside for: its copy is looked at by its new owner', async () => {
    const unseen = link(OBJECT, { parked, absences: 1 });
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link(undefined)) }),
      root(YOUNG, { [RIGHT]: lane(unseen) }, { unread: RIGHT }),
    );
    await keep(parkedKey(ACME, 'parked-1'), { id: 'parked-1' });

    await foldTickets(hub.deps);

    const given = (await rootAt(OLD)).lanes[RIGHT]!.link;
    expect(given).toMatchObject({ externalId: OBJECT, needsRead: true });
    expect(given).not.toHaveProperty('parked');
    expect(given).not.toHaveProperty('absences');
    expect(await kept(parkedKey(ACME, 'parked-1'))).toBeUndefined();
  });

  it('leaves a signpost where the younger was, with nothing to do', async () => {
    await keepRoots(root(OLD, {}), root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }));

    await foldTickets(hub.deps);

    const { foldedInto, lanes } = await rootAt(YOUNG);
    expect({ foldedInto, lanes }).toEqual({ foldedInto: OLD, lanes: {} });
  });

  it('keeps the older’s own copy where both have one', async () => {
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link('case-1')) }),
      root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }),
    );
    await keep(claimAt(RIGHT, 'ticket'), { root: YOUNG, record: YOUNG });

    await foldTickets(hub.deps);

    expect((await rootAt(OLD)).lanes[RIGHT]?.link.externalId).toBe('case-1');
    expect(await kept(claimAt(RIGHT, 'ticket'))).toEqual({ root: YOUNG, record: YOUNG });
  });

  it('ends the doubt about a creation: its request, its note and its parked work are gone, what it asked for was sent', async () => {
    const doubtful = link(undefined, { parked, creations: [{ subject: 'first' }, { subject: 'asked' }] });
    const change = { kind: 'ticket', operation: 'create', record: OLD, fields: { subject: 'asked' } };
    const pending = { id: 'request-1', leaseUntilMs: 0, record: OLD, change, base: {} } as never;
    const requester = { record: 'ada' as RecordId, externalId: 'contact-1' as ExternalId };
    const creating = { pk: creatingPk(ACME, RIGHT, 'ticket'), sk: OLD };
    await keepRoots(
      root(OLD, { [RIGHT]: lane(doubtful, { pending, referred: requester }) }),
      root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }, { unread: RIGHT }),
    );
    await keep(creating, { root: OLD, fields: {}, isDoubtful: true });
    await keep(parkedKey(ACME, 'parked-1'), { id: 'parked-1' });

    await foldTickets(hub.deps);

    const given = (await rootAt(OLD)).lanes[RIGHT]!;
    expect(given).not.toHaveProperty('pending');
    expect(given.referred).toEqual(requester);
    // Seen by its id alone so far: nobody but us has made it.
    expect(given.link).toMatchObject({ externalId: OBJECT, origin: 'ours', sent: { subject: 'asked' } });
    expect(await kept(parkedKey(ACME, 'parked-1'))).toBeUndefined();
    expect(await kept(creating)).toBeUndefined();
  });

  it('leaves parked what has a copy of its own', async () => {
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link('case-1', { parked })) }),
      root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }),
    );
    await keep(parkedKey(ACME, 'parked-1'), { id: 'parked-1' });

    await foldTickets(hub.deps);

    expect(await kept(parkedKey(ACME, 'parked-1'))).toEqual({ id: 'parked-1' });
  });

  it('takes its comments along, and whoever meets one of them is led to the older', async () => {
    const copies = { [LEFT]: link(undefined), [RIGHT]: link('note-1') };
    await keepRoots(root(OLD, {}), root(YOUNG, { [RIGHT]: lane(link(OBJECT)) }));
    await keepNote(note(YOUNG_NOTE, YOUNG, copies));
    const claim = claimAt(RIGHT, 'comment', 'note-1' as ExternalId);
    await keep(claim, { root: YOUNG, record: YOUNG_NOTE });

    await foldTickets(hub.deps);

    expect(await noteAt(YOUNG, YOUNG_NOTE)).toBeUndefined();
    expect(await noteAt(OLD, YOUNG_NOTE)).toMatchObject({
      root: OLD,
      links: copies,
      fields: { body: 'It burns' },
    });
    expect(await kept(claim)).toEqual({ root: OLD, record: YOUNG_NOTE });
    const claims = hub.deps.store.items().filter(({ sk }) => sk === 'claim');
    expect(claims.map(({ pk }) => pk)).toEqual([claim.pk]);
  });

  it.each([
    ['the older', [root(YOUNG, {})]],
    ['the younger', [root(OLD, {})]],
    ['its own self', [root(OLD, {}), root(YOUNG, {}, { foldedInto: OLD })]],
  ])('conflicts, to be looked at anew, where %s is gone or the other by now', async (_, roots) => {
    await keepRoots(...roots);

    await expect(foldTickets(hub.deps)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('fold: two comments that are one object’s', () => {
  const behind = [
    { id: YOUNG_NOTE, position: '1' },
    { id: OLD_NOTE, position: '2' },
    { id: 'other' as RecordId, position: '3' },
  ];
  const doubtful = [
    { record: OLD_NOTE, fields: {} },
    { record: 'other' as RecordId, fields: {} },
  ];
  beforeEach(async () => {
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link('case-1'), { behind, doubtful }) }),
      root(YOUNG, { [RIGHT]: lane(link('case-2')) }),
    );
    await keepNote(
      note(YOUNG_NOTE, YOUNG, { [LEFT]: link(undefined), [RIGHT]: link(OBJECT) }, { unread: RIGHT }),
    );
    await keep(claimAt(RIGHT, 'comment'), { root: YOUNG, record: YOUNG_NOTE });
    await keep(parkedKey(ACME, 'parked-1'), { id: 'parked-1' });
  });

  it('ends what the younger was set aside for: its copy is looked at by its new owner', async () => {
    const unseen = link(OBJECT, { parked, absences: 1 });
    const drains = [{ record: YOUNG_NOTE, atMs: 60_000 }];
    const old = root(OLD, { [RIGHT]: lane(link('case-1'), { behind, drains }) });
    await keepAgain(rootKey(ACME, OLD), old);
    await keepAgain(
      childKey(ACME, YOUNG, YOUNG_NOTE),
      note(YOUNG_NOTE, YOUNG, { [RIGHT]: unseen }, { unread: RIGHT }),
    );
    await keepNote(note(OLD_NOTE, OLD, { [RIGHT]: link(undefined) }));

    await foldNotes(hub.deps);

    const given = (await noteAt(OLD, OLD_NOTE))!.links[RIGHT];
    expect(given).toMatchObject({ externalId: OBJECT, needsRead: true });
    expect(given).not.toHaveProperty('parked');
    expect((await rootAt(OLD)).lanes[RIGHT]?.drains).toEqual([]);
    expect(await kept(parkedKey(ACME, 'parked-1'))).toBeUndefined();
  });

  it('hands over the death of its copy to be looked at: not seen there, it is believed', async () => {
    const dead = { atMs: 50_000 };
    const young = note(
      YOUNG_NOTE,
      YOUNG,
      { [RIGHT]: link(OBJECT, { dead }) },
      { deleted: { ...dead, source: RIGHT } },
    );
    await keepAgain(childKey(ACME, YOUNG, YOUNG_NOTE), young);
    await keepNote(note(OLD_NOTE, OLD, { [RIGHT]: link(undefined) }));

    await foldNotes(hub.deps);
    await hub.work();

    expect((await noteAt(OLD, OLD_NOTE))?.deleted).toMatchObject({ source: RIGHT });
  });

  it('leaves in doubt what the older was asked to be elsewhere: its object may turn up there yet', async () => {
    const lanes = { [LEFT]: lane(link('case-3'), { doubtful }), [RIGHT]: lane(link('case-1'), { doubtful }) };
    await keepAgain(rootKey(ACME, OLD), root(OLD, lanes));
    await keepNote(note(OLD_NOTE, OLD, { [LEFT]: link(undefined), [RIGHT]: link(undefined) }));

    await foldNotes(hub.deps);

    const now = (await rootAt(OLD)).lanes;
    expect(now[LEFT]?.doubtful).toEqual(doubtful);
    expect(now[RIGHT]?.doubtful).toEqual(doubtful.slice(1));
  });

  it('gives its copy and its claim to the older, as one of ours, to be read again', async () => {
    await keepNote(note(OLD_NOTE, OLD, { [LEFT]: link('note-1'), [RIGHT]: link(undefined, { parked }) }));

    await foldNotes(hub.deps);

    const { links } = (await noteAt(OLD, OLD_NOTE))!;
    expect(links[RIGHT]).toMatchObject({ externalId: OBJECT, origin: 'ours', needsRead: true });
    expect(links[LEFT]).toEqual(link('note-1'));
    expect(await kept(claimAt(RIGHT, 'comment'))).toEqual({ root: OLD, record: OLD_NOTE });
    expect(hub.queues.work(RIGHT).receive<WorkMessage>()?.body).toMatchObject({ root: OLD });
  });

  it('stays behind deleted and without copies, so that nothing deletes the object', async () => {
    await keepNote(note(OLD_NOTE, OLD, {}));

    await foldNotes(hub.deps);

    const given = await noteAt(YOUNG, YOUNG_NOTE);
    expect(given?.links).toEqual({});
    expect(given?.deleted).toMatchObject({ source: 'hub' });
    expect(given).not.toHaveProperty('unread');
  });

  it('is waited for no more, and the older is in doubt no more', async () => {
    await keepNote(note(OLD_NOTE, OLD, { [RIGHT]: link(undefined, { parked }) }));

    await foldNotes(hub.deps);

    const { lanes } = await rootAt(OLD);
    expect(lanes[RIGHT]?.behind.map(({ id }) => id)).toEqual([OLD_NOTE, 'other']);
    expect(lanes[RIGHT]?.doubtful).toEqual([{ record: 'other', fields: {} }]);
    expect(await kept(parkedKey(ACME, 'parked-1'))).toBeUndefined();
  });

  it('gives nothing where it has no copy itself', async () => {
    const underWay = link(undefined, { sent: { body: 'asked' } });
    await keepNote(note(OLD_NOTE, OLD, { [LEFT]: underWay }));

    await foldNotes(hub.deps);

    expect((await noteAt(OLD, OLD_NOTE))?.links[LEFT]).toEqual(underWay);
  });

  it('keeps the older’s own copy where both have one', async () => {
    await keepNote(note(OLD_NOTE, OLD, { [RIGHT]: link('note-1', { parked }) }));

    await foldNotes(hub.deps);

    expect((await noteAt(OLD, OLD_NOTE))?.links[RIGHT]?.externalId).toBe('note-1');
    expect(await kept(parkedKey(ACME, 'parked-1'))).toEqual({ id: 'parked-1' });
  });

  it.each([
    ['the older comment is', 'old.gone' as RecordId],
    ['the older’s ticket is', 'gone.note' as RecordId],
  ])('conflicts, to be looked at anew, where %s gone', async (_, older) => {
    await expect(foldNotes(hub.deps, older)).rejects.toMatchObject({ code: 'conflict' });
  });
});
