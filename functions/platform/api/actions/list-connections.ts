import type { Connection } from '../../../../shared/ports/index.ts';
import type { Action } from '../call.ts';
import type { GateDeps } from '../deps.ts';
import { connectionBody } from '../views/connection.ts';

export async function presentConnection(connection: Connection, deps: GateDeps) {
  return connectionBody({
    connection,
    activity: await deps.reading.activity(connection.organization, connection.id),
    manifest: deps.catalog.find(({ id }) => id === connection.integration),
    publicUrl: deps.publicUrl,
    secretName: deps.secretNameOf(connection.id),
    nowMs: deps.clock.now(),
  });
}

export const listConnections: Action = async (call, deps) => {
  const connections = await deps.connections.ofOrganization(call.caller.organization);
  const items = await Promise.all(connections.map((connection) => presentConnection(connection, deps)));
  return { status: 200, body: { items } };
};
