import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import { childKey, claimKey, type Key, lineKey } from './keys.ts';
import type { Session } from './session.ts';
import type { Child, Claim, Link, Tombstone, Unlisted } from './state.ts';

/**
 * Moves a comment under another root, with the claims that lead to it: all of it or nothing. It is given a place for
 * all lines of its new root, and what it lacks there is told by its own state.
 */
export async function takeOver(
  session: Session,
  organization: OrganizationId,
  child: Child,
  to: RecordId,
): Promise<Child> {
  const [moved, place] = [{ ...child, root: to }, lineKey(organization, child.root, child)];
  const claims = claimKeysOf(organization, Object.entries(child.links));
  const [stood, ...held] = await Promise.all([
    session.get<Unlisted>(place),
    ...claims.map((key) => session.get<Claim | Tombstone>(key)),
  ]);
  claims.forEach((key, at) => {
    const claim = held[at];
    if (claim === undefined || 'dead' in claim || claim.record !== child.id) return;
    session.put(key, { root: to, record: child.id } satisfies Claim);
  });
  if (stood !== undefined) session.remove(place);
  session.remove(childKey(organization, child.root, child.id));
  session.put(childKey(organization, to, child.id), moved);
  session.put(lineKey(organization, to, child), { id: child.id } satisfies Unlisted);
  return moved;
}

/** What leads to a comment from copies it had before. */
export const formerKeysOf = (
  organization: OrganizationId,
  links: Readonly<Record<string, Link>>,
): readonly Key[] =>
  Object.entries(links).flatMap(([connection, { former = [] }]) =>
    former.map((externalId) => claimKey(organization, connection as ConnectionId, 'comment', externalId)),
  );

/** What leads to a comment from its copies. */
export const claimKeysOf = (
  organization: OrganizationId,
  links: readonly (readonly [connection: string, link: Link])[],
): readonly Key[] =>
  links.flatMap(([connection, { externalId }]) =>
    externalId === undefined
      ? []
      : [claimKey(organization, connection as ConnectionId, 'comment', externalId)],
  );
