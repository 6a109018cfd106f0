import type { FieldValue } from '../../../shared/domain/index.ts';
import type { Mapping } from '../../../shared/ports/index.ts';
import type { Site } from '../truth.ts';
import { atRest, isRestless } from '../vendor/mapping.ts';
import type { World } from '../world.ts';
import type { Family } from './families.ts';

export const hasRestless = ({ plan }: World): boolean =>
  plan.vendors.some(({ profile }) => profile.normaliser === 'restless');

/** A value without what restless vendors have added, wherever it went from there. */
export function settled(world: World, field: string, value: FieldValue | undefined): FieldValue | undefined {
  return typeof value === 'string' && isRestless(field) && hasRestless(world) ? atRest(value) : value;
}

/** A copy whose vendor kept changing what was written to it, openly set aside for that. */
export const isUnsettled = ({ notes }: Family, { connection, vendor }: Site): boolean =>
  vendor.profile.normaliser === 'restless' && notes?.link(connection)?.parked?.cause === 'unsettled';

/** Judges texts by what people said in them: an integration cannot know what such a vendor will add. */
export function mappingAtRest(world: World, mapping: Mapping): Mapping {
  if (!hasRestless(world)) return mapping;
  return {
    ...mapping,
    canonicalForm: (kind, field, raw) => settled(world, field, mapping.canonicalForm(kind, field, raw))!,
  };
}

/** How often a write of ours may come back as something else before its field is set aside (DESIGN, invariant 2). */
const UNSETTLED = 4;

/**
 * What so many changes may cost at one copy: where texts come back changed from some copies of a family, one effect for
 * each time that they may come back from each of these.
 */
export function effectsOf({ copies }: Family, field: string, changes: number): number {
  const restless = copies.filter(({ site }) => site.vendor.profile.normaliser === 'restless').length;
  return isRestless(field) && restless > 0 ? (1 + changes) * (UNSETTLED + 2) * restless : changes;
}
