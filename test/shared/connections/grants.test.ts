import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AHEAD_MS } from '../../../shared/connections/index.ts';
import { ConflictError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Authorization } from '../../../shared/ports/index.ts';
import { acme } from './model.ts';

import { HOUR_MS, renewals, reread } from './renewals.ts';

describe('grants: whose they are', () => {
  it('parks a connection whose renewal is for another account, and keeps no such grant', async () => {
    const { platform, register, newFunction, authorization } = await renewals();
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
    const { newFunction, connection, authorization, vendor, platform } = await renewals();
    vendor.duringRenewal = () => new Promise((resolve) => setImmediate(resolve));

    const grants = await Promise.all(
      Array.from({ length: 20 }, () => newFunction().usable(connection, authorization)),
    );

    expect(vendor.renewals).toBe(1);
    expect(new Set(grants.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-1']));
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'TokenRefreshes')).toHaveLength(1);
  });

  it('renews ahead of the end: one goes for it while the others use the old one', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await renewals();
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
    const { newFunction, connection, authorization, vendor, platform } = await renewals();
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS);
    vendor.duringRenewal = () => new Promise((resolve) => setImmediate(resolve));

    const grants = await Promise.all([1, 2, 3].map(() => newFunction().usable(connection, authorization)));

    expect(grants.map(({ accessToken }) => accessToken)).toEqual(['access-2', 'access-2', 'access-2']);
    expect(vendor.renewals).toBe(2);
  });

  it('replaces a token the vendor revoked once for all who saw the refusal', async () => {
    const { newFunction, connection, authorization, vendor } = await renewals();
    const grant = await newFunction().usable(connection, authorization);
    vendor.alive.clear();

    const grants = await Promise.all(
      Array.from({ length: 5 }, () => newFunction().replace(connection, authorization, grant)),
    );

    expect(new Set(grants.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-2']));
    expect(vendor.renewals).toBe(2);
  });

  it('does not write an overslept holder’s grant over a newer one', async () => {
    const { newFunction, connection, authorization, vendor, platform } = await renewals();
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
    const { newFunction, connection, authorization, vendor } = await renewals();
    const never: Authorization = { ...authorization, renew: () => new Promise(() => {}) };
    void newFunction().usable(connection, never);
    await new Promise((resolve) => setImmediate(resolve));

    await expect(newFunction().usable(connection, authorization)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    expect(vendor.renewals).toBe(0);
  });

  it('passes on a vendor that is away, and parks nothing', async () => {
    const { newFunction, connection, platform } = await renewals();
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

  it.each([
    ['is away', new ProviderUnavailableError('the store is away')],
    ['reports a conflict of transactions', new ConflictError('another transaction is under way')],
  ])('keeps a single-use token it was given although the store %s for a moment', async (_how, error) => {
    const { newFunction, connection, authorization, vendor, store } = await renewals();
    const commit = store.commit.bind(store);
    vendor.duringRenewal = async () => {
      store.commit = async () => {
        store.commit = commit;
        throw error;
      };
    };

    const grant = await newFunction().usable(connection, authorization);

    expect(await newFunction().usable(connection, authorization)).toEqual(grant);
    expect(vendor.renewals).toBe(1);
  });

  it('keeps a new refresh token that comes with the access token there was, whatever the store does', async () => {
    const { newFunction, connection, authorization, store, platform } = await renewals();
    await newFunction().usable(connection, authorization);
    platform.clock.advance(HOUR_MS);
    const commit = store.commit.bind(store);
    const refreshed = {
      renew: async () => {
        store.commit = async () => {
          store.commit = commit;
          throw new ProviderUnavailableError('the store is away');
        };
        const expiresAtMs = platform.clock.now() + HOUR_MS;
        const instanceUrl = 'https://vendor.example';
        return { accessToken: 'access-1', refreshToken: 'refresh-new', instanceUrl, expiresAtMs };
      },
    };

    await newFunction().usable(connection, refreshed);

    expect(await newFunction().usable(connection, authorization)).toMatchObject({
      refreshToken: 'refresh-new',
    });
  });

  it('keeps what a vendor does not repeat in its renewal', async () => {
    const { newFunction, connection, authorization, platform } = await renewals();
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
          const { newFunction, connection, authorization, vendor, platform } = await renewals();
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
