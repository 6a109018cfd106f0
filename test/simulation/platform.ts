import type { IntegrationCode } from '../../shared/connections/index.ts';
import { ConflictError } from '../../shared/errors.ts';
import type { Connection, Platform, Store } from '../../shared/ports/index.ts';
import type { Injector } from './faults.ts';
import { gatedPorts, gatedStore, type Invocation } from './invocation.ts';
import { integrationFor } from './vendor/calls.ts';
import type { World } from './world.ts';
import { documentFor, documentsNoted, underDocument } from './worlds/documented.ts';
import { heedless } from './worlds/heedless.ts';
import { authorizationFor, grantsNoted, leaselessly, underToken } from './worlds/tokened.ts';

/** All that one run of a function is given, each call behind its gate. */
export function platformFor(world: World, invocation: Invocation): Platform {
  const { tables, telemetry, keys, secrets, random, scheduler } = world;
  const { store, queues, bus } = gatedPorts(world.ports, invocation, random);
  const gated = (table: Store) => gatedStore(table, invocation, random);
  const watched = documentsNoted(cursorsWatched(tables.connections, world.injector), world);
  const connections = heedless(watched, world.without);
  const leases = leasesWatched(world);
  return {
    clock: invocation.clock,
    random,
    telemetry,
    bus,
    keys,
    secrets,
    secretsWriter: secrets,
    queues,
    pause: (ms) => new Promise((resolve) => scheduler.after(ms, resolve)),
    stores: {
      records: store,
      connections: gated(grantsNoted(connections, world, invocation)),
      limits: gated(world.without === 'refresh-lease' ? leaselessly(leases) : leases),
      audit: gated(tables.audit),
    },
    isLocal: false,
    settings: undefined,
    publicUrl: 'https://hub.invalid',
  };
}

/** The code of an integration whose tenants' vendors these are. */
export function codeFor(world: World, integration: string, invocation: Invocation): IntegrationCode {
  const { manifest } = world.catalog.get(integration)!;
  const siteOf = ({ id }: Connection) => world.sites.find(({ connection }) => connection === id)!;
  return {
    manifest,
    adapter: {
      authorization: ({ connection }) => authorizationFor(world, siteOf(connection), invocation),
      open({ connection }, grant) {
        const site = siteOf(connection);
        const document = documentFor(world, site, connection);
        const reached = underToken(world, site, grant, integrationFor(world, site, invocation));
        return underDocument(world, site, reached, document);
      },
    },
  } as IntegrationCode;
}

function cursorsWatched(table: Store, injector: Injector): Store {
  return {
    ...portOf(table),
    commit: (writes) =>
      table.commit(writes).catch((error: unknown) => {
        const isCursor = writes.some((write) => 'put' in write && write.put.pk.includes('#cursor#'));
        if (isCursor && error instanceof ConflictError) injector.count('cursor-moved-by-another');
        throw error;
      }),
  };
}

const POLL_LEASE = 'lease#poll#';

/** A poll's lease may end while it is at work: its clock, or its host, was slower than it thought. */
function leasesWatched({ tables: { limits }, injector, scheduler, random, onLeaseLost }: World): Store {
  const lose = async (key: { readonly pk: string; readonly sk: string }) => {
    const held = await limits.get(key.pk, key.sk);
    if (held === undefined) return;
    await limits.commit([{ remove: key, expect: held.version }]);
    injector.count('lease-lost');
    onLeaseLost();
  };
  const own = new Set<string>();
  return {
    ...portOf(limits),
    async get(pk, sk) {
      const held = await limits.get<never>(pk, sk);
      if (held !== undefined && pk.startsWith(POLL_LEASE) && !own.has(pk)) injector.count('poll-excluded');
      return held;
    },
    async commit(writes) {
      await limits.commit(writes);
      const [write] = writes;
      if (write === undefined || !('put' in write) || !write.put.pk.startsWith(POLL_LEASE)) return;
      const { pk, sk } = write.put;
      own.add(pk);
      if (injector.take('lease') !== 'lease-lost') return;
      scheduler.after(100 + random.integer(600), () => void lose({ pk, sk }));
    },
  };
}

const portOf = (table: Store): Store => ({
  get: (pk, sk) => table.get(pk, sk),
  list: (pk, options) => table.list(pk, options),
  commit: (writes) => table.commit(writes),
  due: (list, untilMs, limit) => table.due(list, untilMs, limit),
  page: (list, options) => table.page(list, options),
});
