import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AHEAD_MS,
  createGrants,
  createRegister,
  createVault,
  type Grants,
  storeAudit,
} from '../../../shared/connections/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { AuditEntry, Authorization, Connection, Opening } from '../../../shared/ports/index.ts';
import { createLeases } from '../../../shared/resilience/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, globex, ModelVendor, modelAdapter } from './model.ts';

const HOUR_MS = 3_600_000;

async function world() {
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

const reread = async (platform: Awaited<ReturnType<typeof world>>['platform'], { id }: Connection) => {
  const items = platform.stores.connections.items();
  return items.find(({ sk }) => sk === id)?.data as { connection: Connection };
};

describe('grants: whose they are', () => {
  it('parks a connection whose renewal is for another account, and keeps no such grant', async () => {
    const { platform, register, newFunction, authorization } = await world();
    const known = await register.create(
      {
        organization: acme,
        integration: 'model',
        name: 'Model',
        baseUrl: 'https://vendor.example',
        settings: {},
        account: 'A0',
        state: { kind: 'active' },
      },
      'user:ann',
    );

    await expect(newFunction().usable(known, authorization)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });

    expect((await reread(platform, known)).connection.state).toMatchObject({ kind: 'parked' });
    expect(platform.stores.connections.items().filter(({ pk }) => pk.includes('#grant#'))).toEqual([]);
  });
});

describe('grants: single-holder renewal', () => {
  it('renews once for twenty functions that all find no token', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await world();
    vendor.duringRenewal = () => new Promise((resolve) => setImmediate(resolve));

    const grants = await Promise.all(
      Array.from({ length: 20 }, () => newFunction().usable(connection, authorization)),
    );

    expect(vendor.renewals).toBe(1);
    expect(new Set(grants.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-1']));
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'TokenRefreshes')).toHaveLength(1);
  });

  it('renews ahead of the end: one goes for it while the others use the old one', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await world();
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS - AHEAD_MS);
    const { promise: isRenewing, resolve: started } = Promise.withResolvers<void>();
    const { promise: mayFinish, resolve: finish } = Promise.withResolvers<void>();
    vendor.duringRenewal = async () => {
      started();
      await mayFinish;
    };

    const holder = newFunction().usable(connection, authorization);
    await isRenewing;
    const other = await newFunction().usable(connection, authorization);
    finish();

    expect(other.accessToken).toBe('access-1');
    expect((await holder).accessToken).toBe('access-2');
    expect((await newFunction().usable(connection, authorization)).accessToken).toBe('access-2');
    expect(vendor.renewals).toBe(2);
  });

  it('lets the losers of a dead token wait for the holder’s, and reads it without asking the vendor', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await world();
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS);
    vendor.duringRenewal = () => new Promise((resolve) => setImmediate(resolve));

    const grants = await Promise.all([1, 2, 3].map(() => newFunction().usable(connection, authorization)));

    expect(grants.map(({ accessToken }) => accessToken)).toEqual(['access-2', 'access-2', 'access-2']);
    expect(vendor.renewals).toBe(2);
  });

  it('replaces a token the vendor revoked once for all who saw the refusal', async () => {
    const { newFunction, connection, authorization, vendor } = await world();
    const grant = await newFunction().usable(connection, authorization);
    vendor.alive.clear();

    const grants = await Promise.all(
      Array.from({ length: 5 }, () => newFunction().replace(connection, authorization, grant)),
    );

    expect(new Set(grants.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-2']));
    expect(vendor.renewals).toBe(2);
  });

  it('does not write an overslept holder’s grant over a newer one', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await world();
    vendor.rotates = false;
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS);
    const { promise: isAsleep, resolve: fellAsleep } = Promise.withResolvers<void>();
    const { promise: isAwake, resolve: wake } = Promise.withResolvers<void>();
    vendor.duringRenewal = async () => {
      fellAsleep();
      await isAwake;
    };
    const sleeper = newFunction().usable(connection, authorization);
    await isAsleep;
    platform.clock.advance(60_000);
    vendor.duringRenewal = async () => {};
    const newer = await newFunction().usable(connection, authorization);
    wake();

    expect((await sleeper).accessToken).toBe(newer.accessToken);
    expect((await newFunction().usable(connection, authorization)).accessToken).toBe(newer.accessToken);
  });

  it('gives its work back when the holder never finishes', async () => {
    const { newFunction, connection, authorization, vendor } = await world();
    const never: Authorization = { ...authorization, renew: () => new Promise(() => {}) };
    void newFunction().usable(connection, never);
    await new Promise((resolve) => setImmediate(resolve));

    await expect(newFunction().usable(connection, authorization)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    expect(vendor.renewals).toBe(0);
  });

  it('passes on a vendor that is away, and parks nothing', async () => {
    const { newFunction, connection, platform } = await world();
    const away: Authorization = {
      renew: async () => {
        throw new ProviderUnavailableError('away');
      },
    };

    await expect(newFunction().usable(connection, away)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });

    expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });
  });

  it('keeps what a vendor does not repeat in its renewal', async () => {
    const { newFunction, connection, authorization, platform } = await world();
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS);
    const terse: Authorization = {
      renew: async () => ({ accessToken: 'terse', instanceUrl: 'https://vendor.example' }),
    };

    const grant = await newFunction().usable(connection, terse);

    expect(grant).toMatchObject({
      accessToken: 'terse',
      refreshToken: 'refresh-1',
      hubUserId: 'U1',
      account: 'A1',
    });
  });
});

describe('grants: any interleaving of functions', () => {
  it('never spends a single-use refresh token twice, whoever comes when', async () => {
    const arrival = fc.record({ afterMs: fc.nat(1_000), isRefused: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 4, maxLength: 24 }),
        fc.scheduler(),
        async (arrivals, scheduler) => {
          const { newFunction, connection, authorization, vendor, platform } = await world();
          await newFunction().usable(connection, authorization);
          // Some of the functions come before the last minutes of the grant, some within them.
          platform.clock.advance(HOUR_MS - AHEAD_MS - 5_000);
          vendor.duringRenewal = () => scheduler.schedule(Promise.resolve());
          const asked = arrivals.map(async ({ afterMs, isRefused }) => {
            await scheduler.schedule(Promise.resolve());
            platform.clock.advance(afterMs);
            const grants = newFunction();
            const grant = await grants.usable(connection, authorization);
            if (!isRefused) return;
            vendor.alive.delete(grant.accessToken);
            await scheduler.schedule(Promise.resolve());
            await grants.replace(connection, authorization, grant);
          });
          const results = await scheduler.waitFor(Promise.allSettled(asked));

          for (const result of results) {
            if (result.status === 'rejected')
              expect(result.reason).toMatchObject({ code: 'provider_unavailable' });
          }
          expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('grants: a refused renewal', () => {
  it('parks the connection, audits it, and tells its organization once', async () => {
    const { newFunction, connection, authorization, vendor, platform, entries } = await world();
    vendor.refusesRenewals = true;

    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => newFunction().usable(connection, authorization)),
    );

    expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
    const { connection: now } = await reread(platform, connection);
    expect(now.state).toMatchObject({
      kind: 'parked',
      reason: 'reauthorization_required',
      fault: 'organization',
    });
    const told = platform.events.filter(({ type }) => type === 'connection.parked');
    expect(told).toMatchObject([{ organization: acme, subject: connection.id, data: { state: 'parked' } }]);
    expect(entries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'token.refresh', outcome: 'refused', actor: 'hub' }),
        expect.objectContaining({ action: 'connection.parked' }),
      ]),
    );
  });

  it('asks the vendor no more while the connection is parked', async () => {
    const { newFunction, connection, authorization, vendor } = await world();
    const parked = {
      ...connection,
      state: { kind: 'parked', reason: 'x', fault: 'organization', sinceMs: 0 },
    } as const;

    await expect(newFunction().usable(parked, authorization)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });

    expect(vendor.renewals).toBe(0);
  });

  it('does not park when somebody else has stored a better grant meanwhile', async () => {
    const { newFunction, connection, authorization, vendor, platform, keys, store } = await world();
    const first = await newFunction().usable(connection, authorization);
    const better = await createVault({ store, keys }).sealed(
      connection,
      { ...first, accessToken: 'better' },
      1,
    );
    const beaten: Authorization = {
      async renew() {
        await store.commit([better]);
        vendor.refusesRenewals = true;
        return vendor.renew(first, 0);
      },
    };

    const grant = await newFunction().replace(connection, beaten, first);

    expect(grant.accessToken).toBe('better');
    expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });
  });

  it('parks by a grant just given only while it is still the stored one', async () => {
    const { newFunction, connection, authorization, platform } = await world();
    const grants = newFunction();
    const grant = await grants.usable(connection, authorization);
    await grants.refuse(connection, { ...grant, accessToken: 'older' });
    expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });

    await grants.refuse(connection, grant);

    expect((await reread(platform, connection)).connection.state).toMatchObject({ kind: 'parked' });
  });
});

describe('vault: envelope encryption', () => {
  it('stores no token readable, and opens it for its owner alone', async () => {
    const { newFunction, connection, authorization, platform, keys, store } = await world();
    await newFunction().usable(connection, authorization);
    const stored = JSON.stringify(store.items());
    expect(stored).not.toContain('access-1');
    expect(stored).not.toContain('refresh-1');

    const [sealed] = store.items().filter(({ sk }) => sk === 'grant');
    const stolen = { ...connection, organization: globex };
    await store.commit([
      { put: { pk: `globex#grant#${connection.id}`, sk: 'grant', data: sealed!.data }, expect: 0 },
    ]);

    await expect(createVault({ store, keys }).read(stolen)).rejects.toMatchObject({ code: 'invariant' });
    expect(JSON.stringify(platform.telemetry)).not.toContain('access-1');
  });

  it('asks the key service once for a grant that has not changed', async () => {
    const { newFunction, connection, authorization, keys, store } = await world();
    await newFunction().usable(connection, authorization);
    const vault = createVault({ store, keys });
    const counted = keys as unknown as { calls: { unwrapped: number } };
    const before = counted.calls.unwrapped;

    await vault.read(connection);
    await vault.read(connection);

    expect(counted.calls.unwrapped).toBe(before + 1);
  });
});
