import type { Clock, Engine, Random } from '../../shared/ports/index.ts';
import { createEngine, policyOf, type Rules, standardRules } from '../../shared/sync/index.ts';
import type { Ports } from './invocation.ts';
import { rulesOff } from './safeguards.ts';
import type { World } from './world.ts';

/** The engine as one run of a function has it. */
export function engineFor(
  world: World,
  ports: Ports & { readonly clock: Clock; readonly random: Random },
): Engine {
  const { telemetry, audit, catalog, without } = world;
  const deps = {
    ...ports,
    telemetry,
    audit,
    integrations: (id: string) => catalog.get(id),
    ...(without === 'outbox' ? { bus: silentBus(ports) } : {}),
  };
  const policyFor: Rules['policyFor'] = ({ id }, _kind, field) => {
    const site = world.sites.find(({ connection }) => connection === id);
    return policyOf(site && world.plan.vendors[site.index]?.policies?.[field]);
  };
  return createEngine(deps, { ...standardRules, policyFor, ...rulesOff(without) });
}

/** Publishing is tried once, right after the commit; nothing remembers what was not taken. */
function silentBus({ bus }: Ports): Ports['bus'] {
  return {
    async publish(events) {
      return bus.publish(events).catch(() => []);
    },
  };
}
