import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createDesk,
  createDirectory,
  createProofs,
  STATE_LIFE_MS,
} from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { AuditEntry } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, globex, ModelVendor, manifest, modelAdapter } from './model.ts';

const asked = { integration: 'model', name: 'Model', settings: {}, actor: 'user:ann', organization: acme };

async function world() {
  const platform = memoryPlatform();
  const vendor = new ModelVendor();
  const adapter = modelAdapter(vendor);
  const desk = createDesk(platform, [{ manifest, adapter }]);
  const withoutPerson = createDesk(platform, [
    {
      manifest,
      adapter: {
        ...adapter,
        authorization: (opening) => ({ renew: (grant) => adapter.authorization(opening).renew(grant) }),
      },
    },
  ]);
  const connection = await desk.create(asked);
  const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
  const begin = async () => {
    const begun = await desk.begin({ organization: acme, connection: connection.id, actor: 'user:ann' });
    if (!('url' in begun)) throw new Error('expected a url');
    return { ...begun, query: new URL(begun.url).searchParams };
  };
  const audited = () => platform.stores.audit.items().map(({ data }) => data as AuditEntry);
  return { platform, vendor, desk, withoutPerson, connection, directory, begin, audited };
}

describe('desk: making a connection', () => {
  it('gives it a secret with a fresh body key, and the vendor’s own address', async () => {
    const { platform, connection } = await world();

    const values = await platform.secrets.get(connection.id);

    expect(Buffer.from(values.bodyKey!, 'base64')).toHaveLength(32);
    expect(connection).toMatchObject({ baseUrl: 'https://vendor.example', state: { kind: 'pending' } });
  });

  it('never leaves one without its secret, though telling of it fails', async () => {
    const { platform, desk, directory } = await world();
    platform.bus.publish = async () => {
      throw new ProviderUnavailableError('the bus is away');
    };

    await expect(desk.create({ ...asked, organization: globex })).rejects.toThrow('the bus is away');

    const [made] = await directory.ofOrganization(globex);
    expect(await platform.secrets.get(made!.id)).toHaveProperty('bodyKey');
  });

  it('refuses a setting that would send people to somebody else than the vendor', async () => {
    const { platform, vendor } = await world();
    const settingsSchema = { properties: { loginUrl: { type: 'string', format: 'uri' } } };
    const code = { manifest: { ...manifest, settingsSchema }, adapter: modelAdapter(vendor) };
    const create = (loginUrl: string) =>
      createDesk(platform, [code]).create({ ...asked, settings: { loginUrl } });

    await expect(create('https://vendor.example')).resolves.toMatchObject({ integration: 'model' });
    for (const loginUrl of ['https://evil.example', 'javascript:alert(1)', 'nonsense']) {
      await expect(create(loginUrl)).rejects.toMatchObject({ pointer: '/settings/loginUrl' });
    }
  });

  it.each([
    ['http://vendor.example'],
    ['https://elsewhere.example'],
    ['https://127.0.0.1'],
    ['https://vendor.example:8443'],
    ['https://ann:pw@vendor.example'],
    ['nonsense'],
  ])('refuses the address %s', async (baseUrl) => {
    const { desk } = await world();

    await expect(desk.create({ ...asked, baseUrl })).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/baseUrl',
    });
  });

  it('takes any address in the local hub, where sandboxes answer', async () => {
    const platform = memoryPlatform({ isLocal: true });
    const desk = createDesk(platform, [{ manifest, adapter: modelAdapter(new ModelVendor()) }]);

    const made = await desk.create({ ...asked, baseUrl: 'http://127.0.0.1:4000' });

    expect(made.baseUrl).toBe('http://127.0.0.1:4000');
  });

  it('asks for the address of a vendor that has a host per customer, and knows no other integration', async () => {
    const perCustomer = { ...manifest, allowedHosts: ['*.vendor.example'] };
    const desk = createDesk(memoryPlatform(), [
      { manifest: perCustomer, adapter: modelAdapter(new ModelVendor()) },
    ]);

    await expect(desk.create(asked)).rejects.toMatchObject({ pointer: '/baseUrl' });
    await expect(desk.create({ ...asked, integration: 'other' })).rejects.toMatchObject({
      pointer: '/integration',
    });
    expect(await desk.create({ ...asked, baseUrl: 'https://acme.vendor.example' })).toBeDefined();
  });
});

describe('desk: authorize and callback (RFC 6749 §4.1, RFC 7636)', () => {
  it('sends the person off with a state and an S256 challenge, and takes the code back once', async () => {
    const { desk, begin, directory, connection, vendor } = await world();
    const { state, query } = await begin();
    expect(query.get('state')).toBe(state);
    expect(query.get('redirectUri')).toBe('https://hub.example/oauth/callback');

    const active = await desk.complete({ state, code: 'good' });

    expect(active).toMatchObject({ id: connection.id, state: { kind: 'active' }, account: 'A1' });
    expect(await directory.get(acme, connection.id)).toEqual(active);
    await expect(desk.complete({ state, code: 'good' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(vendor.renewals).toBe(1);
  });

  it('gives the verifier whose hash was the challenge', async () => {
    const { platform, vendor } = await world();
    const verifiers: string[] = [];
    const base = modelAdapter(vendor);
    const desk = createDesk(platform, [
      {
        manifest,
        adapter: {
          ...base,
          authorization: (opening) => {
            const { authorizeUrl, renew } = base.authorization(opening);
            return {
              authorizeUrl: authorizeUrl!,
              renew,
              exchange: async ({ codeVerifier }) => {
                verifiers.push(codeVerifier);
                return vendor.issue(opening.clock.now());
              },
            };
          },
        },
      },
    ]);
    const connection = await desk.create(asked);
    const begun = await desk.begin({ organization: acme, connection: connection.id, actor: 'user:ann' });
    const challenge = 'url' in begun ? new URL(begun.url).searchParams.get('codeChallenge') : '';
    await desk.complete({ state: 'state' in begun ? begun.state : '', code: 'any' });

    expect(createHash('sha256').update(verifiers[0]!).digest('base64url')).toBe(challenge);
  });

  it('lets one of two racing callbacks use a state', async () => {
    const { desk, begin, vendor } = await world();
    const { state } = await begin();

    const both = await Promise.allSettled([1, 2].map(() => desk.complete({ state, code: 'good' })));

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(vendor.renewals).toBe(1);
  });

  it('refuses a state after ten minutes, and one never given, alike', async () => {
    const { desk, begin, platform } = await world();
    const { state } = await begin();
    platform.clock.advance(STATE_LIFE_MS);

    const late = await desk.complete({ state, code: 'good' }).catch((error: Error) => error);
    const made = await desk.complete({ state: 'made up', code: 'good' }).catch((error: Error) => error);

    expect(late).toMatchObject({ code: 'invalid_input' });
    expect((late as Error).message).toBe((made as Error).message);
  });

  it('stores neither the state nor a way to it', async () => {
    const { begin, platform } = await world();

    const { state } = await begin();

    expect(JSON.stringify(platform.stores.connections.items())).not.toContain(state);
  });

  it('activates nothing on a refused code, and audits the refusal', async () => {
    const { desk, begin, directory, connection, audited } = await world();
    const { state } = await begin();

    await expect(desk.complete({ state, code: 'bad' })).rejects.toMatchObject({
      code: 'reauthorization_required',
    });

    expect(await directory.get(acme, connection.id)).toMatchObject({ state: { kind: 'pending' } });
    expect(audited()).toContainEqual(
      expect.objectContaining({ action: 'connection.authorize', outcome: 'refused', actor: 'user:ann' }),
    );
  });

  it('needs nobody where the integration gets its grant by itself', async () => {
    const { withoutPerson, connection } = await world();

    const begun = await withoutPerson.begin({
      organization: acme,
      connection: connection.id,
      actor: 'user:ann',
    });

    expect(begun).toMatchObject({
      connection: { state: { kind: 'active' }, hubUserId: 'U1', account: 'A1' },
    });
  });

  it('exchanges no code where the integration knows none', async () => {
    const { withoutPerson, begin } = await world();
    const { state } = await begin();

    await expect(withoutPerson.complete({ state, code: 'good' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('revives a parked connection', async () => {
    const { desk, begin, platform, directory, connection } = await world();
    await desk.complete({ state: (await begin()).state, code: 'good' });
    const { Opener } = await import('../../../shared/connections/index.ts');
    const active = (await directory.get(acme, connection.id))!;
    await new Opener(platform).register.park(active, { reason: 'x', fault: 'organization' }, []);

    const revived = await desk.complete({ state: (await begin()).state, code: 'good' });

    expect(revived.state).toEqual({ kind: 'active' });
  });
});

describe('desk: tenancy and proof', () => {
  it('knows another organization’s connection as little as one that never was', async () => {
    const { desk, connection } = await world();
    const theirs = { organization: globex, connection: connection.id, actor: 'user:eve' };
    const never = { ...theirs, connection: 'never' as ConnectionId };

    for (const ask of [desk.begin.bind(desk), desk.check.bind(desk)]) {
      const [one, other] = [await ask(theirs).catch(String), await ask(never).catch(String)];
      expect(one).toBe(other);
      await expect(ask(theirs)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('asks the vendor, now, and writes down what it said', async () => {
    const { desk, begin, connection, platform, vendor, audited } = await world();
    await desk.complete({ state: (await begin()).state, code: 'good' });
    const ask = { organization: acme, connection: connection.id, actor: 'user:ann' };
    const proofs = createProofs({ store: platform.stores.connections, clock: platform.clock });

    expect(await desk.check(ask)).toMatchObject({ state: 'healthy' });
    expect(await proofs.read(connection)).toEqual({ lastProofAtMs: platform.clock.now() });
    platform.clock.advance(1_000);
    vendor.alive.clear();
    vendor.refusesRenewals = true;

    expect(await desk.check(ask)).toMatchObject({
      state: 'unhealthy',
      error: { code: 'reauthorization_required' },
    });
    expect(await proofs.read(connection)).toMatchObject({
      lastFailureAtMs: platform.clock.now(),
      lastFailure: 'reauthorization_required',
    });
    expect(audited()).toContainEqual(
      expect.objectContaining({ action: 'connection.checked', outcome: 'refused' }),
    );
  });
});
