import { describe, expect, it } from 'vitest';
import { createDesk, createProofs, secretsSealer } from '../../../shared/connections/index.ts';
import { bodySecretOf } from '../../../shared/connections/keys.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { asked, deskWorld as world } from './desk-world.ts';
import { acme, globex, ModelVendor, manifest, modelAdapter } from './model.ts';

describe('desk: making a connection', () => {
  it('gives it a secret for its owner to fill, another with a fresh body key, and the vendor’s own address', async () => {
    const { platform, connection } = await world();

    const values = await platform.secrets.get(bodySecretOf(connection.id));

    expect(Buffer.from(values?.bodyKey ?? '', 'base64')).toHaveLength(32);
    expect(await platform.secrets.get(connection.id)).toEqual({});
    expect(connection).toMatchObject({ baseUrl: 'https://vendor.example', state: { kind: 'pending' } });
  });

  it('never leaves one without its secret, though telling of it fails', async () => {
    const { platform, desk, directory } = await world();
    platform.bus.publish = async () => {
      throw new ProviderUnavailableError('the bus is away');
    };

    await expect(desk.create({ ...asked, organization: globex })).rejects.toThrow('the bus is away');

    const [made] = await directory.ofOrganization(globex);
    expect(await platform.secrets.get(bodySecretOf(made!.id))).toHaveProperty('bodyKey');
  });

  it('is done once under an id that is given, with the secrets known already', async () => {
    const { platform, desk } = await world();
    const request = { ...asked, id: 'chosen' as ConnectionId, secrets: { signingSecret: 's' } };
    const made = await desk.create(request);
    const key = await platform.secrets.get(bodySecretOf(made.id));

    const again = await desk.create(request);

    expect(again).toEqual(made);
    expect(made.id).toBe('chosen');
    expect(JSON.stringify(made)).not.toContain('signingSecret');
    expect(await platform.secrets.get(made.id)).toEqual({ signingSecret: 's' });
    expect(await platform.secrets.get(bodySecretOf(made.id))).toEqual(key);
  });

  it('keeps events readable though its owner overwrites the secret with values of their own', async () => {
    const { platform, connection } = await world();
    const sealer = secretsSealer(platform.secrets);
    const sealed = await sealer.seal(acme, connection.id, Buffer.from('before'));

    await platform.secretsWriter.put(connection.id, { signingSecret: 'the owner’s own' });

    expect(Buffer.from(await sealer.open(acme, connection.id, sealed)).toString()).toBe('before');
    await expect(sealer.seal(acme, connection.id, Buffer.from('after'))).resolves.toBeDefined();
  });

  it('takes secrets over one by one, names them in the audit, and shows no value', async () => {
    const { platform, desk, connection, audited } = await world();
    const ask = { organization: acme, connection: connection.id, actor: 'user:ann' };

    await desk.keepSecrets({ ...ask, secrets: { clientId: 'id', clientSecret: 'hidden-1' } });
    await desk.keepSecrets({ ...ask, secrets: { clientSecret: 'hidden-2' } });

    expect(await platform.secrets.get(connection.id)).toEqual({ clientId: 'id', clientSecret: 'hidden-2' });
    expect(audited()).toContainEqual(
      expect.objectContaining({
        action: 'connection.secrets.changed',
        actor: 'user:ann',
        facts: { names: 'clientId clientSecret' },
      }),
    );
    expect(JSON.stringify(audited())).not.toContain('hidden');
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

describe('desk: tenancy and proof', () => {
  it('knows another organization’s connection as little as one that never was', async () => {
    const { desk, connection } = await world();
    const theirs = { organization: globex, connection: connection.id, actor: 'user:eve' };
    const never = { ...theirs, connection: 'never' as ConnectionId };

    const keep = (request: typeof theirs) => desk.keepSecrets({ ...request, secrets: { a: 'b' } });
    for (const ask of [desk.begin.bind(desk), desk.check.bind(desk), keep]) {
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
