import { describe, expect, it } from 'vitest';
import {
  createDirectory,
  createRegister,
  createVault,
  storeAudit,
  storeAuditTrail,
} from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Bus, HubEvent } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, globex } from './model.ts';

const grant = { accessToken: 'a', instanceUrl: 'https://vendor.example', hubUserId: 'U1', account: 'A1' };
const request = { integration: 'model', name: 'Model', baseUrl: 'https://vendor.example', settings: {} };

function world() {
  const published: HubEvent[] = [];
  const state = { isBusAway: false, refuses: '' };
  const bus: Bus = {
    async publish(events) {
      if (state.isBusAway) throw new ProviderUnavailableError('no bus');
      const taken = events.filter(({ subject }) => subject !== state.refuses);
      published.push(...taken);
      const untaken = events.filter((event) => !taken.includes(event));
      return untaken.map((event) => ({ event, code: 'MalformedDetail', isPassing: false }));
    },
  };
  const platform = memoryPlatform({ bus });
  const { clock, random, keys, stores } = platform;
  const store = stores.connections;
  const audit = storeAudit({ store: stores.audit, random });
  const vault = createVault({ store, keys });
  const register = createRegister({ store, clock, random, audit, bus });
  const directory = () => createDirectory({ store, clock });
  const activate = async (connection: Awaited<ReturnType<typeof register.create>>, over = {}) => {
    const given = { ...grant, ...over };
    const stored = await vault.read(connection);
    const write = await vault.sealed(connection, given, stored?.version ?? 0);
    return register.activate(connection, given, { with: write, actor: 'user:ann' });
  };
  return {
    platform,
    published,
    state,
    register,
    directory,
    activate,
    vault,
    trail: storeAuditTrail(stores.audit),
  };
}

describe('register of connections', () => {
  it('makes a pending connection that is found by its organization and its webhook address', async () => {
    const { register, directory } = world();

    const made = await register.create({ ...request, organization: acme }, 'user:ann');

    expect(made.state).toEqual({ kind: 'pending' });
    expect(await directory().get(acme, made.id)).toEqual(made);
    expect(await directory().byAddress(made.id)).toEqual(made);
    expect(await directory().ofOrganization(acme)).toEqual([made]);
    expect(await directory().ofIntegration('model')).toEqual([made]);
  });

  it('activates under what the vendor calls the account, in one write with the grant', async () => {
    const { register, directory, activate, vault } = world();
    const made = await register.create({ ...request, organization: acme }, 'user:ann');

    const active = await activate(made);

    expect(active).toMatchObject({ state: { kind: 'active' }, account: 'A1', hubUserId: 'U1' });
    expect(await directory().byAddress('model:A1')).toEqual(active);
    expect((await vault.read(active))?.grant).toEqual(grant);
  });

  it('refuses an account that another connection holds, and changes nothing', async () => {
    const { register, directory, activate, vault } = world();
    await activate(await register.create({ ...request, organization: acme }, 'user:ann'));
    const second = await register.create({ ...request, organization: globex }, 'user:bob');

    await expect(activate(second)).rejects.toMatchObject({ code: 'conflict' });

    expect(await directory().get(globex, second.id)).toMatchObject({ state: { kind: 'pending' } });
    expect(await vault.read(second)).toBeUndefined();
  });

  it('refuses the grant of another account than the connection had before', async () => {
    const { register, activate } = world();
    const made = await activate(await register.create({ ...request, organization: acme }, 'user:ann'));

    await expect(activate(made, { account: 'A2' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await activate(made, { accessToken: 'b' })).toMatchObject({ state: { kind: 'active' } });
  });

  it('parks with reason, fault and time; parking again changes and tells nothing', async () => {
    const { register, activate, published, platform } = world();
    const made = await activate(await register.create({ ...request, organization: acme }, 'user:ann'));
    platform.clock.advance(5_000);
    const why = { reason: 'reauthorization_required', fault: 'organization' } as const;

    const parked = await register.park(made, why, []);
    await register.park(made, { reason: 'other', fault: 'hub' }, []);

    expect(parked.state).toEqual({ kind: 'parked', ...why, sinceMs: platform.clock.now() });
    expect(published.map(({ type }) => type)).toEqual([
      'connection.created',
      'connection.activated',
      'connection.parked',
    ]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(3);
  });

  it('parks no connection that nobody has authorized yet', async () => {
    const { register, directory } = world();
    const made = await register.create({ ...request, organization: acme }, 'user:ann');

    await register.park(made, { reason: 'x', fault: 'organization' }, []);

    expect(await directory().get(acme, made.id)).toMatchObject({ state: { kind: 'pending' } });
  });

  it('parks only while what it rests on still holds', async () => {
    const { register, activate, directory } = world();
    const made = await activate(await register.create({ ...request, organization: acme }, 'user:ann'));
    const stale = { check: { pk: `acme#grant#${made.id}`, sk: 'grant' }, expect: 7 };

    const parking = register.park(made, { reason: 'x', fault: 'hub' }, [stale]);

    await expect(parking).rejects.toMatchObject({ code: 'conflict' });
    expect(await directory().get(acme, made.id)).toMatchObject({ state: { kind: 'active' } });
  });

  it('publishes later what the bus did not take, each event once it can', async () => {
    const { register, published, state, trail } = world();
    state.isBusAway = true;
    const making = register.create({ ...request, organization: acme }, 'user:ann');
    await expect(making).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(register.announceDue(10)).rejects.toMatchObject({ code: 'provider_unavailable' });
    state.isBusAway = false;

    expect(await register.announceDue(10)).toBe(1);
    expect(await register.announceDue(10)).toBe(0);

    expect(published.map(({ type }) => type)).toEqual(['connection.created']);
    expect((await trail.page(acme, { limit: 10 })).items).toMatchObject([{ action: 'connection.created' }]);
  });

  it('lets no connection’s refused event keep another’s from being told', async () => {
    const { register, published, state, directory } = world();
    state.isBusAway = true;
    for (const name of ['one', 'two']) {
      await register.create({ ...request, name, organization: acme }, 'user:ann').catch(() => undefined);
    }
    state.isBusAway = false;
    const [one, two] = await directory().ofOrganization(acme);
    state.refuses = one!.id;

    await expect(register.announceDue(10)).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(published.map(({ subject }) => subject)).toEqual([two!.id]);

    state.refuses = '';
    expect(await register.announceDue(10)).toBe(1);
    expect(published.map(({ subject }) => subject)).toEqual([two!.id, one!.id]);
  });

  it('says there is no connection to whoever changes one that never was', async () => {
    const { register } = world();
    const nobody = { id: 'c9' as ConnectionId, organization: acme } as never;

    await expect(register.park(nobody, { reason: 'x', fault: 'hub' }, [])).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('audits who did what, newest first, and for one organization alone', async () => {
    const { register, activate, trail, platform } = world();
    const made = await register.create({ ...request, organization: acme }, 'user:ann');
    platform.clock.advance(1);
    await activate(made);
    platform.clock.advance(1);
    await register.create({ ...request, organization: globex }, 'user:bob');

    const page = await trail.page(acme, { limit: 10 });

    expect(page.items).toMatchObject([
      { action: 'connection.activated', actor: 'user:ann', outcome: 'done', connection: made.id },
      { action: 'connection.created', actor: 'user:ann' },
    ]);
    const first = await trail.page(acme, { limit: 1 });
    expect(first.items).toHaveLength(1);
    expect((await trail.page(acme, { limit: 1, next: first.next! })).items[0]?.action).toBe(
      'connection.created',
    );
  });
});

describe('directory of connections: tenancy and freshness', () => {
  it('answers for another organization’s id exactly as for one that never was', async () => {
    const { register, directory } = world();
    const made = await register.create({ ...request, organization: acme }, 'user:ann');

    expect(await directory().get(globex, made.id)).toBeUndefined();
    expect(await directory().get(globex, 'never' as ConnectionId)).toBeUndefined();
    expect(await directory().ofOrganization(globex)).toEqual([]);
  });

  it('remembers an address, known or not, for a minute', async () => {
    const { register, directory, platform } = world();
    const known = directory();
    expect(await known.byAddress('c-later')).toBeUndefined();
    const made = await register.create(
      { ...request, organization: acme, id: 'c-later' as ConnectionId },
      'user:ann',
    );
    expect(await known.byAddress('c-later')).toBeUndefined();
    platform.clock.advance(60_000);

    expect(await known.byAddress('c-later')).toEqual(made);
  });

  it('does not grow with the guesses of strangers', async () => {
    const { register, directory } = world();
    const made = await register.create({ ...request, organization: acme }, 'user:ann');
    const known = directory();
    for (let guess = 0; guess < 2_500; guess += 1) await known.byAddress(`guess-${guess}`);

    expect(await known.byAddress(made.id)).toEqual(made);
  });

  it('lists an integration over pages', async () => {
    const { register, directory, platform } = world();
    for (let at = 0; at < 205; at += 1) {
      platform.clock.advance(1);
      await register.create({ ...request, organization: acme }, 'user:ann');
    }

    expect(await directory().ofIntegration('model')).toHaveLength(205);
  });
});
