import { isMapped } from '../../shared/domain/index.ts';
import type { Clock, Engine, EngineDeps, MappingEngine, Random } from '../../shared/ports/index.ts';
import {
  createEngine,
  createMappingEngine,
  policyOf,
  type Rules,
  standardRules,
} from '../../shared/sync/index.ts';
import type { Ports } from './invocation.ts';
import { rulesOff } from './safeguards.ts';
import type { World } from './world.ts';

/** The engine as one run of a function has it. */
export function engineFor(world: World, ports: EnginePorts): Engine {
  return createEngine(depsFor(world, ports), rulesFor(world));
}

/** What takes records to a changed mapping. */
export function mappingEngineFor(world: World, ports: EnginePorts): MappingEngine {
  return createMappingEngine(depsFor(world, ports), rulesFor(world));
}

type EnginePorts = Ports & { readonly clock: Clock; readonly random: Random };

function depsFor(world: World, ports: EnginePorts): EngineDeps {
  const { telemetry, audit, catalog, without } = world;
  return {
    ...ports,
    telemetry,
    audit,
    integrations: (id: string) => catalog.get(id),
    ...(without === 'outbox' ? { bus: silentBus(ports) } : {}),
  };
}

function rulesFor(world: World): Rules {
  const policyFor: Rules['policyFor'] = (connection, kind, field) => {
    const site = world.sites.find((each) => each.connection === connection.id);
    // A model vendor's own fields have policies although they are fixed; all else is for a document to say.
    const isFixed = site?.vendor.profile.hasDocument !== true && isMapped(kind);
    if (!isFixed) return standardRules.policyFor(connection, kind, field);
    return policyOf(site && world.plan.vendors[site.index]?.policies?.[field]);
  };
  return { ...standardRules, policyFor, ...rulesOff(world.without) };
}

/** Publishing is tried once, right after the commit; nothing remembers what was not taken. */
function silentBus({ bus }: Ports): Ports['bus'] {
  return {
    async publish(events) {
      return bus.publish(events).catch(() => []);
    },
  };
}
