import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createFeatures, settingsFrom } from '../../../shared/config/index.ts';
import { createDirectory, createVault, poller } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import type { AuditEntry } from '../../../shared/ports/index.ts';
import { acme, modelAdapter } from './model.ts';

import { accepted, context, page, source, ticket, twoVendors } from './two-vendors.ts';

describe('poll', () => {
  it('moves the cursor after each page was kept, and goes on from it', async () => {
    const { platform, vendors } = await twoVendors();
    const seen: unknown[] = [];
    const adapter = modelAdapter(vendors.model);
    const spying = poller(
      {
        manifest: source,
        adapter: {
          ...adapter,
          open: (opening, grant) => ({
            ...adapter.open(opening, grant),
            async *pull(kind, after) {
              seen.push([kind, after]);
              yield page([ticket('x1', 'a', 1_000)], false);
              yield page([ticket('x2', 'b', 2_000)]);
            },
          }),
        },
      },
      platform,
    );
    await spying({}, context);
    await spying({}, context);

    expect(seen).toEqual([
      ['ticket', undefined],
      ['ticket', { stamp: '2000', id: 'x2' }],
    ]);
  });

  it('keeps a row once though pages overlap, and again when it is too fresh to be final', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [
      page([ticket('old', 'a', platform.clock.now() - 60_000), ticket('fresh', 'a', platform.clock.now())]),
    ];

    await poll();
    await poll();

    expect(accepted(platform)).toBe(3);
  });

  it('audits what it brought, and a quiet run not at all', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('old', 'a', platform.clock.now() - 60_000)])];

    await poll();
    await poll();

    const entries = platform.stores.audit.items().map(({ data }) => data as AuditEntry);
    expect(entries.filter(({ action }) => action === 'connection.pulled')).toMatchObject([
      { connection: 'c1', actor: 'hub', outcome: 'done', facts: { kind: 'ticket', rows: 1, fresh: 1 } },
    ]);
  });

  it('writes neither a row that it is shown again nor a cursor that stands where it stood', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('old', 'a', platform.clock.now() - 60_000)])];
    const written: string[] = [];
    const { records, connections } = platform.stores;
    for (const store of [records, connections]) {
      const commit = store.commit.bind(store);
      store.commit = (writes) => {
        written.push(...writes.flatMap((write) => ('put' in write ? [write.put.pk] : [])));
        return commit(writes);
      };
    }
    const isOfPull = (pk: string) => pk.includes('#cursor#') || pk.includes('#inbox#');
    await poll();
    expect(written.filter(isOfPull)).toHaveLength(2);
    written.length = 0;

    await poll();

    expect(written.filter(isOfPull)).toEqual([]);
  });

  it('counts a row that it is shown again as a duplicate', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('old', 'a', platform.clock.now() - 60_000)])];
    const counted = (name: string) => platform.telemetry.metrics.filter((each) => each.name === name).length;

    await poll();
    await poll();

    expect([counted('Accepted'), counted('Duplicates')]).toEqual([1, 1]);
  });

  it('moves the cursor among rows of one stamp', async () => {
    const { platform, vendors, poll } = await twoVendors();
    const cursor = async () => (await platform.stores.connections.get('acme#cursor#c1', 'ticket'))?.data;
    vendors.model.pages = [page([ticket('x1', 'a', 1_000)])];
    await poll();
    vendors.model.pages = [page([ticket('x2', 'a', 1_000)])];

    await poll();

    expect(await cursor()).toEqual({ stamp: '1000', id: 'x2' });
  });

  it('keeps a row again whose content has changed', async () => {
    const { platform, vendors, poll } = await twoVendors();
    const atMs = platform.clock.now() - 60_000;
    vendors.model.pages = [page([ticket('x1', 'a', atMs)])];
    await poll();
    vendors.model.pages = [page([ticket('x1', 'b', atMs)])];

    await poll();

    expect(accepted(platform)).toBe(2);
  });

  it('leaves a connection alone that another poll holds, or that is parked', async () => {
    const { platform, vendors, poll, opener } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const lease = {
      pk: 'lease#poll#c1',
      sk: 'lease',
      data: { holder: 'other', untilMs: platform.clock.now() + 1_000 },
    };
    await platform.stores.limits.commit([{ put: lease, expect: 0 }]);
    await poll();
    expect(accepted(platform)).toBe(0);
    platform.clock.advance(1_000);
    const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
    const connection = (await directory.get(acme, 'c1' as ConnectionId))!;
    await opener.register.park(connection, { reason: 'x', fault: 'organization' }, []);

    await poll();

    expect(accepted(platform)).toBe(0);
  });

  it('leaves an organization alone that has switched delta sync off', async () => {
    const { platform, vendors, poll } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const features = createFeatures(platform.stores.connections, settingsFrom(undefined));
    await features.change(acme, { 'delta-sync': false });
    await poll();
    expect(accepted(platform)).toBe(0);
    await features.change(acme, { 'delta-sync': true });

    await poll();

    expect(accepted(platform)).toBe(1);
  });

  it('parks a connection whose renewal is refused, and still polls the others', async () => {
    const { platform, vendors, poll, opener } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];
    const given = {
      organization: acme,
      integration: 'model',
      name: 'c3',
      baseUrl: 'https://vendor.example',
      settings: {},
    };
    const dead = { accessToken: 'dead', instanceUrl: '', refreshToken: 'spent', expiresAtMs: 1 };
    const third = await opener.register.create({ ...given, id: 'c3' as ConnectionId }, 'user:ann');
    const vault = createVault({ store: platform.stores.connections, keys: platform.keys });
    await opener.register.activate(third, dead, {
      with: await vault.sealed(third, dead, 0),
      actor: 'user:ann',
    });
    await platform.secretsWriter.put(third.id, { bodyKey: randomBytes(32).toString('base64') });

    await poll();

    expect(accepted(platform)).toBe(1);
    const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
    expect((await directory.get(acme, third.id))?.state.kind).toBe('parked');
  });

  it('goes on past a kind the vendor refuses to list, and keeps which it is until it is listed again', async () => {
    const { platform, vendors, opener } = await twoVendors();
    const kinds = { ...source.kinds, comment: source.kinds.ticket!, contact: source.kinds.ticket! };
    const adapter = modelAdapter(vendors.model);
    let isRefused = true;
    const refusing: typeof adapter = {
      ...adapter,
      open: (opening, grant) => ({
        ...adapter.open(opening, grant),
        async *pull(kind) {
          if (kind === 'ticket' && isRefused)
            throw new ProviderRejectedError('no such column', { vendorCode: 'INVALID_FIELD' });
          yield page([{ ...ticket(`${kind}1`, 'a', 1_000), kind }]);
        },
      }),
    };
    const poll = poller({ manifest: { ...source, kinds }, adapter: refusing }, platform);
    const refused = async () =>
      (await opener.proofs.read({ organization: acme, id: 'c1' as ConnectionId })).refusedPulls;
    const startMs = platform.clock.now();

    await poll({}, context);
    platform.clock.advance(60_000);
    await poll({}, context);

    expect(accepted(platform)).toBe(2);
    expect(await refused()).toEqual({
      ticket: { code: 'INVALID_FIELD', reason: 'no such column', fault: 'organization', sinceMs: startMs },
    });
    isRefused = false;
    await poll({}, context);
    expect(accepted(platform)).toBe(3);
    expect(await refused()).toEqual({});
    const audited = platform.stores.audit.items().map(({ data }) => data as AuditEntry);
    expect(audited.filter(({ action }) => action === 'connection.pull')).toMatchObject([
      { connection: 'c1', outcome: 'refused', facts: { kind: 'ticket', code: 'INVALID_FIELD' } },
      { connection: 'c1', outcome: 'done', facts: { kind: 'ticket' } },
    ]);
  });

  it('tells of a failure that is not the vendor’s, after all others had their turn', async () => {
    const { platform, vendors, poll } = await twoVendors();
    await platform.secretsWriter.remove('c1' as ConnectionId);
    vendors.model.pages = [page([ticket('x1', 'a', 0)])];

    await expect(poll()).rejects.toThrow(/1 connections were not polled/);
  });

  it('stops in time', async () => {
    const { platform, vendors } = await twoVendors();
    vendors.model.pages = [page([ticket('x1', 'a', 0)], false), page([ticket('x2', 'a', 0)])];
    const handler = poller({ manifest: source, adapter: modelAdapter(vendors.model) }, platform);

    await handler({}, { getRemainingTimeInMillis: () => 10_000 } as Context);

    expect(accepted(platform)).toBe(0);
  });
});
