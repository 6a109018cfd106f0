import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { ConflictError } from '../errors.ts';
import type { Connections } from '../ports/connections.ts';
import { type Desk, openSession } from './desk.ts';
import { parkedFor } from './every-item.ts';
import { parkedKey } from './keys.ts';
import type { Places } from './places.ts';
import type { ParkedWork, Root } from './state.ts';

/** A removed connection's parked work is nobody's any more. */
export async function forget(
  desk: Desk,
  organization: OrganizationId,
  connection: ConnectionId,
): Promise<number> {
  let forgotten = 0;
  for await (const work of parkedFor(desk.deps.store, organization, connection)) {
    if (await takeOut(desk, work)) forgotten += 1;
  }
  return forgotten;
}

/** The list lags: what it still shows may be gone already. */
async function takeOut(desk: Desk, { organization, id }: ParkedWork): Promise<boolean> {
  const session = openSession(desk);
  const key = parkedKey(organization, id);
  if ((await session.get(key)) === undefined) return false;
  session.remove(key);
  try {
    await session.commit();
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** Lanes that lead to a removed connection wait for nothing: their root must not stay due for ever. */
export async function standDown(
  root: Root,
  places: Places,
  given: { readonly organization: OrganizationId; readonly connections: Connections },
): Promise<void> {
  for (const [id, lane] of Object.entries(root.lanes)) {
    const connection = id as ConnectionId;
    // A list of places may be some seconds old; the strong read is not.
    if (places.has(connection) || (await given.connections.get(given.organization, connection))) continue;
    delete lane.wake;
    delete lane.drains;
    delete lane.parked;
  }
}
