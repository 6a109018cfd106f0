import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { unmerge } from '../vendor/bin.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import type { Vendor } from '../vendor/vendor.ts';
import { familiesOf } from './grouped.ts';
import { inOrder } from './order.ts';

const OVERTAKEN = [{ invariant: 6, what: 'comment #3# overtook comment #2# at v1' }];

interface Given {
  /** Its event showed all of it, or only that it is there. */
  readonly isWhole: boolean;
  /** The way to where both were said was shut in the open when the later was copied. */
  readonly isShut: boolean;
  readonly isRead?: boolean;
  /** It was opened before the later was copied, which had been decided on by then or not. */
  readonly opened?: 'decided' | 'undecided';
  /** Its creation was noted, and what became of it set aside in the open, before the later was copied. */
  readonly isDoubted?: boolean;
  /** A merge has moved both; before the later's event was through, it was shown where it was said, or where it is now. */
  readonly shown?: 'where-said' | 'where-moved';
  /** By a file that hangs on it; else by a page. */
  readonly isByFile?: boolean;
  /** The earlier had been copied before both, where they are, before a merge moved that away, or in another conversation. */
  readonly copiedFirst?: 'here' | 'elsewhere';
  /** It was asked for where it was said, not shown, and stood aside so until the later was decided on, or until before. */
  readonly aside?: 'still' | 'until before';
}

/** Two comments said one after the other at v0, of which v1 has the later first. */
async function overtaken(given: Given) {
  const { isWhole, isShut, isRead = false, opened, isDoubted = false, shown, isByFile = false } = given;
  const unmarked = { profile: { ...SALESFORCE_LIKE, commentCreation: 'none' as const } };
  const world = quietWorld([unmarked, unmarked]);
  const { chronicle, injector, store, scheduler } = world;
  const [own, other] = world.sites;
  const wait = () => scheduler.runUntil(scheduler.clock.now() + 1_000);
  const say = async (body: string) => {
    const { id } = own!.vendor.create({ kind: 'comment', root, fields: { body }, by: 'person' });
    await wait();
    const event = `event-${id}`;
    chronicle.queued.set(id, scheduler.clock.now());
    chronicle.rows.set(id, event);
    chronicle.about.set(event, [{ externalId: id, isComplete: isWhole } as Observation]);
    chronicle.closedAtMs.set(
      `${own!.organization}#inbox#${own!.connection}#${event} row`,
      scheduler.clock.now(),
    );
    await wait();
    return id;
  };
  const ticket = { kind: 'ticket', fields: { description: '#1# x' } } as const;
  const { id: root } = own!.vendor.create({ ...ticket, by: 'person' });
  const { id: copied } = other!.vendor.create({ ...ticket, by: 'hub' });
  const earlier = await say('#2# said');
  const later = await say('#3# said');
  if (shown !== undefined) {
    const { id: into } = own!.vendor.create({
      kind: 'ticket',
      fields: { description: '#9# x' },
      by: 'person',
    });
    own!.vendor.merge(root, into, {});
    const object = isByFile ? ('file' as ExternalId) : later;
    const page = { object, heardAtMs: scheduler.clock.now(), inbox: 'page', atMs: 0, fields: {} };
    const place = { externalId: later, rootExternalId: shown === 'where-said' ? root : into };
    chronicle.told.push(page);
    const o = isByFile ? { externalId: object, parent: { kind: 'comment' as const, ...place } } : place;
    chronicle.about.set(page.inbox, [o as Observation]);
    chronicle.closedAtMs.delete(`${own!.organization}#inbox#${own!.connection}#event-${later} row`);
  }

  const pk = `${own!.organization}#root#r`;
  const lanes = { [own!.connection]: { link: {} }, [other!.connection]: { link: {} } };
  const record = { id: 'r', kind: 'ticket', fields: ticket.fields, lanes };
  const child = { kind: 'comment', root: 'r', links: {} };
  const children = [2, 3].map((mark) => ({ ...child, id: `r.${mark}`, fields: { body: `#${mark}# said` } }));
  await store.commit([
    { put: { pk, sk: 'root', data: record }, expect: 0 },
    ...children.map((data) => ({ put: { pk, sk: `child#${data.id}`, data }, expect: 0 })),
  ]);
  const untilMs = opened === undefined ? Number.POSITIVE_INFINITY : scheduler.clock.now();
  if (isShut) chronicle.shut.set(`${pk} ${own!.connection}`, [{ fromMs: 0, untilMs }]);
  if (isDoubted) {
    injector.count('crash-before');
    chronicle.intended.set(`${other!.connection} r.2`, []);
    chronicle.doubted.set(`${other!.connection} r.2`, scheduler.clock.now());
  }
  const asideUntilMs = scheduler.clock.now() - (given.aside === 'until before' ? 1 : 0);
  if (given.aside !== undefined) {
    chronicle.unseen.set(earlier, [chronicle.queued.get(earlier)! - 1]);
    chronicle.aside.set(`${own!.connection} r.2`, [{ fromMs: 0, untilMs: asideUntilMs }]);
  }
  if (isRead)
    chronicle.looks.push({
      site: 0,
      object: earlier,
      atMs: scheduler.clock.now(),
      deeds: own!.vendor.deeds.length,
      run: {},
      isTaken: true,
    });
  if (opened === 'undecided') await wait();
  chronicle.intended.set(`${other!.connection} r.3`, [{ id: 'p', atMs: scheduler.clock.now() }]);
  await wait();
  if (given.copiedFirst !== undefined) copyFirst(other!.vendor, copied, given.copiedFirst);
  for (const body of ['#3# said', '#2# said'])
    other!.vendor.create({ kind: 'comment', root: copied, fields: { body }, by: 'hub' });
  return inOrder(world, familiesOf(world));
}

function copyFirst(vendor: Vendor, here: ExternalId, where: 'here' | 'elsewhere'): void {
  const { id: other } = vendor.create({ kind: 'ticket', fields: { description: '#8# x' }, by: 'person' });
  const root = where === 'here' ? here : other;
  vendor.create({ kind: 'comment', root, fields: { body: '#2# said' }, by: 'hub' });
  vendor.merge(here, other, {});
  unmerge(vendor, here);
}

describe('inOrder: a comment that another has overtaken', () => {
  it('was to be first', async () => {
    expect(await overtaken({ isWhole: true, isShut: false })).toEqual(OVERTAKEN);
    expect(await overtaken({ isWhole: false, isShut: false })).toEqual(OVERTAKEN);
  });

  it('could not be read where it was said: the way there was shut, in the open', async () => {
    expect(await overtaken({ isWhole: false, isShut: true })).toEqual([]);
  });

  it('could not be read when the later was decided on, and the way was opened while that was under way', async () => {
    expect(await overtaken({ isWhole: false, isShut: true, opened: 'decided' })).toEqual([]);
    expect(await overtaken({ isWhole: false, isShut: true, opened: 'undecided' })).toEqual(OVERTAKEN);
  });

  it('had been read before the way was shut', async () => {
    expect(await overtaken({ isWhole: false, isShut: true, isRead: true })).toEqual(OVERTAKEN);
  });

  it('stood aside, out of sight where it was said, when the later was decided on, or had and nobody had seen it since', async () => {
    for (const isWhole of [true, false]) {
      expect(await overtaken({ isWhole, isShut: false, aside: 'still' })).toEqual([]);
      expect(await overtaken({ isWhole, isShut: false, aside: 'until before' })).toEqual([]);
      expect(await overtaken({ isWhole, isShut: false, aside: 'until before', isRead: true })).toEqual(
        OVERTAKEN,
      );
    }
  });

  it('was noted and, for all anybody can tell, sent: that stood in the open', async () => {
    expect(await overtaken({ isWhole: true, isShut: false, isDoubted: true })).toEqual([]);
  });

  it('was said in what a merge has moved, and the later was first heard of where that is now', async () => {
    expect(await overtaken({ isWhole: true, isShut: false, shown: 'where-moved' })).toEqual([]);
    expect(await overtaken({ isWhole: true, isShut: false, shown: 'where-said' })).toEqual(OVERTAKEN);
  });

  it('was said in what a merge has moved, and the later was first met by a file that hangs on it there', async () => {
    const given = { isWhole: true, isShut: false, isByFile: true };

    expect(await overtaken({ ...given, shown: 'where-moved' })).toEqual([]);
    expect(await overtaken({ ...given, shown: 'where-said' })).toEqual(OVERTAKEN);
  });

  it('was there first, where it was then, though a merge has moved that since', async () => {
    expect(await overtaken({ isWhole: true, isShut: false, copiedFirst: 'here' })).toEqual([]);
    expect(await overtaken({ isWhole: true, isShut: false, copiedFirst: 'elsewhere' })).toEqual(OVERTAKEN);
  });

  it('needed no reading: its event had shown all of it', async () => {
    expect(await overtaken({ isWhole: true, isShut: true })).toEqual(OVERTAKEN);
  });
});

/** What the hub wrote over a person's edit at v1, of a record whose description nobody ever changed. */
async function written(description: string) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }, { profile: SALESFORCE_LIKE }]);
  const [own, other] = world.sites;
  const ticket = { kind: 'ticket', fields: { description: '#1# x' } } as const;
  own!.vendor.create({ ...ticket, by: 'person' });
  const { id: copied } = other!.vendor.create({ ...ticket, by: 'hub' });
  other!.vendor.change(copied, { description: '#1# theirs' }, 'person');
  other!.vendor.change(copied, { description }, 'hub');
  const lanes = { [own!.connection]: { link: {} }, [other!.connection]: { link: {} } };
  const data = { id: 'r', kind: 'ticket', fields: ticket.fields, lanes };
  await world.store.commit([{ put: { pk: `${own!.organization}#root#r`, sk: 'root', data }, expect: 0 }]);
  return inOrder(world, familiesOf(world));
}

describe('inOrder: what was written to a field', () => {
  it('may be what its record held from the beginning, and nothing that it never held', async () => {
    expect(await written('#1# x')).toEqual([]);
    expect(await written('#1# z')).toMatchObject([{ invariant: 6 }]);
  });
});

/** A comment through the API, changed by a person at a copy of the hub's, which the hub then writes. */
async function writtenOver(body: string) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }]);
  const { vendor, organization } = world.sites[0]!;
  const { id: root } = vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by: 'hub' });
  const said = { kind: 'comment' as const, fields: { body: '#2# said' } };
  const { id } = vendor.create({ ...said, root, by: 'hub' });
  vendor.change(id, { body: '#2# changed' }, 'person');
  vendor.change(id, { body }, 'hub');
  const pk = `${organization}#root#r`;
  const record = { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes: {} };
  const child = { ...said, id: 'r.2', root: 'r', links: {} };
  const change = { record: child.id, kind: 'comment', what: 'created', fields: {} };
  await world.store.commit([
    { put: { pk, sk: 'root', data: record }, expect: 0 },
    { put: { pk, sk: `child#${child.id}`, data: child }, expect: 0 },
    { put: { pk, sk: 'history#1', data: { changes: [change], losses: [] } }, expect: 0 },
  ]);
  return inOrder(world, familiesOf(world));
}

describe('inOrder: what is written over what a person said', () => {
  it('is what the record holds, also where that has never changed', async () => {
    expect(await writtenOver('#2# said')).toEqual([]);
  });

  it('is nothing that the record never held', async () => {
    expect(await writtenOver('#2# unheard of')).toMatchObject([{ invariant: 6 }]);
  });
});
