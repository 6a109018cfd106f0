import { arrivalOf } from '../../../shared/connections/index.ts';
import { mappingKey } from '../../../shared/connections/keys.ts';
import { pairedBy, stamped } from '../../../shared/mapping/index.ts';
import type {
  Connection,
  Integration,
  MappingDocument,
  Observation,
  Page,
  RemoteChange,
  Store,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import { storeOver } from '../../memory/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { asRead, asWritten, descriptionOf } from './documents.ts';

/** The document a function opens a connection under; undefined where the integration's mapping is fixed. */
export function documentFor(world: World, { integration }: Site, connection: Connection | undefined) {
  return pairedBy(connection?.mapping, world.catalog.get(integration)?.manifest.mapping);
}

/** What an adapter with mapped fields does: asks for what the document names, and writes by the vendor's names. */
export function underDocument(
  world: World,
  site: Site,
  integration: Integration,
  document: MappingDocument | undefined,
): Integration {
  if (document === undefined) return integration;
  const { read, find, match, write, pull, exports, together } = integration;
  const seen = (o: Observation): Observation => observedUnder(document, o);
  return {
    ...integration,
    read: async (copy) => {
      const remote = await read!(copy);
      return remote.state === 'present' ? { ...remote, observation: seen(remote.observation) } : remote;
    },
    find: async (...asked) => {
      const found = await find!(...asked);
      return found && seen(found);
    },
    match: async (...asked) => {
      const found = await match!(...asked);
      return found && seen(found);
    },
    write: async (change) => answered(await write!(named(document, change)), seen),
    describe: async (kind) => descriptionOf(kind),
    ...(pull && {
      async *pull(...asked) {
        for await (const page of pull(...asked)) yield notePages(world, site, page, { document });
      },
    }),
    ...(exports && {
      exports: {
        ...exports,
        page: async (...asked) => {
          const begunUnder = site.documents.map((each) => each.document);
          return notePages(world, site, await exports.page(...asked), { document, begunUnder });
        },
      },
    }),
    ...(together && {
      together: {
        create: async (changes) => {
          const made = await together.create(changes.map((change) => named(document, change)));
          return made.map((outcome) => answered(outcome, seen));
        },
        match: async (...asked) => (await together.match(...asked)).map((found) => found && seen(found)),
      },
    }),
  };
}

export const observedUnder = (document: MappingDocument, o: Observation): Observation => ({
  ...o,
  fields: asRead(document, o.kind, o.fields, o.isComplete),
  ...(o.fieldTimesMs && { fieldTimesMs: timesRead(document, o.kind, o.fieldTimesMs) }),
});

/** A time is of the field that it is given of: of two that a pair has been moved between, each has its own. */
const timesRead = (
  document: MappingDocument,
  kind: Observation['kind'],
  timesMs: Readonly<Record<string, number>>,
) => asRead(document, kind, timesMs, false) as Readonly<Record<string, number>>;

function named<Change extends RemoteChange>(document: MappingDocument, change: Change): Change {
  return { ...change, fields: asWritten(document, change.kind, change.fields) };
}

function answered(outcome: WriteOutcome, seen: (o: Observation) => Observation): WriteOutcome {
  return outcome.outcome === 'settled' && outcome.observation !== undefined
    ? { ...outcome, observation: seen(outcome.observation) }
    : outcome;
}

interface Under {
  readonly document: MappingDocument;
  /** Whichever of these it was asked for under: an export says so to the end, whoever reads it. */
  readonly begunUnder?: readonly MappingDocument[];
}

/** The row of a page is known by what it holds under the document. */
function notePages<Rows extends Pick<Page, 'observations'>>(
  world: World,
  site: Site,
  page: Rows,
  { document, begunUnder = [document] }: Under,
): Rows {
  const settled = {
    lane: 'deltas',
    run: '',
    receivedAtMs: Number.POSITIVE_INFINITY,
    redeliveryMs: 0,
  } as const;
  const observations = page.observations.map((raw) => {
    const seen = observedUnder(document, raw);
    for (const by of begunUnder) {
      const { eventId } = arrivalOf({ id: site.connection } as Connection, stamped(seen, by), settled);
      world.pulled.set(eventId, raw);
    }
    return seen;
  });
  return { ...page, observations };
}

/** Notes from when on each document was in force. */
export function documentsNoted(table: Store, { sites, scheduler, injector }: World): Store {
  const noted = new Map(sites.map((site) => [mappingKey(site.organization, site.connection).sk, site]));
  return storeOver(table, {
    commit: async (writes) => {
      await table.commit(writes);
      for (const write of writes) {
        const site = 'put' in write ? noted.get(write.put.sk) : undefined;
        if (site === undefined || !('put' in write)) continue;
        site.documents.push({ document: write.put.data as MappingDocument, fromMs: scheduler.clock.now() });
        injector.count('mapping-changed');
      }
    },
  });
}
