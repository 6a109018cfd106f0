import type { Connection, Health } from '../../../../shared/ports/index.ts';
import type { DeskDeps } from '../deps.ts';

/** Asks the vendor, now; what waited for this connection goes on once it answers. */
export async function prove(
  { organization, id: connection }: Pick<Connection, 'organization' | 'id'>,
  actor: string,
  { desk, engine }: DeskDeps,
): Promise<Health> {
  const health = await desk.check({ organization, connection, actor });
  if (health.state === 'healthy') await engine.drain(organization, connection);
  return health;
}
