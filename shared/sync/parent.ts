import type { Observation } from '../ports/mapping.ts';
import type { Identity } from './observe.ts';
import { capabilityOf, type Place } from './places.ts';

/**
 * What a file hangs on, where nobody has seen it yet: known to exist, and to be read. Undefined where it is known, or
 * could not be read; then the file is nobody's.
 */
export function unseenParent(o: Observation, identity: Identity, place: Place): Observation | undefined {
  const { parent, atMs } = o;
  const isLooking = o.kind === 'attachment' && !identity.isKnown && identity.parent === undefined;
  if (!isLooking || parent === undefined || o.life === 'deleted') return undefined;
  if (capabilityOf(place, parent.kind)?.canRead !== true) return undefined;
  return { ...parent, atMs, authorship: 'unknown', fields: {}, isComplete: false, needsRead: true };
}
