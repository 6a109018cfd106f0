import type { ExternalId } from '../domain/ids.ts';
import { type RootKind, referredKind } from '../domain/record.ts';
import { ProviderRejectedError } from '../errors.ts';
import type { CopyRef, RemoteState } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import { recordList } from './keys.ts';
import { capabilityOf } from './places.ts';
import { laneOf, organizationOf, type Shift } from './shift.ts';
import type { AnyRecord, Lane, Root } from './state.ts';

/** Any of them may have died unheard: that many are looked at, of so many that changed last; each is a whole item to read. */
const [WITNESSES, RECENT] = [3, 20];

export interface Searched {
  readonly found?: Observation;
  /** Who cannot see the parent cannot say that there is no child; nor who sees nothing of what is known to be there. */
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
  if (record.kind !== 'comment') return { isUnseen: await isBlind(shift, record.kind) };
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
  if (externalId === undefined || laneOf(shift).link.dead !== undefined) return undefined;
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

/** A lost permission empties what a search shows, and hides what is known to be there as well. */
async function isBlind(shift: Shift, kind: RootKind): Promise<boolean> {
  const { integration, place } = shift;
  if (capabilityOf(place, kind)?.creation?.by !== 'find' || integration.read === undefined) return false;
  const witnesses = await witnessesTo(shift, kind);
  for (const copy of witnesses) if (await isSeen(shift, copy)) return false;
  return witnesses.length > 0;
}

/** What the vendor refuses to show alone is out of sight as well. */
async function isSeen({ integration }: Shift, copy: CopyRef): Promise<boolean> {
  try {
    return (await integration.read!(copy)).state !== 'absent';
  } catch (error) {
    if (error instanceof ProviderRejectedError) return false;
    throw error;
  }
}

/**
 * Copies of its kind and, where few are known, what it names. The list of them is no more than where to look, but for this:
 * where it shows none, and nothing is named, nobody can be looked at, and the search is believed.
 */
async function witnessesTo(shift: Shift, kind: RootKind): Promise<readonly CopyRef[]> {
  const { id } = shift.place.connection;
  const list = recordList(organizationOf(shift), kind);
  const { items } = await shift.desk.deps.store.page<Root>(list, { limit: RECENT });
  const beside = items.flatMap(({ data }) => {
    const { externalId, dead } = data.lanes[id]?.link ?? {};
    return externalId === undefined || dead !== undefined ? [] : [{ kind, externalId }];
  });
  const known = [...beside, ...referredOf(laneOf(shift), kind)];
  return known.filter((copy) => capabilityOf(shift.place, copy.kind)?.canRead === true).slice(0, WITNESSES);
}

function referredOf({ referred }: Lane, kind: RootKind): readonly CopyRef[] {
  const [other, externalId] = [referredKind(kind), referred?.externalId ?? undefined];
  return other === undefined || externalId === undefined ? [] : [{ kind: other, externalId }];
}
