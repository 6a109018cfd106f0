import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { familiesOf } from './grouped.ts';
import { mergesFollow } from './merged.ts';
import { mergingWorld } from './merging-world.ts';

/** One record's copy is merged into a person’s object; later another of the hub’s making is there, and both are one record. */
async function mergedAway(isLate = false) {
  const world = mergingWorld();
  const { chronicle, scheduler, store } = world;
  const { vendor, connection, organization } = world.sites[0]!;
  const fields = { description: '#1# x' };
  const make = (record: string, isLate = false) => {
    const { id } = vendor.create({ kind: 'ticket', fields, by: 'hub' });
    chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, { record, isLate } as never);
    return id;
  };
  const gone = make('older');
  const { id: into } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  vendor.merge(gone, into, {});
  await scheduler.runUntil(scheduler.clock.now() + 1_000);
  const later = make('younger', isLate);
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
  return { vendor, into, later, keep };
}

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

  it('goes on as what the survivor was merged into in turn, though that was made for another record', async () => {
    const { vendor, into, later, keep } = await mergedAway();
    vendor.merge(into, later, {});

    expect(await keep(later)).toEqual([]);
  });
});
