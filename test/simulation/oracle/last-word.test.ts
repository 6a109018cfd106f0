import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldPolicy } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { lastWordsStand } from './last-word.ts';

const HUB_RECORD: FieldPolicy = { use: 'side', side: 'hub record' };

/** A person has closed a ticket at a desk that has no word for `new`; its record kept its own value. */
async function closedWhereNothingIsNew(kept: FieldValue, policy?: FieldPolicy) {
  const values = [
    { hub: 'open', vendor: ['S2'] },
    { hub: 'closed', vendor: ['S5'] },
  ];
  const rule = { field: 'status', vendorField: 'status', direction: 'both' as const, values };
  const document = { version: 1, kinds: { ticket: { rules: [rule] } } };
  const profile = { ...SALESFORCE_LIKE, hasDocument: true as const };
  const policies = policy === undefined ? {} : { policies: { status: policy } };
  const world = quietWorld([{ profile, document, ...policies }]);
  const { vendor, organization, connection } = world.sites[0]!;
  const fields = { description: '#1# x', status: 'S5' };
  const { id: object } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  const lanes = { [connection]: { link: { externalId: object } } };
  const root = { id: 'a', kind: 'ticket', fields: { description: '#1# x', status: kept }, lanes };
  await world.store.commit([{ put: { pk: `${organization}#root#a`, sk: 'root', data: root }, expect: 0 }]);
  const said = [{ mark: 1, kind: 'ticket' as const, site: 0, object, fields: ['status'] }];
  return lastWordsStand(world, said).map(({ what }) => what);
}

const DEAF = ['ticket #1#.status: the last word was closed, the record has another'];

describe('lastWordsStand: what is said last at a copy', () => {
  it('is what the record holds, whatever a policy says of conflicts', async () => {
    expect(await closedWhereNothingIsNew('open')).toEqual(DEAF);
    expect(await closedWhereNothingIsNew('open', HUB_RECORD)).toEqual(DEAF);
  });

  it('is for the policy to judge where the copy could never be given what the record holds', async () => {
    expect(await closedWhereNothingIsNew('new', HUB_RECORD)).toEqual([]);
    expect(await closedWhereNothingIsNew('new')).toEqual(DEAF);
  });
});
