import { describe, expect, it } from 'vitest';
import { mergingWorld } from './merging-world.ts';
import { parkedForCause } from './parked.ts';

/** A ticket whose copy a person made is set aside as having a second; the hub has made one for `madeFor`. */
async function withSecond(madeFor: string, isDead = false) {
  const world = mergingWorld();
  const { chronicle, store } = world;
  const { vendor, connection, organization } = world.sites[0]!;
  const fields = { description: '#1# x' };
  const { id: own } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  const { id: second } = vendor.create({ kind: 'ticket', fields, by: 'hub' });
  chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, { record: madeFor, isLate: true } as never);
  if (isDead) vendor.setLife(second, 'deleted', 'person');
  const parked = { id: 'p', cause: 'doubtful', code: 'second_copy' };
  const root = {
    id: 'r',
    kind: 'ticket',
    fields,
    lanes: { [connection]: { link: { externalId: own, parked } } },
  };
  const signpost = { ...root, id: 'younger', lanes: {}, foldedInto: 'r' };
  const work = { ...parked, connection, root: 'r', record: 'r', kind: 'ticket' };
  const puts = [
    ...[root, signpost].map((data) => ({ pk: `${organization}#root#${data.id}`, sk: 'root', data })),
    { pk: `${organization}#parked#p`, sk: 'parked', data: work },
  ];
  await store.commit(puts.map((put) => ({ put, expect: 0 })));
  return parkedForCause(world).map(({ what }) => what);
}

describe('parkedForCause: a second copy', () => {
  const inVain = ['ticket r at v0 is set aside without cause: doubtful'];

  it('is one that was made for the record, or for one that was folded into it since', async () => {
    expect(await withSecond('r')).toEqual([]);
    expect(await withSecond('younger')).toEqual([]);
    expect(await withSecond('another')).toEqual(inVain);
  });

  it('is none that is dead by then, of a record that was folded', async () => {
    expect(await withSecond('younger', true)).toEqual(inVain);
  });
});
