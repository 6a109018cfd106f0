import type { ConnectionId, ExternalId, OrganizationId } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import { loadRoot } from './desk.ts';
import { claimKey } from './keys.ts';
import { Session } from './session.ts';
import type { Claim, Tombstone } from './state.ts';

/** Whether the bytes of a file that was taken in are still to be fetched: not here, not set aside, not given up. */
export async function awaitsBytes(
  store: Store,
  {
    organization,
    connection,
    file,
  }: {
    readonly organization: OrganizationId;
    readonly connection: ConnectionId;
    readonly file: ExternalId;
  },
): Promise<boolean> {
  const session = new Session(store);
  const claim = await session.get<Claim | Tombstone>(claimKey(organization, connection, 'attachment', file));
  if (claim === undefined || 'dead' in claim) return false;
  const root = await loadRoot(session, organization, claim.root);
  const lane = root?.lanes[connection];
  return root?.file !== undefined && root.file.content === undefined && lane?.wake !== undefined;
}
