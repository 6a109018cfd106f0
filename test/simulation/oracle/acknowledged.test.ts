import { expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { acknowledgedIsDone } from './acknowledged.ts';
import { familiesOf } from './grouped.ts';
import { mergingWorld } from './merging-world.ts';

/**
 * A record folded into another after a merge; beside it a stranger’s ticket that bears its mark, as does a record that has
 * no copy which could be told from a stranger's. One of them was edited through the hub, and one has a journal.
 */
async function judged(edited: string, journalled: string, history: object) {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const make = (description: string) =>
    vendor.create({ kind: 'ticket', fields: { description }, by: 'person' }).id;
  const [loser, survivor, stranger] = [make('#1# x'), make('#2# x'), make('#1# x')];
  vendor.merge(loser!, survivor!, {});
  const keep = (id: string, description: string, more: object) => ({
    put: {
      pk: `${organization}#root#${id}`,
      sk: 'root',
      data: { id, kind: 'ticket', fields: { description }, ...more },
    },
    expect: 0,
  });
  const at = (externalId: string | undefined) => ({ lanes: { [connection]: { link: { externalId } } } });
  await world.store.commit([
    keep('older', '#2# x', at(survivor)),
    keep('younger', '#1# x', { lanes: {}, foldedInto: 'older' }),
    keep('other', '#1# x', at(stranger)),
    keep('alone', '#1# x', at(undefined)),
    { put: { pk: `${organization}#root#${journalled}`, sk: 'history#1', data: history }, expect: 0 },
  ]);
  const nowMs = world.scheduler.clock.now();
  world.chronicle.committedAtMs.set(`${organization}#root#${journalled} history#1`, nowMs);
  world.chronicle.hubEdits.push({
    organization,
    mark: 1,
    root: edited as never,
    kind: 'ticket',
    fields: { subject: 'fire' },
    askedAtMs: nowMs,
    ackedAtMs: nowMs,
  });
  return acknowledgedIsDone(world, familiesOf(world));
}

const lost = { changes: [], losses: [{ record: 'older', field: 'subject', lost: 'fire' }] };
const replacedIn = (record: string) => ({
  changes: [{ record, kind: 'ticket', fields: { subject: { from: 'fire', to: 'smoke' } }, source: 'conn0' }],
  losses: [],
});

it('acknowledgedIsDone: an edit of a record that was folded is in the journal of the one that goes on for it', async () => {
  expect(await judged('younger', 'older', lost)).toEqual([]);
});

it('acknowledgedIsDone: it is missed where that one has nothing of it', async () => {
  expect(await judged('younger', 'older', { changes: [], losses: [] })).toMatchObject([{ invariant: 3 }]);
});

it('acknowledgedIsDone: one of a record without a copy of its own is in its own journal, in nobody else’s', async () => {
  expect(await judged('alone', 'alone', replacedIn('alone'))).toEqual([]);
  expect(await judged('alone', 'other', replacedIn('other'))).toMatchObject([{ invariant: 3 }]);
});

/** A person has restored one text of a ticket's through the hub; the record holds another, or the same. */
async function restored(value: string, held: string) {
  const world = quietWorld([{ profile: { ...SALESFORCE_LIKE, normaliser: 'restless' } }]);
  const { vendor, connection, organization } = world.sites[0]!;
  const { id: externalId } = vendor.create({ kind: 'ticket', fields: { description: held }, by: 'person' });
  const lanes = { [connection]: { link: { externalId } } };
  const root = { id: 'a', kind: 'ticket', fields: { description: held }, lanes };
  await world.store.commit([{ put: { pk: `${organization}#root#a`, sk: 'root', data: root }, expect: 0 }]);
  const atMs = world.scheduler.clock.now();
  const edit = { organization, mark: 1, root: 'a' as never, kind: 'ticket' as const };
  const fields = { description: value };
  world.chronicle.hubEdits.push({ ...edit, fields, askedAtMs: atMs, ackedAtMs: atMs });
  return acknowledgedIsDone(world, familiesOf(world));
}

it('acknowledgedIsDone: what a restless vendor had made of a text stands once it is restored', async () => {
  expect(await restored('#1# fire ~7', '#1# fire ~7')).toEqual([]);
  expect(await restored('#1# fire ~7', '#1# smoke ~7')).toMatchObject([{ invariant: 3 }]);
});

/** A text restored in one of two comments that bear one mark: the other was taken for a stranger's. */
async function restoredIn(record: 'a.1' | 'a.2', held: string) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }]);
  const { vendor, connection, organization } = world.sites[0]!;
  const ticket = vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by: 'person' }).id;
  const note = vendor.create({
    kind: 'comment',
    fields: { body: '#2# said' },
    root: ticket,
    by: 'person',
  }).id;
  const lanes = { [connection]: { link: { externalId: ticket } } };
  const root = { id: 'a', kind: 'ticket', fields: { description: '#1# x' }, lanes };
  const child = (id: string, body: string, externalId?: string) => {
    const links = externalId === undefined ? {} : { [connection]: { externalId } };
    return { id, kind: 'comment', root: 'a', fields: { body }, links };
  };
  const pk = `${organization}#root#a`;
  await world.store.commit([
    { put: { pk, sk: 'root', data: root }, expect: 0 },
    { put: { pk, sk: 'child#a.1', data: child('a.1', '#2# said', note) }, expect: 0 },
    { put: { pk, sk: 'child#a.2', data: child('a.2', held) }, expect: 0 },
  ]);
  const atMs = world.scheduler.clock.now();
  const edit = {
    organization,
    mark: 2,
    root: 'a' as never,
    kind: 'comment' as const,
    record: record as never,
  };
  world.chronicle.hubEdits.push({ ...edit, fields: { body: '#2# v9' }, askedAtMs: atMs, ackedAtMs: atMs });
  return acknowledgedIsDone(world, familiesOf(world));
}

it('acknowledgedIsDone: what is restored in one of two comments of a mark stands in that one', async () => {
  expect(await restoredIn('a.2', '#2# v9')).toEqual([]);
});

it.each<[string, 'a.1' | 'a.2', string]>([
  ['stands in neither', 'a.2', '#2# said'],
  ['stands in the other', 'a.1', '#2# v9'],
])('acknowledgedIsDone: it is missed where it %s', async (_where, record, held) => {
  expect(await restoredIn(record, held)).toMatchObject([{ invariant: 3 }]);
});

/** A comment said through the hub whose copy, never answered for, was taken for a stranger's: two records bear its mark. */
async function said(parked: 'its own' | 'the stranger’s') {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }]);
  const { vendor, connection, organization } = world.sites[0]!;
  const ticket = vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by: 'person' }).id;
  const link = (of: string) => ({ [connection]: parked === of ? { parked: { cause: 'doubtful' } } : {} });
  const child = (id: string, links: object) => ({
    put: {
      pk: `${organization}#root#a`,
      sk: `child#${id}`,
      data: { id, kind: 'comment', fields: { body: '#2# y' }, links },
    },
    expect: 0,
  });
  const lanes = { [connection]: { link: { externalId: ticket } } };
  const root = { id: 'a', kind: 'ticket', fields: { description: '#1# x' }, lanes };
  await world.store.commit([
    { put: { pk: `${organization}#root#a`, sk: 'root', data: root }, expect: 0 },
    child('a.1', link('the stranger’s')),
    child('a.2', link('its own')),
  ]);
  const atMs = world.scheduler.clock.now();
  const deed = { organization, mark: 1, root: 'a' as never, askedAtMs: atMs, ackedAtMs: atMs };
  world.chronicle.hubComments.push({ ...deed, comment: 2, record: 'a.2' as never, visibility: 'public' });
  return acknowledgedIsDone(world, familiesOf(world));
}

it('acknowledgedIsDone: what was made of the comment itself is asked of its own record, not of one that bears its mark', async () => {
  expect(await said('its own')).toEqual([]);
  expect(await said('the stranger’s')).toMatchObject([{ invariant: 1 }]);
});
