import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { virtualClock } from '../../memory/index.ts';
import { announced } from './announce.ts';
import { unmerge } from './bin.ts';
import { pageAt, readAt } from './integration.ts';
import { SALESFORCE_LIKE } from './profile.ts';
import { type Announcement, Vendor } from './vendor.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_undelete.htm */
function mergingVendor() {
  const clock = virtualClock();
  const told: Announcement[] = [];
  const profile = { ...SALESFORCE_LIKE, merges: true, files: 100, commitLagMs: 0 } as const;
  const vendor = new Vendor('v', profile, clock, (each) => told.push(each));
  const ticket = (subject: string, requester: ExternalId | null) =>
    vendor.create({ kind: 'ticket', fields: { subject, requester }, by: 'person' }).id;
  const [ada, eve] = ['ada', 'eve'].map(
    (name) => vendor.create({ kind: 'contact', fields: { name }, by: 'person' }).id,
  ) as [ExternalId, ExternalId];
  const [loser, survivor] = [ticket('lost', ada), ticket('kept', eve)];
  const note = vendor.create({ kind: 'comment', fields: { body: 'x' }, by: 'person', root: loser });
  const parent = { kind: 'ticket', externalId: loser } as const;
  const file = vendor.create({ kind: 'attachment', fields: {}, by: 'person', parent, bytes: 'x' });
  return { clock, told, vendor, ada, eve, loser, survivor, note, file };
}

describe('Vendor: what was merged away, and is taken out of the bin', () => {
  it('lives with the fields it had, and names nobody that goes on for it', () => {
    const { clock, vendor, loser, survivor } = mergingVendor();
    vendor.merge(loser, survivor, {});
    const ref = { kind: 'ticket', externalId: loser } as const;
    const { modifiedAtMs: atMs } = vendor.now(loser)!;
    expect(readAt(vendor, ref, clock.now())).toEqual({
      state: 'deleted',
      mergedInto: survivor,
      mergedAt: { atMs, version: expect.objectContaining({ value: expect.any(Number) }) },
    });
    clock.advance(5_000);

    expect(unmerge(vendor, loser)).toBe(true);

    expect(readAt(vendor, ref, clock.now())).toMatchObject({
      state: 'present',
      observation: { fields: { subject: 'lost' }, atMs: clock.now() },
    });
    expect(vendor.survivorOf(loser)).toBe(loser);
  });

  it('leaves what hung on it where the merge has moved it', () => {
    const { vendor, ada, eve, loser, survivor, note, file } = mergingVendor();
    vendor.merge(ada, eve, {});
    vendor.merge(loser, survivor, {});

    unmerge(vendor, loser);
    unmerge(vendor, ada);

    expect(note.root).toBe(survivor);
    expect(file.parent).toMatchObject({ externalId: survivor });
    expect(vendor.now(loser)!.fields.requester).toBe(eve);
  });

  it('is told of as an undeletion, whole, and listed as living', () => {
    const { clock, told, vendor, loser, survivor } = mergingVendor();
    vendor.merge(loser, survivor, {});
    told.length = 0;
    clock.advance(5_000);

    unmerge(vendor, loser);

    expect(told.map((each) => announced(vendor, each))).toMatchObject([
      { externalId: loser, life: 'undeleted', isComplete: true, fields: { subject: 'lost' } },
    ]);
    const after = { stamp: String(clock.now() - 1), id: '' };
    const { observations } = pageAt(vendor, 'ticket', after, { overlapMs: 0, nowMs: clock.now() });
    expect(observations).toMatchObject([{ externalId: loser, isComplete: true }]);
    expect(observations[0]).not.toHaveProperty('life');
  });

  it('is neither what lives, nor what was merely deleted', () => {
    const { vendor, loser, survivor } = mergingVendor();
    vendor.setLife(loser, 'deleted', 'person');

    expect([unmerge(vendor, loser), unmerge(vendor, survivor)]).toEqual([false, false]);
  });

  it('may be merged again, and every object it was ever merged into is known', () => {
    const { vendor, loser, survivor } = mergingVendor();
    const { id: other } = vendor.create({ kind: 'ticket', fields: { subject: 'other' }, by: 'person' });
    for (const into of [survivor, other]) {
      vendor.merge(loser, into, {});
      unmerge(vendor, loser);
    }

    expect(vendor.isLive(loser)).toBe(true);
    expect(vendor.returned.get(loser)).toEqual([survivor, other]);
  });
});
