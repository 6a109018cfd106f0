import { describe, expect, it } from 'vitest';
import {
  createDesk,
  createDirectory,
  createVault,
  deadLetterParker,
  inboundPorts,
  sweeper,
} from '../../../shared/connections/index.ts';
import { bodySecretOf } from '../../../shared/connections/keys.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Adapter, AuditEntry, Grant } from '../../../shared/ports/index.ts';
import { accept } from '../../../shared/sync/index.ts';
import { acme, globex, type ModelVendor, modelAdapter } from './model.ts';
import { context, drain, integrations, page, source, target, ticket, twoVendors } from './two-vendors.ts';

const LEFT = 'c1' as ConnectionId;
const RIGHT = 'c2' as ConnectionId;
const asked = { organization: acme, connection: RIGHT, actor: 'user:ann' };

/** Two active connections; the right one's vendor takes tokens back. */
async function world() {
  const hub = await twoVendors();
  const { platform, vendors, opener } = hub;
  const { stores, clock, keys } = platform;
  const revoked: Grant[] = [];
  let revoke = async (grant: Grant) => {
    revoked.push(grant);
  };
  const takesBack = (vendor: ModelVendor): Adapter => {
    const adapter = modelAdapter(vendor);
    return {
      ...adapter,
      authorization: (opening) => ({ ...adapter.authorization(opening), revoke: (grant) => revoke(grant) }),
    };
  };
  const desk = createDesk(platform, [
    { manifest: source, adapter: modelAdapter(vendors.model) },
    { manifest: target, adapter: takesBack(vendors.target) },
  ]);
  const directory = createDirectory({ store: stores.connections, clock });
  const vault = createVault({ store: stores.connections, keys });
  const right = (await directory.get(acme, RIGHT))!;
  const grant = vendors.target.issue(clock.now());
  await opener.register.activate(right, grant, { with: await vault.sealed(right, grant, 0), actor: 'x' });
  const onRevoke = (act: typeof revoke) => {
    revoke = act;
  };
  const audited = () => stores.audit.items().map(({ data }) => data as AuditEntry);
  return { ...hub, desk, directory, grant, revoked, onRevoke, audited };
}

describe('desk: removing a connection', () => {
  it('gives its tokens back, takes out all that was its own, and tells its organization', async () => {
    const { desk, directory, platform, revoked, grant, audited } = await world();

    await desk.remove(asked);

    expect(revoked).toEqual([grant]);
    expect(await directory.get(acme, RIGHT)).toBeUndefined();
    expect(await directory.byAddress(RIGHT)).toBeUndefined();
    expect((await directory.ofOrganization(acme)).map(({ id }) => id)).toEqual([LEFT]);
    expect(await directory.ofIntegration('target')).toEqual([]);
    expect(await directory.wasRemoved(acme, RIGHT)).toBe(true);
    const left = platform.stores.connections.items().filter(({ pk }) => pk.includes(RIGHT));
    expect(left).toEqual([]);
    expect(await platform.secrets.get(RIGHT)).toBeUndefined();
    expect(platform.events.filter(({ type }) => type === 'connection.removed')).toMatchObject([
      { organization: acme, subject: RIGHT, data: { connection: RIGHT, state: 'removed' } },
    ]);
    expect(audited()).toContainEqual(
      expect.objectContaining({
        action: 'connection.removed',
        actor: 'user:ann',
        facts: { tokens: 'done' },
      }),
    );
  });

  it('lets the same account be connected anew', async () => {
    const { desk, opener, platform, vendors } = await world();
    await desk.remove(asked);
    const given = {
      organization: acme,
      integration: 'target',
      name: 'again',
      baseUrl: 'https://vendor.example',
    };
    const again = await opener.register.create({ ...given, settings: {} }, 'user:ann');
    const grant = vendors.target.issue(platform.clock.now());
    const vault = createVault({ store: platform.stores.connections, keys: platform.keys });

    const active = await opener.register.activate(again, grant, {
      with: await vault.sealed(again, grant, 0),
      actor: 'user:ann',
    });

    expect(active.account).toBe('A1');
  });

  it.each([
    ['is away', new ProviderUnavailableError('away')],
    ['does not know the token any more', new ProviderRejectedError('no', { vendorCode: 'token_revoked' })],
  ])('is not kept from it by a vendor that %s', async (_, error) => {
    const { desk, directory, onRevoke, audited } = await world();
    onRevoke(async () => Promise.reject(error));

    await desk.remove(asked);

    expect(await directory.get(acme, RIGHT)).toBeUndefined();
    expect(audited()).toContainEqual(
      expect.objectContaining({ action: 'connection.removed', facts: { tokens: 'failed' } }),
    );
  });

  it('needs no grant and no such call at the vendor', async () => {
    const { desk, audited } = await world();

    await desk.remove({ ...asked, connection: LEFT });

    expect(audited()).toContainEqual(
      expect.objectContaining({ action: 'connection.removed', facts: { tokens: 'unasked' } }),
    );
  });

  it('knows another organization’s, one that never was and one already gone alike', async () => {
    const { desk, directory } = await world();
    const answers = [
      await desk.remove({ ...asked, organization: globex }).catch(String),
      await desk.remove({ ...asked, connection: 'never' as ConnectionId }).catch(String),
    ];
    expect(await directory.get(acme, RIGHT)).toBeDefined();
    await desk.remove(asked);

    answers.push(await desk.remove(asked).catch(String));

    expect(new Set(answers).size).toBe(1);
    await expect(desk.remove(asked)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves neither of its secrets', async () => {
    const { desk, platform } = await world();
    const request = { integration: 'model', name: 'Model', settings: {}, actor: 'user:ann' };
    const made = await desk.create({ ...request, organization: acme });

    await desk.remove({ ...asked, connection: made.id });

    for (const id of [made.id, bodySecretOf(made.id)]) expect(await platform.secrets.get(id)).toBeUndefined();
  });

  it('finishes when it is asked again after the secret could not be taken out', async () => {
    const { desk, platform } = await world();
    const { remove } = platform.secretsWriter;
    platform.secretsWriter.remove = async () => {
      throw new ProviderUnavailableError('the secret store is away');
    };
    await expect(desk.remove(asked)).rejects.toMatchObject({ code: 'provider_unavailable' });
    platform.secretsWriter.remove = remove;

    await expect(desk.remove(asked)).rejects.toMatchObject({ code: 'not_found' });

    expect(await platform.secrets.get(RIGHT)).toBeUndefined();
  });

  it('holds against a proof written at the same moment', async () => {
    const { desk, directory, opener, platform } = await world();
    const connection = (await directory.get(acme, RIGHT))!;
    const { commit } = platform.stores.connections;
    let meddles = 2;
    platform.stores.connections.commit = async (writes) => {
      if (meddles > 0 && writes.length > 3) {
        meddles -= 1;
        await opener.proofs.failed(connection, new ProviderUnavailableError('away'));
      }
      return commit.call(platform.stores.connections, writes);
    };

    await desk.remove(asked);

    expect(await directory.get(acme, RIGHT)).toBeUndefined();
  });

  it('is not undone by an authorization that comes back too late', async () => {
    const { desk, directory } = await world();
    const begun = await desk.begin(asked);
    if (!('url' in begun)) throw new Error('expected a url');
    await desk.remove(asked);

    await expect(desk.complete({ state: begun.state, code: 'good' })).rejects.toMatchObject({
      code: 'not_found',
    });

    expect(await directory.get(acme, RIGHT)).toBeUndefined();
  });
});

describe('what was on its way from or to a removed connection', () => {
  it('ends: an accepted event is filtered, work and checks are dropped, nothing is parked', async () => {
    const { desk, platform, vendors, poll, observe, work } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    expect(platform.queues.work('target').size).toBe(1);
    const arrival = {
      organization: acme,
      connection: RIGHT,
      eventId: 'late',
      group: 'g',
      contentType: 'application/json',
      body: Buffer.from('{}'),
      lane: 'changes',
      receivedAtMs: platform.clock.now(),
      redeliveryMs: 1_000,
    } as const;
    await accept(inboundPorts(platform), arrival);
    await platform.queues.sendWork('target', { type: 'check', organization: acme, connection: RIGHT });
    await desk.remove(asked);
    platform.clock.advance(6_000);

    await drain(platform.queues.changes, observe);
    await drain(platform.queues.work('target'), work);

    expect(vendors.target.writes).toEqual([]);
    const rows = platform.stores.records.items().filter(({ pk }) => pk.includes(`#inbox#${RIGHT}`));
    expect(rows.map(({ data }) => (data as { state: string }).state)).toEqual(['filtered']);
    expect(platform.telemetry.logs.filter(({ message }) => message === 'message given back')).toEqual([]);
  });

  it('leaves no root due for ever', async () => {
    const { desk, platform, vendors, poll, observe } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    await desk.remove(asked);
    platform.clock.advance(10 * 60_000);
    const sweep = sweeper(integrations, platform);

    await sweep(undefined as never, context);

    const due = platform.stores.records.items().filter(({ pk, due }) => pk.includes('#root#') && due);
    expect(due).toEqual([]);
  });

  it('takes its parked work out of sight, and no other connection’s', async () => {
    const { desk, platform, vendors, poll, observe } = await world();
    vendors.model.pages = [page([ticket('x1', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, deadLetterParker(integrations, platform));
    vendors.model.pages = [page([ticket('x2', 'a', platform.clock.now() - 60_000)])];
    await poll();
    await drain(platform.queues.deltas, observe);
    await drain(platform.queues.work('target'), deadLetterParker(integrations, platform));
    const parkedOf = () =>
      platform.stores.records
        .items()
        .filter(({ pk }) => pk.includes('#parked#'))
        .map(({ data }) => (data as { connection: string }).connection)
        .sort();
    expect(parkedOf()).toEqual([LEFT, RIGHT]);

    await desk.remove(asked);

    expect(parkedOf()).toEqual([LEFT]);
  });
});
