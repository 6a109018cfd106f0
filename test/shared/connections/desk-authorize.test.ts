import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDesk, STATE_LIFE_MS } from '../../../shared/connections/index.ts';
import { ConfigurationError, ProviderRejectedError } from '../../../shared/errors.ts';
import type { Adapter } from '../../../shared/ports/index.ts';
import { asked, deskWorld as world } from './desk-world.ts';
import { acme, manifest, modelAdapter } from './model.ts';

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

  it('says what its secret lacks, in words for who can fill it, and as a fault of nobody’s code', async () => {
    const { platform, vendor, connection } = await world();
    const adapter: Adapter = {
      ...modelAdapter(vendor),
      authorization: () => ({
        renew: async () => Promise.reject(new ConfigurationError('the secret lacks consumerKey')),
      }),
    };
    const desk = createDesk(platform, [{ manifest, adapter }]);

    await expect(
      desk.begin({ organization: acme, connection: connection.id, actor: 'user:ann' }),
    ).rejects.toMatchObject({ code: 'conflict', message: 'the secret lacks consumerKey' });
  });

  it('uses a state up that comes back with a refusal, and audits it', async () => {
    const { desk, begin, audited, vendor } = await world();
    const { state } = await begin();

    await desk.refuse({ state, error: 'access_denied' });

    await expect(desk.complete({ state, code: 'good' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(desk.refuse({ state, error: 'access_denied' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(vendor.renewals).toBe(0);
    expect(audited().filter(({ action }) => action === 'connection.authorize')).toMatchObject([
      { outcome: 'refused', actor: 'user:ann', facts: { code: 'access_denied' } },
    ]);
  });

  it('is refused, not uncertain, where the person grants less than is needed', async () => {
    const { platform, vendor, connection, audited } = await world();
    const lack = new ProviderRejectedError('not granted chat:write', { vendorCode: 'missing_scope' });
    const adapter: Adapter = {
      ...modelAdapter(vendor),
      authorization: () => ({ renew: async () => Promise.reject(lack) }),
    };
    const desk = createDesk(platform, [{ manifest, adapter }]);

    await expect(
      desk.begin({ organization: acme, connection: connection.id, actor: 'user:ann' }),
    ).rejects.toBe(lack);

    expect(audited()).toContainEqual(
      expect.objectContaining({
        action: 'connection.authorize',
        outcome: 'refused',
        facts: { code: 'missing_scope' },
      }),
    );
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
