import {
  createMappingDesk,
  runRemaps,
  storeAudit,
  type WantedDocument,
} from '../../../shared/connections/index.ts';
import { REMAPS } from '../../../shared/connections/keys.ts';
import { HubError } from '../../../shared/errors.ts';
import { mappingEngineFor } from '../engine.ts';
import type { Functions } from '../functions.ts';
import { gatedPorts, type Invocation } from '../invocation.ts';
import type { Operation } from '../plan.ts';
import { codeFor, platformFor } from '../platform.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { withArea } from './areas.ts';
import { isConnected } from './backfilling.ts';
import { changed } from './documents.ts';
import { shortened } from './losses.ts';

const RETRY_AFTER_MS = 2_000;
const MAX_TRIES = 8;
const RUNS_AT_ONCE = 5;

const isMappable = (world: World, site: Site): boolean =>
  site.vendor.profile.hasDocument === true && isConnected(world, site);

/** An operator puts another document, as the API does, and again until somebody has put one. */
export function remapAct(world: World, functions: Functions, operation: Operation): boolean {
  const sites = world.sites.filter((site) => isMappable(world, site));
  const site = sites[operation.vendor % Math.max(1, sites.length)];
  if (site === undefined) return false;
  put(world, functions, { site, operation, tries: 0 });
  return true;
}

const changeOf = ({ operation }: Operation) =>
  operation === 'pair-area' ? withArea : operation === 'shorten' ? shortened : changed;

interface Asked {
  readonly site: Site;
  readonly operation: Operation;
  readonly tries: number;
  readonly given?: { readonly document: WantedDocument; readonly basedOn: number };
}

function put(world: World, functions: Functions, asked: Asked): void {
  const { site, operation, tries } = asked;
  const { organization, connection } = site;
  let { given } = asked;
  let isRefused = false;
  functions.invoke(
    async (invocation) => {
      const code = codeFor(world, site.integration, invocation);
      const desk = createMappingDesk(platformFor(world, invocation), [code], (id) => world.catalog.get(id));
      const { document } = await desk.read({ organization, connection });
      given ??= {
        document: changeOf(operation)(document, operation, site.vendor.profile),
        basedOn: document.version,
      };
      // An answer was lost, or another operator was quicker.
      if (document.version !== given.basedOn) return;
      try {
        await desk.put({ organization, connection, ...given, actor: 'user:ops' });
      } catch (error) {
        // An answer like any: come back later.
        if (!(error instanceof HubError) || error.reaction === 'page') throw error;
        isRefused = true;
      }
    },
    'remap',
    (isDone) => {
      if ((isDone && !isRefused) || tries >= MAX_TRIES) return;
      const again = { ...asked, tries: tries + 1, ...(given === undefined ? {} : { given }) };
      world.scheduler.after(RETRY_AFTER_MS, () => put(world, functions, again));
    },
  );
}

/** Part of every sweep: brings the runs of changed mappings on. */
export function remapSweep(world: World, functions: Functions): void {
  if (!world.sites.some((site) => isMappable(world, site))) return;
  functions.invoke((invocation) => advance(world, invocation), 'remaps');
}

async function advance(world: World, invocation: Invocation): Promise<void> {
  const { clock } = invocation;
  const { stores, random } = platformFor(world, invocation);
  const audit = storeAudit({ store: stores.audit, random });
  const ports = { ...gatedPorts(world.ports, invocation, world.random), clock };
  const { remap } = mappingEngineFor(world, ports);
  await runRemaps({ store: stores.connections, clock, audit, remap }, RUNS_AT_ONCE);
}

/** Runs that are not over. */
export const remapsUnderWay = ({ tables }: World): readonly string[] =>
  tables.connections.items().flatMap(({ pk, due }) => (due?.list === REMAPS ? [`${REMAPS}: ${pk}`] : []));
