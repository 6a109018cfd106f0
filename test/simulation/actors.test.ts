import { expect, it } from 'vitest';
import { personActs } from './actors.ts';
import { quietWorld } from './quiet-world.ts';
import { SALESFORCE_LIKE } from './vendor/profile.ts';

it('a person puts back what a ticket held, but not the name of somebody who was merged away', () => {
  const world = quietWorld([{ profile: { ...SALESFORCE_LIKE, merges: true } }]);
  const [site] = world.sites;
  const { vendor } = site!;
  const contact = () => vendor.create({ kind: 'contact', fields: { name: 'Ada' }, by: 'person' }).id;
  const [gone, next] = [contact(), contact()];
  const fields = { description: '#1# x', priority: 'P1', requester: gone };
  const { id } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  vendor.setLife(id, 'deleted', 'person');
  vendor.merge(gone, next, {});
  vendor.setLife(id, 'undeleted', 'person');

  vendor.change(id, { priority: 'P2', requester: next }, 'hub');
  const isDone = personActs(world, site!, id, 'restore');

  expect(isDone).toBe(true);
  expect(vendor.now(id)?.fields).toMatchObject({ priority: 'P1', requester: next });

  vendor.change(id, { requester: gone }, 'person');
  vendor.change(id, { requester: next }, 'hub');
  expect(personActs(world, site!, id, 'restore')).toBe(false);
});
