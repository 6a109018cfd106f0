import { createRegister, Opener, storeAudit } from '../../../shared/connections/index.ts';
import type { Connection } from '../../../shared/ports/index.ts';
import { engineFor } from '../engine.ts';
import type { Functions } from '../functions.ts';
import { gatedPorts, type Invocation } from '../invocation.ts';
import { platformFor } from '../platform.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { endpointOf } from './tokened.ts';

const ANNOUNCED_AT_ONCE = 100;

/** A person authorizes a connection anew that was parked; false while none is. */
export function authorizeAct(world: World, functions: Functions): boolean {
  const parked = world.sites.filter((site) => stateOf(world, site) === 'parked');
  for (const site of parked)
    functions.invoke((invocation) => authorizeAgain(world, site, invocation), 'authorize');
  return parked.length > 0;
}

/** Nothing where it is not parked. What waits for it goes on. */
export async function authorizeAgain(world: World, site: Site, invocation: Invocation): Promise<void> {
  const { organization, connection: id } = site;
  const { register, vault } = new Opener(platformFor(world, invocation));
  const ports = { ...gatedPorts(world.ports, invocation, world.random), clock: invocation.clock };
  const connection = await ports.connections.get(organization, id);
  const endpoint = endpointOf(world, site);
  if (connection?.state.kind === 'parked' && endpoint !== undefined) {
    const stored = await vault.read(connection);
    const grant = endpoint.authorize(world.scheduler.clock.now());
    const write = await vault.sealed(connection, grant, stored?.version ?? 0);
    await register.activate(connection, grant, { with: write, actor: 'user:ops' });
    world.injector.count('authorized-again');
  }
  await engineFor(world, ports).drain(organization, id);
}

/** Part of every sweep: what could not be told of connections. */
export function announceSweep(world: World, functions: Functions): void {
  if (world.endpoints.size === 0) return;
  functions.invoke(async (invocation) => {
    const { clock, random, bus, stores } = platformFor(world, invocation);
    const audit = storeAudit({ store: stores.audit, random });
    const register = createRegister({ store: stores.connections, clock, random, audit, bus });
    await register.announceDue(ANNOUNCED_AT_ONCE);
  }, 'announcements');
}

export function stateOf({ tables }: World, { connection }: Site): Connection['state']['kind'] | undefined {
  const item = tables.connections.items().find(({ sk }) => sk === connection);
  return (item?.data as { connection: Connection } | undefined)?.connection.state.kind;
}
