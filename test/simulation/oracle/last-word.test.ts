import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldPolicy, FieldRule, Transform } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { type Profile, SALESFORCE_LIKE } from '../vendor/profile.ts';
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

/** A person has said `last` at a desk that has texts in small letters; another, which has them in capitals, changed what it was given. */
async function lastInCapitals(profile: Partial<Profile>, held: string) {
  const rule = (use: 'lowercase' | 'uppercase'): FieldRule => {
    const transforms: readonly Transform[] = [{ use }];
    return { field: 'subject', vendorField: 'subject', direction: 'both', transforms };
  };
  const document = (use: 'lowercase' | 'uppercase') => ({
    version: 1,
    kinds: { ticket: { rules: [rule(use)] } },
  });
  const desk = { ...SALESFORCE_LIKE, hasDocument: true as const };
  const world = quietWorld([
    { profile: desk, document: document('lowercase') },
    { profile: { ...desk, ...profile }, document: document('uppercase') },
  ]);
  const made = ['#1# last ~3', '#1# LAST ~3'].map((subject, at) => {
    const { vendor, connection } = world.sites[at]!;
    const { id: externalId } = vendor.create({
      kind: 'ticket',
      fields: { description: '#1# x', subject },
      by: 'person',
    });
    return [connection, { link: { externalId } }] as const;
  });
  const fields = { description: '#1# x', subject: held };
  const root = { id: 'a', kind: 'ticket', fields, lanes: Object.fromEntries(made) };
  const pk = `${world.sites[0]!.organization}#root#a`;
  await world.store.commit([{ put: { pk, sk: 'root', data: root }, expect: 0 }]);
  const object = made[0]![1].link.externalId;
  return lastWordsStand(world, [{ mark: 1, kind: 'ticket', site: 0, object, fields: ['subject'] }]).map(
    ({ what }) => what,
  );
}

describe('lastWordsStand: what is said last, and changed by a vendor whose document loses something', () => {
  const restless = { normaliser: 'restless', hasAuthorship: false } as const;

  it('is what that has of it, where nobody can tell that it is nobody’s', async () => {
    expect(await lastInCapitals(restless, '#1# LAST ~3')).toEqual([]);
    expect(await lastInCapitals(restless, '#1# last ~3')).toEqual([]);
  });

  it('is nothing else, and none of it where the vendor says who did it, or changes nothing', async () => {
    const lost = (word: string) => [`ticket #1#.subject: the last word was ${word}, the record has another`];
    const said = '#1# last ~3';

    expect(await lastInCapitals(restless, '#1# Last ~3')).toEqual(lost(said));
    expect(await lastInCapitals({ ...restless, hasAuthorship: true }, '#1# LAST ~3')).toEqual(lost(said));
    expect(await lastInCapitals({ hasAuthorship: false }, '#1# LAST ~3')).toEqual(lost(said));
  });
});
