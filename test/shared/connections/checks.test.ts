import { describe, expect, it } from 'vitest';
import { inboundPorts } from '../../../shared/connections/engine-deps.ts';
import {
  createDirectory,
  createProofs,
  createVault,
  createVitals,
  LOOK_EVERY_MS,
  QUIET_MS,
  sweeper,
} from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { AuditEntry } from '../../../shared/ports/index.ts';
import { accept } from '../../../shared/sync/index.ts';
import { acme } from './model.ts';
import { context, drain, integrations, twoVendors } from './two-vendors.ts';

const DAY_MS = 86_400_000;
const TARGET = { organization: acme, id: 'c2' as ConnectionId };

/** Two vendors, of which `target` has been authorized, and a sweeper that runs each minute. */
async function world() {
  const hub = await twoVendors();
  const { platform, vendors, opener, work } = hub;
  const { stores, clock, keys } = platform;
  const directory = createDirectory({ store: stores.connections, clock });
  const proofs = createProofs({ store: stores.connections, clock });
  const vault = createVault({ store: stores.connections, keys });
  const target = (await directory.get(acme, TARGET.id))!;
  const grant = vendors.target.issue(clock.now());
  await opener.register.activate(target, grant, { with: await vault.sealed(target, grant, 0), actor: 'x' });
  const sweep = sweeper(integrations, platform);
  /** Lets time pass, minute by minute, with what is ordered done at once. */
  const pass = async (forMs: number, everyMs = 60_000) => {
    for (const untilMs = clock.now() + forMs; clock.now() < untilMs; clock.advance(everyMs)) {
      await sweep(undefined as never, context);
      await drain(platform.queues.work('target'), work);
      const others = platform.queues.work('model');
      for (let left = others.receive(); left; left = others.receive()) others.delete(left.receipt);
    }
  };
  const audited = () =>
    stores.audit.items().flatMap(({ data }) => {
      const entry = data as AuditEntry;
      return entry.action === 'connection.checked' && entry.connection === TARGET.id ? [entry] : [];
    });
  const now = async () => (await directory.get(acme, TARGET.id))!;
  const vitals = () => createVitals(platform)(acme, TARGET.id);
  return { ...hub, proofs, sweep, pass, audited, now, vitals };
}

describe('the sweeper: quiet connections', () => {
  it('are asked within the hour, by their own integration’s worker, and audited', async () => {
    const { pass, proofs, platform, audited } = await world();
    expect(await proofs.read(TARGET)).toEqual({});

    await pass(QUIET_MS);

    const { lastProofAtMs } = await proofs.read(TARGET);
    expect(lastProofAtMs).toBeGreaterThan(platform.clock.now() - QUIET_MS);
    expect(audited()).toMatchObject([{ actor: 'hub', outcome: 'done' }]);
  });

  it('keep their authorization alive through a month in which nothing happens', async () => {
    const { pass, now, vendors, platform, proofs } = await world();

    await pass(31 * DAY_MS, LOOK_EVERY_MS);

    expect((await now()).state).toEqual({ kind: 'active' });
    expect(vendors.target.renewals).toBeGreaterThan(100);
    expect((await proofs.read(TARGET)).lastProofAtMs).toBeGreaterThan(platform.clock.now() - 2 * QUIET_MS);
  });

  it('are parked within the hour when the vendor no longer takes the grant, and their organization is told', async () => {
    const { pass, now, vendors, platform } = await world();
    vendors.target.alive.clear();
    vendors.target.refusesRenewals = true;

    await pass(QUIET_MS);

    expect((await now()).state).toMatchObject({ kind: 'parked', fault: 'organization' });
    expect(platform.events.filter(({ type }) => type === 'connection.parked')).toHaveLength(1);
  });

  it('are left alone while their work proves them, and asked no oftener than once an hour', async () => {
    const { pass, proofs, now, platform, audited } = await world();
    const connection = await now();
    for (let minutes = 0; minutes < 120; minutes += 30) {
      await proofs.answered(connection);
      await pass(30 * 60_000);
    }
    expect(audited()).toEqual([]);

    await pass(DAY_MS);

    expect(audited().length).toBeGreaterThanOrEqual(20);
    expect(audited().length).toBeLessThanOrEqual(24);
    expect(platform.queues.work('target').size).toBe(0);
  });

  it('are asked once a day however busy they are: a check sees what work does not', async () => {
    const { pass, proofs, now, audited } = await world();
    const connection = await now();
    for (let minutes = 0; minutes < 3 * 24 * 60; minutes += 30) {
      await proofs.answered(connection);
      await pass(30 * 60_000, LOOK_EVERY_MS);
    }

    expect(audited()).toHaveLength(2);
  });

  it('are asked soon again when they have just failed, and what waited for them goes on', async () => {
    const { pass, proofs, now, vitals } = await world();
    await proofs.answered(await now());
    await proofs.failed(await now(), new ProviderUnavailableError('the vendor did not answer'));
    expect((await vitals()).lastFailure).toMatchObject({
      code: 'provider_unavailable',
      reason: 'the vendor did not answer',
      fault: 'vendor',
    });

    await pass(2 * LOOK_EVERY_MS);

    expect((await vitals()).lastFailure).toBeUndefined();
  });

  it('are not asked while they are parked', async () => {
    const { pass, now, opener, audited } = await world();
    await opener.register.park(await now(), { reason: 'x', fault: 'organization' }, []);

    await pass(3 * QUIET_MS);

    expect(audited()).toEqual([]);
  });

  it('say so when they cannot even be opened, and nothing is asked again and again', async () => {
    const { pass, platform, vitals } = await world();
    await platform.secretsWriter.remove(TARGET.id);

    await pass(QUIET_MS);

    expect((await vitals()).lastFailure).toMatchObject({ code: 'configuration' });
    expect(platform.telemetry.logs.filter(({ message }) => message === 'message given back')).toEqual([]);
  });

  it('are looked at a bounded number at a time, whoever waits longest first', async () => {
    const { opener, platform, sweep } = await world();
    const given = {
      organization: acme,
      integration: 'target',
      name: 'many',
      baseUrl: 'https://vendor.example',
    };
    for (let made = 0; made < 250; made += 1) {
      await opener.register.create({ ...given, settings: {}, state: { kind: 'active' } }, 'user:ann');
    }
    platform.clock.advance(QUIET_MS);

    await sweep(undefined as never, context);
    const first = platform.queues.work('target').size;
    await sweep(undefined as never, context);

    expect(first).toBeLessThanOrEqual(200);
    expect(platform.queues.work('target').size).toBe(251);
  });
});

describe('vitals', () => {
  it('tell of a connection that falls silent against its own past, until its next event', async () => {
    const { pass, vitals, platform, now } = await world();
    const { organization, id: connection } = await now();
    const deps = inboundPorts(platform);
    let arrived = 0;
    const arrive = async () => {
      arrived += 1;
      const row = { eventId: `e${arrived}`, group: 'g', contentType: 'x', body: Buffer.from('{}') };
      const receivedAtMs = platform.clock.now();
      const times = { lane: 'changes' as const, receivedAtMs, redeliveryMs: 3_600_000 };
      await accept(deps, { organization, connection, ...row, ...times });
    };
    for (let hours = 0; hours < 24 * 8; hours += 1) {
      for (let times = 0; times < 6; times += 1) {
        await arrive();
        await pass(LOOK_EVERY_MS, LOOK_EVERY_MS);
      }
    }
    expect((await vitals()).silentSinceMs).toBeUndefined();
    const lastMs = platform.clock.now() - LOOK_EVERY_MS;

    await pass(DAY_MS / 4, LOOK_EVERY_MS);
    expect((await vitals()).silentSinceMs).toBe(lastMs);

    await arrive();
    await pass(2 * LOOK_EVERY_MS, LOOK_EVERY_MS);
    expect((await vitals()).silentSinceMs).toBeUndefined();
  });

  it('tell that calls are held back, and no longer when that is over', async () => {
    const { proofs, now, vitals, platform } = await world();
    const connection = await now();

    await proofs.throttled(connection, platform.clock.now() + 1_000);
    expect((await vitals()).throttledUntilMs).toBeUndefined();

    await proofs.throttled(connection, platform.clock.now() + 60_000);
    expect((await vitals()).throttledUntilMs).toBe(platform.clock.now() + 60_000);
  });
});
