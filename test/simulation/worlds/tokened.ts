import { createVault } from '../../../shared/connections/index.ts';
import { grantKey } from '../../../shared/connections/keys.ts';
import { ProviderUnavailableError, ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type { Authorization, Grant, Integration, Store } from '../../../shared/ports/index.ts';
import { storeOver } from '../../memory/index.ts';
import type { Invocation } from '../invocation.ts';
import type { Site } from '../truth.ts';
import { refusal } from '../vendor/integration.ts';
import { connectionOf, type World } from '../world.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** How long an adapter waits for a token endpoint. */
const ANSWER_TIMEOUT_MS = 8_000;

export const endpointOf = ({ endpoints }: World, { connection }: Site): TokenEndpoint | undefined =>
  endpoints.get(connection);

/** What people granted before the history begins. */
export async function grantFirst(world: World): Promise<void> {
  const { tables, keys, scheduler } = world;
  const vault = createVault({ store: tables.connections, keys });
  for (const site of world.sites) {
    const grant = endpointOf(world, site)?.authorize(scheduler.clock.now());
    if (grant === undefined) continue;
    await tables.connections.commit([await vault.sealed(connectionOf(site, 0), grant, 0)]);
  }
}

/** The way to a token endpoint, as one run of a function goes it. */
export function authorizationFor(world: World, site: Site, run: Invocation): Authorization {
  const { injector, scheduler, random } = world;
  const endpoint = endpointOf(world, site);
  if (endpoint === undefined) return { renew: async () => ({ accessToken: 'token', instanceUrl: '' }) };
  return {
    async renew(current) {
      const fault = injector.take('renew');
      if (fault !== undefined) injector.count(fault);
      injector.count('token-renewals');
      if (fault === 'grant-revoked') endpoint.revoke('by its owner');
      const times = { inMs: 20 + random.integer(200), outMs: fault === 'renewal-slow' ? 7_000 : 20 };
      const exchanged = run.gate(async () => {
        if (fault === 'renewal-unavailable')
          throw injector.caused(new ProviderUnavailableError('nobody answers'));
        if (fault === 'killed-before-storing') scheduler.after(10, () => run.kill());
        const now = scheduler.clock.now();
        const { expiresAtMs, ...given } = endpoint.exchange(current, run, now, injector.isOver);
        if (fault === 'renewal-answer-lost') endpoint.noteLost();
        // Vendors say for how long; until when is by the clock of who asked.
        return { ...given, expiresAtMs: expiresAtMs! - now + run.clock.now() };
      }, times);
      if (fault !== 'renewal-answer-lost') return exchanged;
      await exchanged;
      return run.gate(
        async () => {
          throw injector.caused(new ProviderUnavailableError('no answer within the time allowed'));
        },
        { inMs: ANSWER_TIMEOUT_MS, outMs: 1 },
      );
    },
  };
}

/** The vendor lets nobody in with a token that has ended, or was revoked. */
export function underToken(world: World, site: Site, grant: Grant, integration: Integration): Integration {
  const endpoint = endpointOf(world, site);
  if (endpoint === undefined) return integration;
  const isAlive = () => endpoint.isAlive(grant, world.scheduler.clock.now());
  const refused = () => new ReauthorizationRequiredError('the token is dead');
  const { read, find, match, write, pull, describe, download, upload, exports, together } = integration;
  const shut = <Asked extends unknown[], Answer>(call: (...asked: Asked) => Promise<Answer>) => {
    return (...asked: Asked) => (isAlive() ? call(...asked) : Promise.reject(refused()));
  };
  return {
    ...integration,
    read: shut(read!),
    find: shut(find!),
    match: shut(match!),
    write: async (change) => (isAlive() ? write!(change) : refusal('unauthorized')),
    ...(describe && { describe: shut(describe) }),
    ...(download && { download: shut(download) }),
    ...(upload && { upload: shut(upload) }),
    ...(exports && {
      exports: {
        begin: shut(exports.begin),
        state: shut(exports.state),
        page: shut(exports.page),
        discard: shut(exports.discard),
      },
    }),
    ...(together && {
      together: {
        create: async (changes) =>
          isAlive() ? together.create(changes) : changes.map(() => refusal('unauthorized')),
        match: shut(together.match),
      },
    }),
    ...(pull && {
      async *pull(...asked) {
        if (!isAlive()) throw refused();
        yield* pull(...asked);
      },
    }),
  };
}

/** Notes what is stored of grants, and which connections are parked. */
export function grantsNoted(table: Store, world: World, run: Invocation): Store {
  if (world.endpoints.size === 0) return table;
  const { chronicle, injector } = world;
  const keys = new Map(world.sites.map((site) => [grantKey(site.organization, site.connection).pk, site]));
  return storeOver(table, {
    commit: async (writes) => {
      await table.commit(writes);
      for (const write of writes) {
        if (!('put' in write)) continue;
        const site = keys.get(write.put.pk);
        if (site !== undefined) endpointOf(world, site)?.noteStored(run);
        const { unannounced = [] } = write.put.data as {
          unannounced?: { event: { id: string; type: string } }[];
        };
        for (const { event } of unannounced) {
          if (event.type !== 'connection.parked' || chronicle.parkings.has(event.id)) continue;
          chronicle.parkings.add(event.id);
          injector.count('connection-parked');
        }
      }
    },
  });
}

/** Every function gets the lease, and no other hears of it. */
export function leaselessly(table: Store): Store {
  const isGrants = (pk: string) => pk.startsWith('lease#grant#');
  return {
    get: (pk, sk) => (isGrants(pk) ? Promise.resolve(undefined) : table.get(pk, sk)),
    list: (pk, options) => table.list(pk, options),
    due: (list, untilMs, limit) => table.due(list, untilMs, limit),
    page: (list, options) => table.page(list, options),
    commit: async (writes) => {
      if (writes.some((write) => 'put' in write && isGrants(write.put.pk))) return;
      await table.commit(writes);
    },
  };
}
