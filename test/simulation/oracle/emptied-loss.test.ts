import { describe, expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { AREA, VENDOR_AREA } from '../worlds/areas.ts';
import { familiesOf } from './grouped.ts';
import { noSilentLoss } from './loss.ts';

type Act = 'pair' | 'unpair' | 'look' | 'hear' | 'hear of something else' | 'empty' | 'replace';

/** A ticket of an area, which somebody empties or replaces and the hub writes again; and what happens meanwhile. */
async function overwritten(...acts: readonly Act[]): Promise<number> {
  const world = quietWorld([{ profile: { ...SALESFORCE_LIKE, hasDocument: true as const } }]);
  const { chronicle, scheduler } = world;
  const { vendor, index: site, documents } = world.sites[0]!;
  const fields = { description: '#1# x', [VENDOR_AREA]: 'north' };
  const { id: object } = vendor.create({ kind: 'ticket', fields, by: 'person' });
  const wait = () => scheduler.runUntil(scheduler.clock.now() + 1_000);
  const now = () => scheduler.clock.now();
  const put = (isPaired: boolean) => {
    const version = documents.length;
    const pair = { field: AREA, vendorField: VENDOR_AREA, direction: 'both' as const, since: version };
    const document = { version, kinds: { ticket: { rules: isPaired ? [pair] : [] } } };
    documents.push({ document, fromMs: now() });
  };
  const look = () =>
    chronicle.looks.push({ site, object, atMs: now(), deeds: vendor.deeds.length, run: {}, isTaken: true });
  const hear = (of: string) =>
    chronicle.told.push({ object, atMs: now(), heardAtMs: now(), fields: { [of]: null }, inbox: 'e' });
  const set = (area: string | null, by: 'person' | 'hub') =>
    vendor.change(object, { [VENDOR_AREA]: area }, by);
  const doing: Record<Act, () => void> = {
    pair: () => put(true),
    unpair: () => put(false),
    look,
    hear: () => hear(VENDOR_AREA),
    'hear of something else': () => hear('status'),
    empty: () => set(null, 'person'),
    replace: () => set('south', 'person'),
  };
  for (const act of ['pair', 'look', ...acts] as const) {
    await wait();
    doing[act]();
  }
  await wait();
  set('north', 'hub');
  return noSilentLoss(world, familiesOf(world)).length;
}

describe('noSilentLoss: what was emptied in a field whose pair went, and came back', () => {
  it('is none where nobody had heard of that while it was in step', async () => {
    expect(await overwritten('empty', 'unpair', 'pair')).toBe(0);
    expect(await overwritten('empty', 'unpair', 'look', 'hear', 'pair', 'look')).toBe(0);
    expect(await overwritten('empty', 'hear of something else', 'unpair', 'pair')).toBe(0);
  });

  it('is one where the hub had looked at it, or was told, before the pair went', async () => {
    expect(await overwritten('empty', 'look', 'unpair', 'pair')).toBe(1);
    expect(await overwritten('empty', 'hear', 'unpair', 'pair')).toBe(1);
  });

  it('is one where the pair never went, or only before', async () => {
    expect(await overwritten('empty')).toBe(1);
    expect(await overwritten('unpair', 'pair', 'look', 'empty')).toBe(1);
  });

  it('is one where something was put in its place', async () => {
    expect(await overwritten('replace', 'unpair', 'pair')).toBe(1);
  });
});
