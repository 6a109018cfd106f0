import { expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';

it('familiesOf: a copy that died under a mark which the survivor of a merge bore for a while is its record’s', async () => {
  const merging = { profile: { ...SALESFORCE_LIKE, merges: true as const } };
  const world = quietWorld([merging, merging]);
  const [own, other] = world.sites;
  const describedAs = (description: string) => ({ kind: 'ticket', fields: { description } }) as const;
  const { id: loser } = own!.vendor.create({ ...describedAs('#1# x'), by: 'person' });
  const { id: survivor } = own!.vendor.create({ ...describedAs('#2# x'), by: 'person' });
  const { id: copy } = other!.vendor.create({ ...describedAs('#2# x'), by: 'hub' });
  own!.vendor.merge(loser, survivor, {});
  other!.vendor.setLife(copy, 'deleted', 'person');
  own!.vendor.change(survivor, { description: '#1# y' }, 'hub');
  const lanes = {
    [own!.connection]: { link: { externalId: survivor } },
    [other!.connection]: { link: { externalId: copy } },
  };
  const root = { id: 'r', kind: 'ticket', fields: { description: '#1# y' }, lanes };
  await world.store.commit([
    { put: { pk: `${own!.organization}#root#r`, sk: 'root', data: root }, expect: 0 },
  ]);

  const families = familiesOf(world);

  expect(families.map(({ copies }) => copies.map(({ object }) => object.id))).toEqual([[survivor, copy]]);
});

it('familiesOf: of a record that a merge has touched a copy that died is, too, though another has taken its place', async () => {
  const merging = { profile: { ...SALESFORCE_LIKE, merges: true as const } };
  const world = quietWorld([merging]);
  const { vendor, organization, connection } = world.sites[0]!;
  const made = (description: string, by: 'person' | 'hub') =>
    vendor.create({ kind: 'ticket', fields: { description }, by }).id;
  const [loser, survivor] = [made('#1# x', 'person'), made('#2# x', 'person')];
  vendor.merge(loser, survivor, {});
  vendor.setLife(survivor, 'deleted', 'person');
  const copy = made('#1# x', 'hub');
  const lanes = { [connection]: { link: { externalId: copy, former: [survivor] } } };
  const root = { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes };
  await world.store.commit([{ put: { pk: `${organization}#root#r`, sk: 'root', data: root }, expect: 0 }]);

  const families = familiesOf(world);

  expect(families.map(({ copies }) => copies.map(({ object }) => object.id))).toEqual([[copy, survivor]]);
});
