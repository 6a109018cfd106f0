import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { nothingIsShortened } from './shortened.ts';

const CUT: FieldRule = {
  field: 'subject',
  vendorField: 'subject',
  direction: 'both',
  transforms: [{ use: 'truncate', length: 7 }],
};
const CAPITALS: FieldRule = { ...CUT, transforms: [{ use: 'uppercase' }] };

interface Taken {
  readonly from: FieldValue;
  readonly to: FieldValue;
  /** What a person has set there, where one has. */
  readonly set?: string;
}

/** A record that took over a subject from a copy under a rule. */
async function taken(rule: FieldRule, { from, to, set }: Taken) {
  const profile = { ...SALESFORCE_LIKE, hasDocument: true as const };
  const world = quietWorld([{ profile }]);
  const { vendor, organization, connection, documents } = world.sites[0]!;
  const fields = { description: '#1# x', subject: 'before' };
  const { id: externalId } = vendor.create({ kind: 'ticket', fields, by: 'hub' });
  const fromMs = world.scheduler.clock.now();
  documents.push({ document: { version: 1, kinds: { ticket: { rules: [rule] } } }, fromMs });
  if (set !== undefined) vendor.change(externalId, { subject: set }, 'person');

  const [pk, id] = [`${organization}#root#a`, 'a'];
  const lanes = { [connection]: { link: { externalId } } };
  const root = { id, kind: 'ticket', fields: { description: '#1# x', subject: to }, lanes };
  const change = { record: id, kind: 'ticket', what: 'updated', source: connection, actor: 'vendor:desk' };
  const history = { changes: [{ ...change, fields: { subject: { from, to } } }], losses: [] };
  await world.store.commit([
    { put: { pk, sk: 'root', data: root }, expect: 0 },
    { put: { pk, sk: 'history#1', data: history }, expect: 0 },
  ]);
  world.chronicle.committedAtMs.set(`${pk} history#1`, fromMs + 3);
  return nothingIsShortened(world, familiesOf(world)).map(({ what }) => what);
}

describe('nothingIsShortened: what a record gives up for what a copy holds of it', () => {
  it('is nothing that a document made of it', async () => {
    expect(await taken(CUT, { from: 'printer on fire', to: 'printer' })).toEqual([
      'ticket #1#.subject: "printer on fire" was given up for "printer", which is what v0 was to hold of it',
    ]);
    expect(await taken(CAPITALS, { from: 'printer', to: 'PRINTER' })).toHaveLength(1);
  });

  it('is not that, whoever has written it there', async () => {
    expect(await taken(CUT, { from: 'printer on fire', to: 'printer', set: 'printer' })).toHaveLength(1);
  });

  it('is what a person has said there otherwise than it was to be written', async () => {
    expect(await taken(CUT, { from: 'printer on fire', to: 'toner', set: 'toner' })).toEqual([]);
    expect(await taken(CAPITALS, { from: 'printer', to: 'PRINTER', set: 'Printer' })).toEqual([]);
  });

  it('may be emptied, or filled', async () => {
    expect(await taken(CUT, { from: 'printer on fire', to: null })).toEqual([]);
    expect(await taken(CUT, { from: null, to: 'printer' })).toEqual([]);
  });
});
