import { describe, expect, it } from 'vitest';
import { createDirectory, Opener } from '../../../shared/connections/index.ts';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError, RateLimitedError } from '../../../shared/errors.ts';
import type {
  Adapter,
  Exports,
  Integration,
  Manifest,
  Observation,
  Page,
  RemoteChange,
} from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

const change: RemoteChange = {
  kind: 'ticket',
  operation: 'update',
  record: 'r1' as RecordId,
  fields: { subject: 'x' },
  externalId: 'x1' as ExternalId,
};
const copy = { kind: 'ticket', externalId: 'x1' as ExternalId } as const;

async function world(over: (adapter: Adapter) => Adapter = (adapter) => adapter) {
  const platform = memoryPlatform({ pause: async () => {} });
  const vendor = new ModelVendor();
  const opener = new Opener(platform);
  const code = { manifest, adapter: over(modelAdapter(vendor)) };
  const request = { integration: 'model', name: 'Model', baseUrl: 'https://vendor.example', settings: {} };
  const connection = await opener.register.create(
    { ...request, organization: acme, state: { kind: 'active' } },
    'user:ann',
  );
  await platform.secretsWriter.put(connection.id, { signingSecret: 's' });
  const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
  const now = async () => (await directory.get(acme, connection.id))!;
  const open = async () => opener.open(await now(), code, { priority: 'live' });
  return { platform, vendor, opener, code, connection, open, now };
}

describe('live integration: grants', () => {
  it('gets its first grant when it is first used', async () => {
    const { open, vendor } = await world();
    const { integration } = await open();
    expect(vendor.renewals).toBe(0);

    expect(await integration.write!(change)).toMatchObject({ outcome: 'settled' });

    expect(vendor.renewals).toBe(1);
  });

  it('begins with the grant its message has read already, and looks again once that is refused', async () => {
    const { opener, code, now, platform, vendor, open } = await world();
    await (await open()).integration.write!(change);
    const connection = await now();
    const ahead = await opener.lookAhead(connection);
    const { integration } = await opener.open(connection, code, { priority: 'live', ahead });
    let reads = 0;
    const { connections } = platform.stores;
    const get = connections.get.bind(connections);
    connections.get = (pk, sk) => {
      if (sk === 'grant') reads += 1;
      return get(pk, sk);
    };

    await integration.write!(change);
    expect([reads, vendor.renewals]).toEqual([0, 1]);
    vendor.alive.clear();

    expect(await integration.write!(change)).toMatchObject({ outcome: 'settled' });

    expect(reads).toBeGreaterThan(0);
    expect(vendor.renewals).toBe(2);
  });

  it('reads for itself what could not be read ahead', async () => {
    const { opener, code, now, platform, vendor } = await world();
    const connection = await now();
    const { connections, limits } = platform.stores;
    const [getConnection, getLimit] = [connections.get, limits.get];
    const away = async () => {
      throw new ProviderUnavailableError('the store is away');
    };
    Object.assign(connections, { get: away });
    Object.assign(limits, { get: away });
    const ahead = await opener.lookAhead(connection);
    Object.assign(connections, { get: getConnection });
    Object.assign(limits, { get: getLimit });
    const { integration } = await opener.open(connection, code, { priority: 'live', ahead });

    expect(await integration.write!(change)).toMatchObject({ outcome: 'settled' });

    expect(vendor.renewals).toBe(1);
  });

  it('asks for its grant once for all calls of a message, and again after a minute', async () => {
    const { open, platform } = await world();
    const { integration } = await open();
    await integration.write!(change);
    const reads: string[] = [];
    const { connections } = platform.stores;
    const get = connections.get.bind(connections);
    connections.get = (pk, sk) => {
      reads.push(sk);
      return get(pk, sk);
    };
    await integration.read!(copy);
    await integration.write!(change);
    expect(reads.filter((sk) => sk === 'grant')).toEqual([]);
    platform.clock.advance(60_000);

    await integration.read!(copy);

    expect(reads.filter((sk) => sk === 'grant')).toHaveLength(1);
  });

  it('replaces a grant that was revoked, and makes the call once more', async () => {
    const { open, vendor } = await world();
    await (await open()).integration.write!(change);
    vendor.alive.clear();

    const { integration } = await open();
    expect(await integration.write!(change)).toMatchObject({ outcome: 'settled' });
    vendor.alive.clear();
    expect(await integration.read!(copy)).toEqual({ state: 'absent' });

    expect(vendor.writes).toHaveLength(2);
    expect(vendor.renewals).toBe(3);
  });

  it('parks the connection when even a new grant is refused, and says so in every part', async () => {
    const { open, vendor, now } = await world();
    const issue = vendor.issue.bind(vendor);
    vendor.issue = (nowMs) => {
      const grant = issue(nowMs);
      vendor.alive.clear();
      return grant;
    };

    const { integration } = await open();
    expect(await integration.write!(change)).toMatchObject({ outcome: 'refused', why: 'unauthorized' });
    expect((await now()).state).toMatchObject({ kind: 'parked', fault: 'organization' });

    const parked = (await open()).integration;
    const asked = vendor.renewals;
    expect(await parked.write!(change)).toMatchObject({ outcome: 'refused', why: 'unauthorized' });
    await expect(parked.read!(copy)).rejects.toMatchObject({ code: 'reauthorization_required' });
    await expect(parked.find!('r1' as RecordId, 'ticket')).rejects.toMatchObject({
      code: 'reauthorization_required',
    });
    await expect(parked.match!('contact', {})).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect(await parked.check()).toMatchObject({
      state: 'unhealthy',
      error: { code: 'reauthorization_required' },
    });
    expect(vendor.renewals).toBe(asked);
    expect(vendor.writes).toEqual([]);
  });

  it.each([
    ['unavailable', new ProviderUnavailableError('token endpoint down')],
    ['throttled', new RateLimitedError('token endpoint busy', { retryAfterMs: 1_000 })],
    ['rejected', new ProviderRejectedError('no such client', { vendorCode: 'invalid_client' })],
  ])('refuses a write as %s when that keeps it from its grant', async (why, error) => {
    const { open, now } = await world((adapter) => ({
      ...adapter,
      authorization: () => ({ renew: () => Promise.reject(error) }),
    }));

    const { integration } = await open();

    expect(await integration.write!(change)).toEqual({ outcome: 'refused', why, error });
    expect((await now()).state).toEqual({ kind: 'active' });
  });

  it('pulls all pages with a grant that was replaced before the first', async () => {
    const { open, vendor } = await world();
    await (await open()).integration.write!(change);
    vendor.alive.clear();
    const page = (id: string, isLast: boolean): Page => ({
      observations: [],
      next: { stamp: id, id },
      isLast,
    });
    vendor.pages = [page('1', false), page('2', true)];

    const seen: Page[] = [];
    for await (const each of (await open()).integration.pull!('ticket', undefined)) seen.push(each);

    expect(seen).toEqual(vendor.pages);
  });

  it('says of what it exports by which mapping it was begun, where any is its connection’s', async () => {
    const seen = { authorship: 'other', atMs: 1, fields: { subject: 'x' }, isComplete: true } as const;
    const observation: Observation = { ...copy, ...seen };
    const exports: Exports = {
      begin: async () => 'e1',
      state: async () => ({ state: 'ready', records: 1 }),
      page: async () => ({ observations: [observation] }),
      discard: async () => {},
    };
    const { opener, code, now } = await world((adapter) => ({
      ...adapter,
      open: (opening, grant) => ({ ...adapter.open(opening, grant), exports }),
    }));
    const connection = { ...(await now()), mapping: { version: 3, kinds: {} } };
    const exported = async (mapping?: Manifest['mapping']) => {
      const opened = { ...code, manifest: { ...manifest, ...(mapping && { mapping }) } };
      const { integration } = await opener.open(connection, opened, { priority: 'bulk' });
      const { begin, page } = integration.exports!;
      return (await page(await begin('ticket'), 'ticket', { rows: 1 })).observations;
    };

    expect(await exported({ version: 0, kinds: {} })).toEqual([{ ...observation, mapping: 3 }]);
    expect(await exported()).toEqual([observation]);
  });

  it('has exactly the parts the integration has', async () => {
    const bare: Integration = { check: async () => ({ state: 'healthy', account: 'A1' }) };
    const { open } = await world((adapter) => ({ ...adapter, open: () => bare }));

    expect(Object.keys((await open()).integration)).toEqual(['check']);
  });

  it('passes on a failure that is a bug of ours', async () => {
    const broken: Integration = {
      check: () => Promise.reject(new TypeError('bug')),
      write: () => Promise.reject(new TypeError('bug')),
    };
    const { open } = await world((adapter) => ({ ...adapter, open: () => broken }));
    const { integration } = await open();

    await expect(integration.write!(change)).rejects.toThrow(TypeError);
    await expect(integration.check()).rejects.toThrow(TypeError);
  });
});

describe('opener: what an adapter is given', () => {
  it('refuses to give one integration’s connection to the code of another', async () => {
    const { opener, code, now } = await world();
    const foreign = { ...code, manifest: { ...manifest, id: 'other' } };

    await expect(opener.open(await now(), foreign, { priority: 'live' })).rejects.toMatchObject({
      code: 'invariant',
    });
  });

  it('keeps to the limits this deployment was given, and stops the start for settings that are wrong', async () => {
    const base = await world();
    const settings = JSON.stringify({ limits: { model: { api: { tokens: 1, windowMs: 60_000 } } } });
    const opener = new Opener({ ...base.platform, settings });
    const { integration } = await opener.open(await base.now(), base.code, { priority: 'live' });

    expect(await integration.write!(change)).toMatchObject({ outcome: 'settled' });
    expect(await integration.write!(change)).toMatchObject({ outcome: 'refused', why: 'throttled' });
    expect(() => new Opener({ ...base.platform, settings: '{"timeouts":{"vendorCallMs":1}}' })).toThrow(
      'HUB_SETTINGS.timeouts.vendorCallMs: saw 1, expected at least 500',
    );
  });

  it('writes down what the vendor told of its limits once the work is done', async () => {
    const { opener, platform, now, vendor } = await world();
    const base = modelAdapter(vendor);
    const telling: Adapter = {
      ...base,
      open: (opening, grant) => {
        opening.reportUsage({ limit: 'api', used: 100, max: 100 });
        return base.open(opening, grant);
      },
    };
    const opened = await opener.open(await now(), { manifest, adapter: telling }, { priority: 'live' });
    await opened.settle();

    const again = await opener.open(await now(), { manifest, adapter: base }, { priority: 'live' });

    expect(await again.integration.write!(change)).toMatchObject({ outcome: 'refused', why: 'throttled' });
    expect(platform.stores.limits.items().map(({ pk }) => pk)).toContain(`limit#${(await now()).id}#api`);
  });

  it('never tells a token or a secret in a log, a metric, an event, an audit entry or a stored item', async () => {
    const { open, vendor, platform } = await world();
    await (await open()).integration.write!(change);
    vendor.alive.clear();
    vendor.refusesRenewals = true;
    await (await open()).integration.write!(change);

    const { telemetry, events, stores } = platform;
    const kept = [stores.connections, stores.limits, stores.audit].map((store) => store.items());
    const all = JSON.stringify([telemetry.logs, telemetry.metrics, events, kept]);

    expect(all).toContain('token.refresh');
    for (const canary of ['access-1', 'refresh-1']) expect(all).not.toContain(canary);
  });
});
