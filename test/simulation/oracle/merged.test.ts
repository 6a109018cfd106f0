import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { unmerge } from '../vendor/bin.ts';
import type { Creation } from '../vendor/profile.ts';
import type { Vendor } from '../vendor/vendor.ts';
import { familiesOf } from './grouped.ts';
import { mergesFollow } from './merged.ts';
import { mergingWorld } from './merging-world.ts';

/** One record's copy is merged into a person’s object; later another of the hub’s making is there, and both are one record. */
async function mergedAway(isLate = false, creation: Creation = 'unique', text = '#1# x', isTaken = true) {
  const world = mergingWorld({ creation });
  const { chronicle, scheduler, store } = world;
  const { vendor, connection, organization } = world.sites[0]!;
  const fields = { description: '#1# x' };
  const make = (record: string, isLate = false, description = fields.description) => {
    const { id } = vendor.create({ kind: 'ticket', fields: { description }, by: 'hub' });
    chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, { record, isLate, isTaken } as never);
    return id;
  };
  const gone = make('older');
  const { id: into } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  vendor.merge(gone, into, {});
  await scheduler.runUntil(scheduler.clock.now() + 1_000);
  const later = make('younger', isLate, text);
  const keep = async (externalId: ExternalId, more: object = {}) => {
    const lanes = { [connection]: { link: { externalId, ...more } } };
    const root = { id: 'older', kind: 'ticket', fields, lanes };
    const signpost = { ...root, id: 'younger', lanes: {}, foldedInto: 'older' };
    await store.commit(
      [root, signpost].map((data) => ({
        put: { pk: `${organization}#root#${data.id}`, sk: 'root', data },
        expect: 0,
      })),
    );
    return mergesFollow(world, familiesOf(world));
  };
  const tellOf = (externalId: ExternalId, closedAtMs: number) => {
    chronicle.told.push({ object: externalId, atMs: 0, heardAtMs: 0, fields, inbox: 'e1' });
    chronicle.closedAtMs.set(`${organization}#inbox#${connection}#e1 row`, closedAtMs);
  };
  return { world, vendor, gone, into, later, keep, tellOf };
}

const unmarked = () => mergedAway(false, 'none', '#1# x', false);

describe('mergesFollow: whose copy was merged away', () => {
  it('has no other made while the survivor lives', async () => {
    const { into, later, keep } = await mergedAway();

    const what = `ticket #1# at v0: ${later} was made though v0-t0001 had gone on as another`;
    expect(await keep(into)).toEqual([{ invariant: 4, what }]);
  });

  it('has a creation land that was under way since before, where that is set aside in the open', async () => {
    const [told, hushed] = [await mergedAway(true), await mergedAway(true)];

    expect(await told.keep(told.into, { parked: { id: 'p', cause: 'doubtful' } })).toEqual([]);
    expect(await hushed.keep(hushed.into)).toHaveLength(1);
  });

  it('has another made where its own bore no mark and was never known to be there', async () => {
    const [unknown, known] = [await unmarked(), await unmarked()];

    expect(await unknown.keep(unknown.into)).toEqual([]);
    expect(await known.keep(known.into, { former: [known.gone] })).toHaveLength(1);
  });

  it('has another made where its creation was never answered, and nothing that tells of it is through', async () => {
    const told = async (closedAfterMs: number) => {
      const { world, into, gone, keep, tellOf } = await mergedAway(false, 'unique', '#1# x', false);
      tellOf(gone, world.scheduler.clock.now() + closedAfterMs);
      return keep(into);
    };

    expect(await told(1)).toEqual([]);
    expect(await told(-1)).toHaveLength(1);
  });

  it('goes on as what the survivor was merged into in turn, though that was made for another record', async () => {
    const { vendor, into, later, keep } = await mergedAway();
    vendor.merge(into, later, {});

    expect(await keep(later)).toEqual([]);
  });

  it('has another that was made for another case, which a merge has made one with it since, out of the bin again', async () => {
    const backOut = async (text: string) => {
      const { vendor, into, later, keep } = await mergedAway(false, 'unique', text);
      vendor.merge(later, into, {});
      unmerge(vendor, later);
      return keep(into);
    };

    expect(await backOut('#2# y')).toEqual([]);
    expect(await backOut('#1# x')).toHaveLength(1);
  });

  it('has none made because its own was once out of the bin, before it was merged away as it is', async () => {
    const { world, gone, into, keep } = await mergedAway();
    world.sites[0]!.vendor.returned.set(gone, [into]);

    expect(await keep(into)).toHaveLength(1);
  });
});

const ticketsIn = (vendor: Vendor) => (mark: number, marker?: string) =>
  vendor.create({
    kind: 'ticket',
    fields: { description: `#${mark}# x` },
    by: 'hub',
    marker: marker as never,
  }).id;

/** What is said on a second copy of a conversation, which the hub made late; by whom, whether people know, and for which record. */
async function saidOnTwin(by: 'person' | 'hub', isTold: boolean, madeFor = 'r') {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const make = ticketsIn(vendor);
  const [gone, into, twin] = [make(1, 'r'), make(2), make(1, madeFor)];
  vendor.merge(gone, into, {});
  const { id: comment } = vendor.create({ kind: 'comment', fields: { body: '#3# x' }, root: twin, by });
  const parked = isTold ? { parked: { id: 'p', cause: 'doubtful' } } : {};
  const lanes = { [connection]: { link: { externalId: into, isBorrowed: true, ...parked } } };
  const [pk, links] = [`${organization}#root#r`, { [connection]: { externalId: comment } }];
  const root = { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes };
  const child = { id: 'r.1', root: 'r', kind: 'comment', fields: { body: '#3# x' }, links };
  const signpost = { ...root, id: 'younger', lanes: {}, foldedInto: 'r' };
  await world.store.commit([
    { put: { pk, sk: 'root', data: root }, expect: 0 },
    { put: { pk: `${organization}#root#younger`, sk: 'root', data: signpost }, expect: 0 },
    { put: { pk, sk: 'child#r.1', data: child }, expect: 0 },
  ]);
  const said = mergesFollow(world, familiesOf(world)).map(({ what }) => what);
  return said.filter((what) => what.startsWith('comment'));
}

/** As there; then people merge that copy into another conversation's. `told`: of what they know. */
async function goneWithTwin(by: 'person' | 'hub', told: object, former: readonly string[] = []) {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const make = ticketsIn(vendor);
  const [own, twin, another] = [make(1), make(1, 'r'), make(2)];
  const { id: comment } = vendor.create({ kind: 'comment', fields: { body: '#3# x' }, root: twin, by });
  vendor.merge(twin, another, {});
  const lanes = { [connection]: { link: { externalId: own, former: former.map(() => twin) } } };
  const [pk, links] = [`${organization}#root#r`, { [connection]: { externalId: comment } }];
  const parked = { connection, record: 'r', code: 'second_copy', ...told };
  const data = [
    ['root', { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes }],
    ['child#r.1', { id: 'r.1', root: 'r', kind: 'comment', fields: { body: '#3# x' }, links }],
    ['history#1', { changes: [], losses: [], events: [{ type: 'work.parked', data: parked }] }],
  ] as const;
  await world.store.commit(data.map(([sk, data]) => ({ put: { pk, sk, data }, expect: 0 })));
  const said = mergesFollow(world, familiesOf(world)).map(({ what }) => what);
  return said.filter((what) => what.startsWith('comment'));
}

describe('mergesFollow: what is said on a second copy of a conversation', () => {
  it('goes along where people merge that copy into another conversation’s, knowing of it, and it was no copy before', async () => {
    expect(await goneWithTwin('person', {})).toEqual([]);
    expect(await goneWithTwin('person', { code: 'other' })).toHaveLength(1);
    expect(await goneWithTwin('hub', {})).toHaveLength(1);
    expect(await goneWithTwin('person', {}, ['twin'])).toHaveLength(1);
  });

  it('does not go along with that where people knew of a second copy of something said there, or elsewhere', async () => {
    expect(await goneWithTwin('person', { record: 'r.1' })).toHaveLength(1);
    expect(await goneWithTwin('person', { connection: 'another' })).toHaveLength(1);
  });

  it('stands there where a person said it and people know of that copy', async () => {
    const elsewhere = [expect.stringMatching(/^comment #3# at v0 hangs on /)];

    expect(await saidOnTwin('person', true)).toEqual([]);
    expect(await saidOnTwin('person', false)).toEqual(elsewhere);
    expect(await saidOnTwin('hub', true)).toEqual(elsewhere);
  });

  it('stands there, too, where that copy was made for a record that was folded into its own since', async () => {
    expect(await saidOnTwin('person', true, 'younger')).toEqual([]);
    expect(await saidOnTwin('person', true, 'another')).toHaveLength(1);
  });
});

/** A copy of a record that died there by another's death, before or after it was merged away itself; what was noted then, by the real time. */
async function mergedOfDead(diedAtMs: number, changes: readonly string[] = ['deleted'], source?: string) {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const { scheduler, store, chronicle } = world;
  const startMs = scheduler.clock.now();
  const make = () => vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by: 'person' }).id;
  const [gone, into] = [make(), make()];
  scheduler.clock.advanceTo(startMs + 2_000);
  vendor.merge(gone, into, {});
  const pk = `${organization}#root#r`;
  const deleted = { atMs: 0, source: connection };
  const lanes = { [connection]: { link: { externalId: gone } } };
  const root = { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes, deleted };
  const noted = changes.map((what) => ({ record: 'r', what, source: source ?? connection }));
  const history = { changes: noted, losses: [], events: [] };
  await store.commit([
    { put: { pk, sk: 'root', data: root }, expect: 0 },
    { put: { pk, sk: 'history#1', data: history }, expect: 0 },
  ]);
  chronicle.committedAtMs.set(`${pk} history#1`, startMs + diedAtMs);
  return mergesFollow(world, familiesOf(world)).filter(({ what }) => what.startsWith('ticket r names'));
}

describe('mergesFollow: a dead record', () => {
  it('follows nothing that was merged after its death', async () => {
    expect(await mergedOfDead(1_999)).toEqual([]);
  });

  it.each<[string, Parameters<typeof mergedOfDead>]>([
    ['of that merge: it was taken for a deletion', [2_000]],
    ['of what somebody brought back before', [1_999, ['deleted', 'restored']]],
    ['elsewhere, before it died here', [1_999, ['deleted'], 'elsewhere']],
  ])('has to where it died %s', async (_when, given) => {
    expect(await mergedOfDead(...given)).toHaveLength(1);
  });
});

/**
 * A case that the hub made for a customer, in the bin while that one was merged, and out of it since; of a record that may be
 * dead, or set aside, or not the one it was made for.
 */
async function namedOf(isDead: boolean, isNamedAgain = false, code?: string, record = 'r') {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const make = (
    kind: 'contact' | 'ticket',
    fields: Record<string, string>,
    by: 'hub' | 'person' = 'person',
  ) => vendor.create({ kind, fields, by }).id;
  const [gone, into] = [1, 2].map((mark) => make('contact', { email: `c#${mark}#@example.com` }));
  const ticket = make('ticket', { description: '#3# x', requester: gone! }, 'hub');
  world.chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, { record: 'r', isTaken: true } as never);
  vendor.setLife(ticket, 'deleted', 'person');
  world.scheduler.clock.advanceTo(world.scheduler.clock.now() + 1_000);
  vendor.merge(gone!, into!, {});
  vendor.setLife(ticket, 'undeleted', 'person');
  if (record !== 'r') vendor.returned.set(ticket, []);
  if (isNamedAgain) vendor.change(ticket, { requester: null }, 'person');
  if (isNamedAgain) vendor.change(ticket, { requester: gone! }, 'hub');
  const parked = code === undefined ? {} : { parked: { id: 'p', cause: 'doubtful', code } };
  const lanes = { [connection]: { link: { externalId: ticket, ...parked } } };
  const deleted = isDead ? { deleted: { atMs: 0, source: connection } } : {};
  const data = { id: record, kind: 'ticket', fields: { description: '#3# x' }, lanes, ...deleted };
  await world.store.commit([{ put: { pk: `${organization}#root#${record}`, sk: 'root', data }, expect: 0 }]);
  return mergesFollow(world, familiesOf(world)).filter(({ what }) => what.includes('which was merged away'));
}

describe('mergesFollow: a case that came out of the bin, and names whom a merge took meanwhile', () => {
  it('does so still where its record is dead, and nothing is written to it', async () => {
    expect(await namedOf(true)).toEqual([]);
  });

  it('does so still where people are asked which of two copies is to stay, and of nothing else', async () => {
    expect(await namedOf(false, false, 'second_copy')).toEqual([]);
    expect(await namedOf(false, true, 'second_copy')).toHaveLength(1);
    expect(await namedOf(false, false, 'other')).toHaveLength(1);
  });

  it('does so still where it is a record of its own since, which nobody has told whom it is of', async () => {
    expect(await namedOf(false, false, undefined, 'another')).toEqual([]);
  });

  it('does not where its record lives, nor where that name was written since', async () => {
    expect(await namedOf(false)).toHaveLength(1);
    expect(await namedOf(true, true)).toHaveLength(1);
  });
});
