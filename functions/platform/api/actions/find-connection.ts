import type { ConnectionId } from '../../../../shared/domain/index.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import type { Call } from '../call.ts';
import type { GateDeps } from '../deps.ts';
import { nothingThere } from './find-ticket.ts';

/** @throws NotFoundError */
export async function findConnection(call: Call, { connections }: GateDeps): Promise<Connection> {
  const connection = await connections.get(call.caller.organization, call.path.connection as ConnectionId);
  if (connection === undefined) throw nothingThere();
  return connection;
}
