import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { remapsEditNothing } from './remapped.ts';

type First = 'hub' | 'vendor';

/** A priority that comes to be paired with what people call severity there. */
const severity = (first: First): FieldRule => ({
  field: 'priority',
  vendorField: 'severity',
  direction: 'both',
  values: [
    { hub: 'normal', vendor: ['V2'] },
    { hub: 'urgent', vendor: ['V4'] },
  ],
  since: 1,
  first,
});

interface Met {
  readonly from: FieldValue;
  readonly to: FieldValue;
  /** Of the document put next, before which the hub may have looked at the ticket. */
  readonly next?: { readonly first: First; readonly isLookedAt: boolean };
}

/** A ticket of severity V4 whose priority is paired with that, starting from `first`, and what its record then took over. */
async function met(first: First, { from, to, next }: Met) {
  const profile = { ...SALESFORCE_LIKE, hasDocument: true as const };
  const world = quietWorld([{ profile }]);
  const { vendor, organization, connection, documents } = world.sites[0]!;
  const fields = { description: '#1# x', status: 'S1', priority: 'P2', severity: 'V4' };
  const { id: externalId } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  const fromMs = world.scheduler.clock.now();
  const put = (version: number, rule: FieldRule) =>
    documents.push({ document: { version, kinds: { ticket: { rules: [rule] } } }, fromMs: fromMs + version });
  put(1, severity(first));
  if (next !== undefined) put(2, severity(next.first));
  if (next?.isLookedAt === true)
    world.chronicle.looks.push({
      site: 0,
      object: externalId,
      atMs: fromMs + 1,
      deeds: 1,
      run: {},
      isTaken: true,
    });

  const [pk, id] = [`${organization}#root#a`, 'a'];
  const lanes = { [connection]: { link: { externalId } } };
  const root = { id, kind: 'ticket', fields: { description: '#1# x', priority: to }, lanes };
  const change = { record: id, kind: 'ticket', source: connection, actor: 'vendor:desk' };
  const made = { ...change, what: 'created', fields: {} };
  const changed = { ...change, what: 'updated', fields: { priority: { from, to } } };
  const history = { changes: [made, changed], losses: [] };
  await world.store.commit([
    { put: { pk, sk: 'root', data: root }, expect: 0 },
    { put: { pk, sk: 'history#1', data: history }, expect: 0 },
  ]);
  world.chronicle.committedAtMs.set(`${pk} history#1`, fromMs + 3);
  return remapsEditNothing(world, familiesOf(world)).map(({ what }) => what);
}

const editOf = (value: string) => [`ticket #1#.priority: ${value} was taken for an edit at v0, of nobody's`];

describe('remapsEditNothing: what a pair brings when it is first met', () => {
  it('is what stands there, where the record holds nothing or the pair starts from there', async () => {
    expect(await met('hub', { from: null, to: 'urgent' })).toEqual([]);
    expect(await met('vendor', { from: null, to: 'urgent' })).toEqual([]);
    expect(await met('vendor', { from: 'normal', to: 'urgent' })).toEqual([]);
  });

  it('replaces nothing that the record holds, where the pair starts from the record', async () => {
    expect(await met('hub', { from: 'normal', to: 'urgent' })).toEqual(editOf('urgent'));
  });

  it('goes by the document that was put before the hub had looked, and by no later one', async () => {
    const change = { from: 'normal', to: 'urgent' };
    const next = { first: 'vendor' as const, isLookedAt: false };
    expect(await met('hub', { ...change, next })).toEqual([]);
    expect(await met('hub', { ...change, next: { ...next, isLookedAt: true } })).toEqual(editOf('urgent'));
  });

  it('is no value that never stood there', async () => {
    expect(await met('hub', { from: null, to: 'normal' })).toEqual(editOf('normal'));
    expect(await met('vendor', { from: 'urgent', to: 'normal' })).toEqual(editOf('normal'));
  });
});
