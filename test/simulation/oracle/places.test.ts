import { describe, expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { saysWho } from './places.ts';

/** A customer's thread whose ticket names that customer, and is then merged into one that names nobody. */
async function mergedTicket(before: 'left alone' | 'taken away' | 'deleted' | 'deleted and no longer named') {
  const world = quietWorld([{ profile: SLACK_LIKE }, { profile: { ...SALESFORCE_LIKE, merges: true } }]);
  const [channel, desk] = world.sites;
  const customer = { kind: 'contact', fields: { email: 'c#9#@example.com' } } as const;
  const { id: contact } = channel!.vendor.create({ ...customer, by: 'person' });
  const { id: requester } = desk!.vendor.create({ ...customer, by: 'hub' });
  const fields = { description: '#1# x' };
  const thread = channel!.vendor.create({ kind: 'ticket', fields, contact, by: 'person' });
  const loser = desk!.vendor.create({ kind: 'ticket', fields: { ...fields, requester }, by: 'hub' });
  const other = { description: '#2# x', requester: null };
  const survivor = desk!.vendor.create({ kind: 'ticket', fields: other, by: 'person' });
  if (before === 'taken away') desk!.vendor.change(loser.id, { requester: null }, 'person');
  if (before.startsWith('deleted')) desk!.vendor.setLife(requester, 'deleted', 'person');
  desk!.vendor.merge(loser.id, survivor.id, {});
  if (before === 'deleted and no longer named')
    for (const named of [requester, null]) desk!.vendor.change(survivor.id, { requester: named }, 'hub');
  const lanes = {
    [channel!.connection]: { link: { externalId: thread.id } },
    [desk!.connection]: { link: { externalId: survivor.id } },
  };
  const root = { id: 'r', kind: 'ticket', fields, provenance: {}, lanes };
  await world.store.commit([
    { put: { pk: `${desk!.organization}#root#r`, sk: 'root', data: root }, expect: 0 },
  ]);
  return saysWho(world, familiesOf(world));
}

describe('saysWho: a ticket that another was merged into', () => {
  it('names the requester of the one that is gone', async () => {
    const what = 'ticket #1# at v1: its requester is null';
    expect(await mergedTicket('left alone')).toEqual([{ invariant: 1, what }]);
  });

  it('names nobody where a person had taken the requester away before', async () => {
    expect(await mergedTicket('taken away')).toEqual([]);
  });

  it('names nobody where the requester had been deleted there, unless it did', async () => {
    expect(await mergedTicket('deleted')).toEqual([]);
    expect(await mergedTicket('deleted and no longer named')).toHaveLength(1);
  });
});
