import { expect, it } from 'vitest';
import type { Request } from '../truth.ts';
import { unmerge } from '../vendor/bin.ts';
import type { Family } from './families.ts';
import { mergingWorld } from './merging-world.ts';
import { oneCopy } from './once.ts';

/** A comment the hub has made, deleted by a person at 2 s and back at 4 s, and another made for it that landed at 6 s. */
function judged(second: Pick<Request, 'askedAtMs' | 'isLate'>, isSaid = true) {
  const world = mergingWorld();
  const [site] = world.sites;
  const { vendor, organization } = site!;
  const { clock } = world.scheduler;
  const startMs = clock.now();
  const at = (ms: number) => clock.advanceTo(startMs + ms);
  const make = (asked: Pick<Request, 'askedAtMs' | 'isLate'>) => {
    const object = vendor.create({ kind: 'comment', fields: { body: '#1# said' }, by: 'hub' });
    const askedAtMs = startMs + asked.askedAtMs;
    const request = { ...asked, askedAtMs, record: 'r' } as unknown as Request;
    world.chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, request);
    return object;
  };
  const first = make({ askedAtMs: 0, isLate: false });
  at(2_000);
  vendor.setLife(first.id, 'deleted', 'person');
  at(4_000);
  vendor.setLife(first.id, 'undeleted', 'person');
  at(6_000);
  const copies = [first, make(second)].map((object) => ({ site: site!, object, isLive: true }));
  const notes = { root: { lanes: {} }, link: () => (isSaid ? { parked: {} } : {}) };
  const family = { organization, kind: 'comment', mark: 1, copies, notes } as unknown as Family;
  return oneCopy(world, [family]);
}

it('oneCopy: what was asked for while the other was dead may land beside it once it is back, if the hub says so', () => {
  expect(judged({ askedAtMs: 3_000, isLate: true })).toEqual([]);
  expect(judged({ askedAtMs: 3_000, isLate: true }, false)).toMatchObject([{ invariant: 4 }]);
});

it.each([
  ['before it died', { askedAtMs: 1_000, isLate: true }],
  ['after it was back', { askedAtMs: 5_000, isLate: true }],
  ['after it was back, and in time', { askedAtMs: 5_900, isLate: false }],
])('oneCopy: nothing is asked for beside a copy that lives, %s', (_when, second) => {
  expect(judged(second)).toMatchObject([{ invariant: 4 }]);
});

/** A note of the hub's own, which bears nobody's mark: deleted by a person before it is made again, and then brought back, or not; set aside, and people are asked of it, or not. */
async function noted({
  isBack,
  asked,
}: {
  readonly isBack: boolean;
  readonly asked?: 'of it' | 'of another';
}) {
  const world = mergingWorld();
  const { vendor, organization, connection } = world.sites[0]!;
  const { clock } = world.scheduler;
  const startMs = clock.now();
  const make = () => {
    const object = vendor.create({ kind: 'comment', fields: { body: 'it was not fetched' }, by: 'hub' });
    const request = { askedAtMs: startMs, isLate: true, record: 'r' } as unknown as Request;
    world.chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, request);
    return object;
  };
  const first = make();
  clock.advanceTo(startMs + 1_000);
  if (isBack) vendor.setLife(first.id, 'deleted', 'person');
  make();
  clock.advanceTo(startMs + 2_000);
  if (isBack) vendor.setLife(first.id, 'undeleted', 'person');
  const link = { parked: {}, besides: asked === undefined ? [] : [asked === 'of it' ? first.id : 'another'] };
  const data = { id: 'r', links: { [connection]: link } };
  await world.store.commit([{ put: { pk: `${organization}#root#a`, sk: 'child#r', data }, expect: 0 }]);
  return oneCopy(world, []);
}

it('oneCopy: a note of the hub’s own that a person has brought back may stand beside another, if people are asked which is to stay', async () => {
  expect(await noted({ isBack: true, asked: 'of it' })).toEqual([]);
  expect(await noted({ isBack: true, asked: 'of another' })).toMatchObject([{ invariant: 4 }]);
  expect(await noted({ isBack: true })).toMatchObject([{ invariant: 4 }]);
  expect(await noted({ isBack: false, asked: 'of it' })).toMatchObject([
    { invariant: 4, what: expect.stringMatching(/^r is at v0 as v0-c\d+ and as v0-c\d+$/) },
  ]);
});

/**
 * A case of a person's, and one of the hub's that was merged into it, taken out of the bin and deleted again: one record's
 * by now, whose text stands in the person's.
 */
function mergedAway({ text, isReturned = true }: { readonly text: string; readonly isReturned?: boolean }) {
  const world = mergingWorld();
  const [site] = world.sites;
  const { vendor, organization } = site!;
  const { clock } = world.scheduler;
  const pause = () => clock.advanceTo(clock.now() + 1_000);
  const theirs = vendor.create({ kind: 'ticket', fields: { description: text }, by: 'person' });
  pause();
  const ours = vendor.create({ kind: 'ticket', fields: { description: '#1# it burns' }, by: 'hub' });
  const request = { askedAtMs: clock.now(), isLate: false, record: 'r' } as unknown as Request;
  world.chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, request);
  pause();
  if (isReturned) {
    vendor.merge(ours.id, theirs.id, {});
    unmerge(vendor, ours.id);
  }
  vendor.setLife(ours.id, 'deleted', 'person');
  vendor.change(theirs.id, { description: '#1# it burns' }, 'hub');
  const copies = [theirs, ours].map(({ id }) => ({
    site: site!,
    object: vendor.objects.get(id)!,
    isLive: vendor.isLive(id),
  }));
  const notes = { root: { lanes: {} }, link: () => ({}) };
  const family = { organization, kind: 'ticket', mark: 1, copies, notes } as unknown as Family;
  return oneCopy(world, [family]);
}

it('oneCopy: what was made while the other was another case’s was not made beside it, though a merge has made them one', () => {
  expect(mergedAway({ text: '#2# it smokes' })).toEqual([]);
});

it.each([
  ['was the same case’s, merged away and taken out of the bin or not', { text: '#1# it burns' }],
  ['was another’s, and no merge has made them one', { text: '#2# it smokes', isReturned: false }],
])('oneCopy: it was made beside the other where that %s', (_whose, given) => {
  expect(mergedAway(given)).toMatchObject([{ invariant: 4, what: expect.stringContaining('made beside') }]);
});
