import { expect, it } from 'vitest';
import { unmerge } from '../vendor/bin.ts';
import { believesWhatIs } from './agree.ts';
import { familiesOf } from './grouped.ts';
import { mergingWorld } from './merging-world.ts';

/** What the hub believes of a ticket whose requester was merged into another at the vendor, or changed by a person. */
async function believed(isMerged: boolean, isBack = false) {
  const world = mergingWorld();
  const { vendor, connection, organization } = world.sites[0]!;
  const contact = (email: string) => vendor.create({ kind: 'contact', fields: { email }, by: 'person' }).id;
  const [ada, eve] = [contact('c#2#@example.com'), contact('c#3#@example.com')];
  const fields = { description: '#1# x', requester: ada };
  const { id } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  if (isMerged) vendor.merge(ada, eve, {});
  if (isBack) unmerge(vendor, ada);
  else vendor.change(id, { requester: eve }, 'person');
  const link = { externalId: id, sent: {}, got: fields };
  const data = { id: 'r', kind: 'ticket', fields, lanes: { [connection]: { link } } };
  await world.store.commit([{ put: { pk: `${organization}#root#r`, sk: 'root', data }, expect: 0 }]);
  const wrong = believesWhatIs(world, familiesOf(world));
  return wrong.filter(({ what }) => what.includes('requester'));
}

it('believesWhatIs: a ticket may be thought to name whom the vendor merged into the one it names now', async () => {
  expect(await believed(true)).toEqual([]);
  expect(await believed(true, true)).toEqual([]);
});

it('believesWhatIs: it may not be thought to name whom a person has replaced', async () => {
  expect(await believed(false)).toHaveLength(1);
});
