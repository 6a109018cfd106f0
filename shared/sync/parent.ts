import type { ParentRef } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import type { Identity } from './observe.ts';
import { capabilityOf, type Place } from './places.ts';

/**
 * What a file hangs on, where nobody has seen it yet, or a comment on, that is back since a merge: known to exist, and to be
 * read. Undefined where it is known, or could not be read; then the file is nobody's.
 */
export function unseenParent(o: Observation, identity: Identity, place: Place): Observation | undefined {
  const { atMs } = o;
  const parent = parentIn(o);
  const isUnseen =
    identity.isParentBack === true || (o.kind === 'attachment' && identity.parent === undefined);
  if (identity.isKnown || !isUnseen || parent === undefined || o.life === 'deleted') return undefined;
  if (capabilityOf(place, parent.kind)?.canRead !== true) return undefined;
  return { ...parent, atMs, authorship: 'unknown', fields: {}, isComplete: false, needsRead: true };
}

/** Of a comment its root, of a file what it hangs on. */
const parentIn = ({ rootExternalId, parent }: Observation): ParentRef | undefined =>
  rootExternalId === undefined ? parent : { kind: 'ticket', externalId: rootExternalId };
