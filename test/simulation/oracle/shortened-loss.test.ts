import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { converge } from './converge.ts';
import { familiesOf } from './grouped.ts';
import { noSilentLoss } from './loss.ts';

const subject = (transforms: FieldRule['transforms'] = []): FieldRule => ({
  field: 'subject',
  vendorField: 'subject',
  direction: 'both',
  transforms,
});
const CUT = subject([{ use: 'truncate', length: 7 }]);
const CAPITALS = subject([{ use: 'uppercase' }]);

/** Copies of one ticket, one at each vendor, whose subjects stand under these rules. */
async function copies(rules: readonly FieldRule[], holds: string, ...subjects: readonly string[]) {
  const profile = { ...SALESFORCE_LIKE, hasDocument: true as const };
  const world = quietWorld(rules.map(() => ({ profile })));
  const lanes: Record<string, object> = {};
  const objects = subjects.map((text, at) => {
    const { vendor, connection, documents } = world.sites[at]!;
    const document = { version: 1, kinds: { ticket: { rules: [rules[at]!] } } };
    documents.push({ document, fromMs: world.scheduler.clock.now() });
    const fields = { description: '#1# x', subject: text };
    const { id: externalId } = vendor.create({ kind: 'ticket', fields, by: 'person' });
    lanes[connection] = { link: { externalId } };
    return externalId;
  });
  const pk = `${world.sites[0]!.organization}#root#a`;
  const fields = { description: '#1# x', subject: holds };
  const commit = (sk: string, data: object) => world.store.commit([{ put: { pk, sk, data }, expect: 0 }]);
  await commit('root', { id: 'a', kind: 'ticket', fields, lanes });
  return { world, objects, pk, commit };
}

describe('noSilentLoss: what a person set there that was to be written of the record', () => {
  async function overwritten(was: string) {
    const { world, objects, pk, commit } = await copies([CUT], 'scanner', 'toner');
    const { vendor, connection } = world.sites[0]!;
    vendor.change(objects[0]!, { subject: 'printer' }, 'person');
    const wait = () => world.scheduler.runUntil(world.scheduler.clock.now() + 1_000);
    await wait();
    world.chronicle.requests.set(`0 ${vendor.deeds.length}`, {
      askedAtMs: world.scheduler.clock.now(),
      isLate: false,
      isAnswered: true,
      record: 'a' as RecordId,
      ifVersion: undefined,
      mapping: 1,
      fields: ['subject'],
      run: {},
      isTaken: true,
    });
    vendor.change(objects[0]!, { subject: 'scanner' }, 'hub');
    const change = { record: 'a', kind: 'ticket', what: 'updated', source: connection };
    const fields = { subject: { from: was, to: 'scanner' } };
    await commit('history#1', { changes: [{ ...change, fields }], losses: [] });
    world.chronicle.committedAtMs.set(`${pk} history#1`, world.scheduler.clock.now());
    return noSilentLoss(world, familiesOf(world)).length;
  }

  it('is kept by what it was written of', async () => {
    expect(await overwritten('printer on fire')).toBe(0);
    expect(await overwritten('printer')).toBe(0);
  });

  it('is kept by nothing else', async () => {
    expect(await overwritten('toner')).toBe(1);
    expect(await overwritten('print')).toBe(1);
  });
});

describe('converge: copies under documents that lose something', () => {
  const differing = async (...given: Parameters<typeof copies>) => {
    const { world } = await copies(...given);
    return converge(world, familiesOf(world)).map(({ what }) => what);
  };

  it('are alike where each holds what is to be written of the record', async () => {
    expect(await differing([CUT, CAPITALS], 'printer on fire', 'printer', 'PRINTER ON FIRE')).toEqual([]);
  });

  it('are not where one of them holds something else', async () => {
    expect(await differing([CUT, CAPITALS], 'printer on fire', 'printer', 'PRINTER')).not.toEqual([]);
    expect(await differing([CUT, CAPITALS], 'printer on fire', 'toner', 'PRINTER ON FIRE')).not.toEqual([]);
    expect(await differing([CUT, CUT], 'printer on fire', 'printer', 'printe')).not.toEqual([]);
  });
});
