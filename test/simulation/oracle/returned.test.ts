import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { unmerge } from '../vendor/bin.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { Family } from './families.ts';
import { mergingWorld } from './merging-world.ts';
import { isNamedBefore, isSecond, namedBeforeMerges, stayedBehind } from './returned.ts';

/** One ticket, or customer, is merged into another at 2 s, and taken out of the bin at 4 s; the hub knows at 5 s. */
function merged(kind: 'ticket' | 'contact' = 'ticket', isReturned = true, isChain = false) {
  const world = mergingWorld();
  const [site] = world.sites;
  const { vendor, organization, connection } = site!;
  const { chronicle, scheduler } = world;
  const { clock } = scheduler;
  const startMs = clock.now();
  const at = (ms: number) => clock.advanceTo(startMs + ms);
  const make = (of: 'ticket' | 'contact' | 'comment', more: object = {}, askedAtMs?: number) => {
    const by = askedAtMs === undefined ? 'person' : 'hub';
    const object = vendor.create({ kind: of, fields: {}, by, ...more });
    const request = { record: 'r', askedAtMs: startMs + (askedAtMs ?? 0) } as never;
    if (by === 'hub') chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, request);
    return object;
  };
  const [own, into, third] = [make(kind).id, make(kind).id, make(kind).id];
  const early = make('comment', { root: own });
  const binned = make('comment', { root: own });
  vendor.setLife(binned.id, 'deleted', 'person');
  at(2_000);
  vendor.merge(own, into, {});
  if (isChain) vendor.merge(into, third, {});
  at(4_000);
  if (isReturned) unmerge(vendor, own);
  if (isChain) unmerge(vendor, into);
  const told = { externalId: own, life: 'undeleted', atMs: clock.now() } as never;
  chronicle.about.set('i', [told]);
  chronicle.closedAtMs.set(`${organization}#inbox#${connection}#i row`, startMs + 5_000);
  const link = { externalId: own };
  const root = { id: 'r', lanes: { [connection]: { link } } } as unknown as Root;
  const copyOf = (object: VendorObject) => ({ site: site!, object, isLive: true });
  const isExcused = (object: VendorObject) => stayedBehind(world, root, copyOf(object));
  return { world, vendor, connection, own, into, third, early, binned, make, copyOf, isExcused };
}

describe('what hangs elsewhere than on a copy that is back out of the bin', () => {
  it('stays where that merge has moved it', () => {
    const [{ early, isExcused }, never] = [merged(), merged('ticket', false)];

    expect(isExcused(early)).toBe(true);
    expect(never.isExcused(never.early)).toBe(false);
  });

  it('stays where it was made as long as the hub did not know', () => {
    const { make, into, third, isExcused } = merged();

    expect(isExcused(make('comment', { root: into }, 5_000))).toBe(true);
    expect(isExcused(make('comment', { root: into }, 5_001))).toBe(false);
    expect(isExcused(make('comment', { root: third }, 5_000))).toBe(false);
    expect(isExcused(make('comment', { root: into }))).toBe(false);
  });

  it('stays where it was made by a request that was noted before the hub knew, and sent at once', () => {
    const { world, connection, make, into, isExcused } = merged();
    const notedAtMs = world.scheduler.clock.now() + 900;
    const made = (askedAtMs: number) => isExcused(make('comment', { root: into }, askedAtMs));

    world.chronicle.intended.set(`${connection} r`, [{ id: 'p', atMs: notedAtMs }]);

    expect(made(5_001)).toBe(true);
    expect(made(34_900)).toBe(true);
    expect(made(34_901)).toBe(false);
    world.chronicle.intended.set(`${connection} r`, [{ id: 'p', atMs: notedAtMs + 101 }]);
    expect(made(5_001)).toBe(false);
  });

  it('stays where it was made so, though what that was merged into was merged in turn, and is back as well', () => {
    const { make, third, isExcused } = merged('ticket', true, true);

    expect(isExcused(make('comment', { root: third }, 5_000))).toBe(true);
    expect(isExcused(make('comment', { root: third }, 5_001))).toBe(false);
    expect(isExcused(make('comment', { root: make('ticket').id }, 5_000))).toBe(false);
  });

  it('comes out of the bin where it went in', () => {
    const { make, own, binned, isExcused } = merged();

    expect(isExcused(binned)).toBe(true);
    expect(isExcused({ ...make('comment', { root: own }), createdAtMs: Number.POSITIVE_INFINITY })).toBe(
      false,
    );
  });
});

it('isNamedBefore: a customer who is back is named by whom they were merged into, where that was before the hub knew', () => {
  const { world, own, into, third, vendor, make, copyOf } = merged('contact');
  const contact = { copies: [copyOf(vendor.objects.get(own)!)] } as unknown as Family;
  const isExcused = (requester: ExternalId, askedAtMs: number) =>
    isNamedBefore(world, contact, copyOf(make('ticket', { fields: { requester } }, askedAtMs)));

  expect(isExcused(into, 5_000)).toBe(true);
  expect(isExcused(into, 5_001)).toBe(false);
  expect(isExcused(third, 5_000)).toBe(false);
});

describe('namedBeforeMerges: whom a case has named before merges gave it others', () => {
  /** A customer is merged into the second, and that one into the third; people may choose in between. */
  const lastNaming = (chosen?: 'second') => {
    const world = mergingWorld();
    const [site] = world.sites;
    const { vendor } = site!;
    const { clock } = world.scheduler;
    const wait = () => clock.advanceTo(clock.now() + 1_000);
    const customers = [1, 2, 3].map(() => vendor.create({ kind: 'contact', fields: {}, by: 'person' }).id);
    const [first, second, third] = customers as [ExternalId, ExternalId, ExternalId];
    const ticket = vendor.create({ kind: 'ticket', fields: { requester: first }, by: 'hub' });
    vendor.merge(first, second, {});
    wait();
    if (chosen !== undefined) vendor.change(ticket.id, { requester: null }, 'person');
    if (chosen !== undefined) vendor.change(ticket.id, { requester: second }, 'person');
    wait();
    vendor.merge(second, third, {});
    unmerge(vendor, first);
    const deed = vendor.deeds.findLast(({ object }) => object === ticket.id)!;
    return { names: namedBeforeMerges(site!, 'requester', deed), first, second };
  };

  it('are all that were merged away in turn', () => {
    const { names, first, second } = lastNaming();

    expect(names).toEqual([second, first]);
  });

  it('is nobody from before people chose one of them', () => {
    const { names, second } = lastNaming('second');

    expect(names).toEqual([second]);
  });
});

it('isSecond: one that is back beside the copy its record has, where people are asked about it', () => {
  const isTold = (link: object, more: ReturnType<typeof merged> = merged()) =>
    isSecond(
      { notes: { link: () => link } } as unknown as Family,
      more.copyOf(more.vendor.objects.get(more.own)!),
    );
  const { own } = merged();
  const parked = { id: 'p' };

  expect(isTold({ parked, besides: [own] })).toBe(true);
  expect(isTold({ besides: [own] })).toBe(false);
  expect(isTold({ parked })).toBe(false);
  expect(isTold({ parked, besides: [own] }, merged('ticket', false))).toBe(false);
});
