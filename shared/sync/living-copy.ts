import type { ConnectionId, ExternalId, RecordId } from '../domain/ids.ts';
import { isReferredTo, type ParentKind } from '../domain/record.ts';
import { capabilityOf, type Place } from './places.ts';
import type { Tree } from './scene.ts';
import type { Dependent, Link, Root } from './state.ts';

/**
 * The copy of a root, or of a child of it that is at hand, under which something can be made now. One that is said to be
 * deleted may have gone on as another: a look tells, and whoever waits is woken after it.
 */
export function livingCopy(
  { root, children }: Tree,
  child: RecordId | undefined,
  connection: ConnectionId,
): ExternalId | undefined {
  const record = child === undefined ? root : children.get(child);
  const link = record?.kind === 'comment' ? record.links[connection] : root.lanes[connection]?.link;
  const isGone = (link?.dead ?? link?.doomed) !== undefined || isInQuestion(link);
  const isLiving = record !== undefined && record.deleted === undefined && !isGone;
  return isLiving && record.unread !== connection ? link?.externalId : undefined;
}

/** Another record's, which that one may have lost: it is to be looked at, by whoever borrows it. */
export const isInQuestion = (link: Link | undefined): boolean =>
  link?.isBorrowed === true && link.needsRead === true && link.parked === undefined;

/**
 * As what a dependent is to name that copy from now on, null for not at all; undefined where it does so already, or
 * where there is nothing to name yet. A file is never without what it hangs on.
 */
export function newNameFor(tree: Tree, { on, connection, named }: Dependent): ExternalId | null | undefined {
  const { kind, deleted, lanes } = tree.root;
  const isOver = isReferredTo(kind) && (deleted !== undefined || lanes[connection]?.link.dead !== undefined);
  const name = isOver ? null : livingCopy(tree, on, connection);
  return name === named ? undefined : name;
}

/** A ticket without a conversation has none later either: nobody waits for it. */
export function mayCome({ lanes }: Root, kind: ParentKind, place: Place): boolean {
  if (capabilityOf(place, kind) === undefined) return false;
  const isLinked = lanes[place.connection.id]?.link.externalId !== undefined;
  return isLinked || capabilityOf(place, 'ticket')?.creation !== undefined;
}
