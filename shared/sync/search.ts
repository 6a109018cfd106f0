import type { ExternalId } from '../domain/ids.ts';
import type { RemoteState } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import { capabilityOf } from './places.ts';
import { laneOf, type Shift } from './shift.ts';
import type { AnyRecord } from './state.ts';

export interface Searched {
  readonly found?: Observation;
  /** Who cannot see the parent cannot say that there is no child. */
  readonly isUnseen?: boolean;
  /** What it would hang on, as it stands there. */
  readonly parent?: Observation;
  /** The parent was merged into another: what hung on it hangs there, and nothing is made in it any more. */
  readonly wasMoved?: true;
  /** What it would hang on may have been merged, and is back: it may hang where nobody knows to look. */
  readonly isAstray?: true;
}

/**
 * Whether a creation has made something: a comment is looked for wherever merges have moved what it was to hang on. Merges
 * that lead round in a circle lead nowhere anybody can see.
 */
export async function search(
  shift: Shift,
  record: AnyRecord,
  at: ExternalId | undefined,
  met: readonly ExternalId[] = [],
): Promise<Searched> {
  if (at !== undefined && met.includes(at)) return { isUnseen: true };
  const found = await findCopy(shift, record, at);
  if (found !== undefined) return { found };
  const parent = await parentAt(shift, record, at);
  if (parent?.state === 'present') return { parent: parent.observation };
  if (at === undefined || parent?.state !== 'deleted' || parent.mergedInto === undefined)
    return { isUnseen: parent?.state === 'absent' };
  return { ...(await search(shift, record, parent.mergedInto, [...met, at])), wasMoved: true };
}

/** Where a search tells whether a comment was made: what it would hang on, unless that is known to be dead. */
async function parentAt(
  shift: Shift,
  record: AnyRecord,
  externalId: ExternalId | undefined,
): Promise<RemoteState | undefined> {
  const { tree, place, integration } = shift;
  const isSearched = capabilityOf(place, record.kind)?.creation?.by === 'find';
  const canSee = capabilityOf(place, tree.root.kind)?.canRead === true && integration.read !== undefined;
  if (record.kind !== 'comment' || externalId === undefined || laneOf(shift).link.dead !== undefined)
    return undefined;
  return isSearched && canSee ? integration.read!({ kind: tree.root.kind, externalId }) : undefined;
}

async function findCopy(
  { integration }: Shift,
  record: AnyRecord,
  at: ExternalId | undefined,
): Promise<Observation | undefined> {
  if (integration.find === undefined) return undefined;
  return record.kind !== 'comment' || at === undefined
    ? integration.find(record.id, record.kind)
    : integration.find(record.id, record.kind, at, record.createdAtMs);
}
