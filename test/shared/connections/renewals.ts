import {
  createGrants,
  createRegister,
  createVault,
  type Grants,
  storeAudit,
} from '../../../shared/connections/index.ts';
import type { AuditEntry, Connection, Opening } from '../../../shared/ports/index.ts';
import { createLeases } from '../../../shared/resilience/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, modelAdapter } from './model.ts';

export const HOUR_MS = 3_600_000;

export async function renewals() {
  const platform = memoryPlatform();
  const { clock, random, bus, telemetry, keys, stores } = platform;
  const audit = storeAudit({ store: stores.audit, random });
  const store = stores.connections;
  const register = createRegister({ store, clock, random, audit, bus });
  const vendor = new ModelVendor();
  const request = { integration: 'model', name: 'Model', baseUrl: 'https://vendor.example', settings: {} };
  const connection = await register.create(
    { ...request, organization: acme, state: { kind: 'active' } },
    'user:ann',
  );
  const authorization = modelAdapter(vendor).authorization({ connection, clock } as unknown as Opening);
  /** Another function: its own caches, the same tables. */
  const newFunction = (): Grants =>
    createGrants({
      store,
      vault: createVault({ store, keys }),
      leases: createLeases({ store: stores.limits, clock, random }),
      register,
      clock,
      audit,
      telemetry,
      // Time passes while a loser waits, and the holder gets on.
      pause: async (ms) => {
        clock.advance(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
  const entries = () => stores.audit.items().map(({ data }) => data as AuditEntry);
  return { platform, connection, authorization, vendor, newFunction, register, entries, keys, store };
}

/** The connection as it is stored now. */
export const reread = async (
  platform: Awaited<ReturnType<typeof renewals>>['platform'],
  { id }: Connection,
) => {
  const items = platform.stores.connections.items();
  return items.find(({ sk }) => sk === id)?.data as { connection: Connection };
};
