import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { quietWorld } from '../quiet-world.ts';
import type { Site } from '../truth.ts';
import { unmerge } from '../vendor/bin.ts';
import { type Profile, SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { noSilentLoss } from './loss.ts';

/** A ticket at S3 whose status a person sets to S1, and which the hub goes over, on what its functions have seen. */
function editedTicket(profile: Partial<Profile> = {}) {
  const world = quietWorld([{ profile: { ...SALESFORCE_LIKE, hasConditionalWrites: false, ...profile } }]);
  const { vendor, index: site } = world.sites[0]!;
  const fields = { description: '#1# x', status: 'S3' };
  const { id: object } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  const wait = () => world.scheduler.runUntil(world.scheduler.clock.now() + 1_000);
  return {
    edits: async (status: string) => {
      vendor.change(object, { status }, 'person');
      await wait();
    },
    /** From now on its priority is in step with what people call severity there. */
    pairs: async () => {
      const rule = { field: 'priority', vendorField: 'severity', direction: 'both' as const, since: 1 };
      const document = { version: 1, kinds: { ticket: { rules: [rule] } } };
      world.sites[0]!.documents.push({ document, fromMs: world.scheduler.clock.now() });
      await wait();
    },
    empties: async (field: string) => {
      vendor.change(object, { [field]: 'P1' }, 'person');
      vendor.change(object, { [field]: null }, 'person');
      await wait();
    },
    /** By a function of its own, which has read everything up to now. */
    looks: async () => {
      const run = {};
      const atMs = world.scheduler.clock.now();
      world.chronicle.looks.push({ site, object, atMs, deeds: vendor.deeds.length, run, isTaken: true });
      await wait();
      return run;
    },
    lands: async (run: object, changes: Record<string, string>) => {
      world.chronicle.requests.set(`${site} ${vendor.deeds.length}`, {
        askedAtMs: world.scheduler.clock.now(),
        isLate: true,
        isAnswered: false,
        record: 'ticket-1' as RecordId,
        ifVersion: undefined,
        mapping: 0,
        fields: Object.keys(changes),
        run,
        isTaken: false,
      });
      vendor.change(object, changes, 'hub');
      await wait();
    },
    breaches: () => noSilentLoss(world, familiesOf(world)),
  };
}

const LOST = [
  { invariant: 3, what: 'ticket #1#.status: "S1" set at v0 was overwritten by "S4", unjournalled' },
];

describe('noSilentLoss: a value that a request sent before it landed on', () => {
  it('is the hub’s own from there on, where the vendor has no conditions', async () => {
    const ticket = editedTicket();
    const before = await ticket.looks();
    await ticket.edits('S1');
    await ticket.lands(before, { status: 'S1' });

    await ticket.lands(await ticket.looks(), { status: 'S4' });

    expect(ticket.breaches()).toEqual([]);
  });

  it('was seen as theirs, where the request was sent on a later look', async () => {
    const ticket = editedTicket();
    await ticket.edits('S1');
    await ticket.lands(await ticket.looks(), { status: 'S1' });

    await ticket.lands(await ticket.looks(), { status: 'S4' });

    expect(ticket.breaches()).toEqual(LOST);
  });

  it('is still theirs, where the request was about something else', async () => {
    const ticket = editedTicket();
    const before = await ticket.looks();
    await ticket.edits('S1');
    await ticket.lands(before, { priority: 'P1' });

    await ticket.lands(await ticket.looks(), { status: 'S4' });

    expect(ticket.breaches()).toEqual(LOST);
  });

  it('is still theirs, where a condition would have refused the request', async () => {
    const ticket = editedTicket({ hasConditionalWrites: true });
    const before = await ticket.looks();
    await ticket.edits('S1');
    await ticket.lands(before, { status: 'S1' });

    await ticket.lands(await ticket.looks(), { status: 'S4' });

    expect(ticket.breaches()).toEqual(LOST);
  });
});

describe('noSilentLoss: a field that a person has left empty', () => {
  it.each([
    ['takes the hub’s value once it is in step, where it was not then', 'severity', []],
    [
      'was emptied, where it was in step',
      'priority',
      [{ invariant: 3, what: 'ticket #1#.priority: null set at v0 was overwritten by "P2", unjournalled' }],
    ],
  ])('%s', async (_rule, field, breaches) => {
    const ticket = editedTicket({ hasDocument: true });
    await ticket.empties(field);

    await ticket.lands(await ticket.looks(), { [field]: 'P2' });

    expect(ticket.breaches()).toEqual(breaches);
  });

  it('takes the hub’s value where it was emptied before the hub had looked at the new pair, and is kept once it had', async () => {
    const [early, late] = [editedTicket({ hasDocument: true }), editedTicket({ hasDocument: true })];
    for (const ticket of [early, late]) await ticket.pairs();
    await late.looks();

    for (const ticket of [early, late]) {
      await ticket.empties('severity');
      await ticket.lands(await ticket.looks(), { severity: 'P2' });
    }

    expect(early.breaches()).toEqual([]);
    const what = 'ticket #1#.severity: null set at v0 was overwritten by "P2", unjournalled';
    expect(late.breaches()).toEqual([{ invariant: 3, what }]);
  });
});

type Fate = 'folded' | 'merged' | 'borrowing';
/**
 * A person makes somebody belong to a company, and the hub has them belong to none; the record whose copy that company was
 * has been folded into another since, whose it is, or was until it was merged away: that one has the survivor then, or
 * borrows it from another.
 */
async function belongedTo(fate: Fate) {
  const merges = fate !== 'folded';
  const world = quietWorld([
    { profile: { ...SALESFORCE_LIKE, hasAccounts: true, ...(merges ? { merges } : {}) } },
  ]);
  const { vendor, organization, connection } = world.sites[0]!;
  const company = (name: string) => vendor.create({ kind: 'account', fields: { name }, by: 'person' }).id;
  const [named, heir] = [company('#7# x'), company('#6# z')];
  const fields = { name: 'Ada', email: 'e#8#@example.com', account: null };
  const { id: contact } = vendor.create({ kind: 'contact', fields, by: 'person' });
  vendor.change(contact, { account: named }, 'person');
  vendor.change(contact, { account: null }, 'hub');
  if (merges) vendor.merge(named, heir, {});
  const lanes = (externalId: string, more: object = {}) => ({
    [connection]: { link: { externalId, ...more } },
  });
  const put = (id: string, sk: string, data: object) => ({
    put: { pk: `${organization}#root#${id}`, sk, data },
    expect: 0,
  });
  const account = (id: string, name: string, held: object) =>
    put(id, 'root', { id, kind: 'account', fields: { name }, lanes: held });
  const accounts = {
    folded: [account('a', '#7# x', lanes(named))],
    merged: [account('a', '#6# z', lanes(heir))],
    borrowing: [
      account('a', '#7# x', lanes(heir, { isBorrowed: true, former: [named] })),
      account('b', '#6# z', lanes(heir)),
    ],
  };
  const folded = { id: 'older', kind: 'account', fields: { name: '#7# y' }, lanes: {}, foldedInto: 'a' };
  await world.store.commit([
    put('older', 'root', folded),
    ...accounts[fate],
    put('c', 'root', { id: 'c', kind: 'contact', fields, lanes: lanes(contact) }),
    put('c', 'history#1', { changes: [], losses: [{ record: 'c', field: 'account', lost: 'older' }] }),
  ]);
  return {
    breaches: () => noSilentLoss(world, familiesOf(world)),
    isHeardInTime: () =>
      world.chronicle.committedAtMs.set(`${organization}#root#c history#1`, world.scheduler.clock.now() + 1),
  };
}

describe('noSilentLoss: a company that a contact was said to belong to', () => {
  it.each([
    ['has been folded into another since', 'folded'],
    ['has been folded into another since, and the company itself was merged away', 'merged'],
    ['has no company of its own left, for all were merged away', 'borrowing'],
  ] as const)('is in the journal under the record it was then, though that %s', async (_since, fate) => {
    const history = await belongedTo(fate);
    expect(history.breaches()).toHaveLength(1);

    history.isHeardInTime();

    expect(history.breaches()).toEqual([]);
  });
});

/**
 * Its company was merged into another there, and it was moved along; then nobody employs it any more, so the hub writes, or
 * that company is back, and named by the hub as before.
 */
async function movedAlong(
  more: { readonly isBorrowed?: true },
  isBack?: 'back' | 'back before' | 'named between',
) {
  const profile = { ...SALESFORCE_LIKE, merges: true as const, hasAccounts: true as const };
  const world = quietWorld([{ profile }, { profile }]);
  const [{ vendor: desk, connection: here, organization }, { vendor: other, connection: there }] =
    world.sites as [Site, Site];
  const company = (vendor: typeof desk, name: string) =>
    vendor.create({ kind: 'account', fields: { name }, by: 'person' }).id;
  const [loser, survivor, copy] = [company(desk, '#1# A'), company(desk, '#2# B'), company(other, '#1# A')];
  const fields = { email: 'e#3#@example.com', account: loser };
  const { id: contact } = desk.create({ kind: 'contact', fields, by: 'person' });
  desk.merge(loser, survivor, {});
  const wait = () => world.scheduler.clock.advanceTo(world.scheduler.clock.now() + 1_000);
  const nameSurvivor = () => {
    wait();
    desk.change(contact, { account: null }, 'person');
    desk.change(contact, { account: survivor }, 'person');
  };
  if (isBack === 'named between') nameSurvivor();
  wait();
  if (isBack !== undefined) unmerge(desk, loser);
  if (isBack === 'back before') nameSurvivor();
  const [held, written] = isBack === undefined ? [null, null] : ['a', loser];
  desk.change(contact, { account: written }, 'hub');

  const put = (id: string, sk: string, data: object) => ({
    put: { pk: `${organization}#root#${id}`, sk, data },
    expect: 0,
  });
  const at = (externalId: unknown) => ({ link: { externalId } });
  const shared = { link: { externalId: isBack === undefined ? survivor : loser, ...more } };
  const lanes = { [there]: at(copy), [here]: shared };
  const change = { record: 'c', kind: 'contact', fields: { account: { from: 'a', to: null } } };
  await world.store.commit([
    put('a', 'root', { id: 'a', kind: 'account', fields: { name: '#1# A' }, lanes }),
    put('b', 'root', {
      id: 'b',
      kind: 'account',
      fields: { name: '#2# B' },
      lanes: { [here]: at(survivor) },
    }),
    put('c', 'root', {
      id: 'c',
      kind: 'contact',
      fields: { email: fields.email, account: held },
      lanes: { [here]: at(contact) },
    }),
    ...(isBack === undefined ? [put('c', 'history#1', { changes: [change], losses: [] })] : []),
  ]);
  const laterMs = world.scheduler.clock.now() + 1;
  world.chronicle.committedAtMs.set(`${organization}#root#c history#1`, laterMs);
  return noSilentLoss(world, familiesOf(world)).map(({ what }) => what);
}

describe('noSilentLoss: whom a merge has moved along', () => {
  it('names its own company still, where that goes on as the other’s copy', async () => {
    expect(await movedAlong({ isBorrowed: true })).toEqual([]);
  });

  it('has said so until its own company was back', async () => {
    expect(await movedAlong({}, 'back')).toEqual([]);
  });

  it.each([['back before'], ['named between']] as const)(
    'names another where people have chosen that one: %s',
    async (when) => {
      expect(await movedAlong({}, when)).toEqual([
        'contact #3#.account: "v0-a0002" set at v0 was overwritten by "v0-a0001", unjournalled',
      ]);
    },
  );

  it('names another, where that is not known to be its own', async () => {
    expect(await movedAlong({})).toEqual([
      'contact #3#.account: "v0-a0002" set at v0 was overwritten by null, unjournalled',
    ]);
  });
});
