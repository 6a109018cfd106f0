import type { ConnectionId, ExternalId, RecordId } from '../domain/ids.ts';
import type { Tree } from './scene.ts';

/** The copy of a root, or of a child of it that is at hand, under which something can be made now. */
export function livingCopy(
  { root, children }: Tree,
  child: RecordId | undefined,
  connection: ConnectionId,
): ExternalId | undefined {
  const record = child === undefined ? root : children.get(child);
  const link = record?.kind === 'comment' ? record.links[connection] : root.lanes[connection]?.link;
  const isLiving = record !== undefined && record.deleted === undefined && link?.dead === undefined;
  return isLiving && record.unread !== connection ? link?.externalId : undefined;
}
