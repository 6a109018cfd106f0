import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { hmacSha256Hex } from '../../../shared/http/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme } from '../connections/model.ts';
import { BODY, isStored, looks, rowsIn, SECRET, type Sent, world } from './door.ts';

describe('inbound: what is not authentic', () => {
  it.each([
    ['a wrong signature', { signature: hmacSha256Hex('other', BODY) }],
    ['no signature', { signature: '' }],
    [
      'two signatures',
      { signature: `${hmacSha256Hex(`${SECRET}-c1`, BODY)},${hmacSha256Hex(`${SECRET}-c1`, BODY)}` },
    ],
    ['a signature over other bytes', { body: `${BODY} `, signature: hmacSha256Hex(`${SECRET}-c1`, BODY) }],
    ['another organization’s signature', { signature: hmacSha256Hex(`${SECRET}-c2`, BODY) }],
    ['an unknown connection', { connection: 'nobody' }],
    ['another integration’s connection', { connection: 'c3' }],
    ['no connection', { connection: '' }],
    ['a connection id no key can hold', { connection: 'x'.repeat(3_000) }],
    ['an account’s address', { connection: 'model:A1' }],
  ] satisfies [string, Sent][])('%s: 401, nothing stored but a count', async (_, sent) => {
    const { platform, send, count } = await world();

    expect(await send(sent)).toMatchObject({ statusCode: 401 });

    expect(isStored(platform)).toBe(false);
    expect(count('NotAuthentic')).toBe(1);
  });

  it('answers for an unknown connection exactly as for a wrong signature, after the same work', async () => {
    const { send } = await world();
    looks.verified = 0;

    const wrong = await send({ signature: 'forged' });
    const unknown = await send({ connection: 'nobody', signature: 'forged' });
    const foreign = await send({ connection: 'c3', signature: 'forged' });

    expect(unknown).toEqual(wrong);
    expect(foreign).toEqual(wrong);
    expect(looks.verified).toBe(3);
  });

  it('answers for a connection whose secret is gone exactly as for a wrong signature', async () => {
    const { platform, send, count } = await world();
    const wrong = await send({ signature: 'forged' });
    await platform.secretsWriter.remove('c1' as ConnectionId);

    expect(await send()).toEqual(wrong);
    expect(await send({ signature: 'forged' })).toEqual(wrong);

    expect(isStored(platform)).toBe(false);
    expect(count('NotAuthentic')).toBe(3);
  });

  it('answers 503 where the secret store itself is away, so that what is authentic comes again', async () => {
    const base = memoryPlatform();
    const away = async () => {
      throw new ProviderUnavailableError('the secret store is away');
    };
    const { send } = await world({ ...base, secrets: { get: away } });

    expect(await send()).toMatchObject({ statusCode: 503 });
  });

  it('looks up no secret for an address nobody has', async () => {
    const base = memoryPlatform();
    const asked: string[] = [];
    const get: typeof base.secrets.get = async (connection, options) => {
      asked.push(connection);
      return await base.secrets.get(connection, options);
    };
    const { send } = await world({ ...base, secrets: { get } });

    for (const connection of ['nobody', 'c3', 'model:A1']) await send({ connection });

    expect(asked).toEqual([]);
  });

  it('is an account’s name, which is no webhook address, and an address longer than any', async () => {
    const { send, platform } = await world();
    const address = { organization: acme, connection: 'c1' };
    const account = { pk: 'address#model:T1', sk: 'address', data: address };
    await platform.stores.connections.commit([{ put: account, expect: 0 }]);
    const wrong = await send({ signature: 'forged' });

    expect(await send({ connection: 'model:T1', signature: hmacSha256Hex(`${SECRET}-c1`, BODY) })).toEqual(
      wrong,
    );
    expect(await send({ connection: 'x'.repeat(3_000) })).toEqual(wrong);
    expect(isStored(platform)).toBe(false);
  });

  it('refuses a body over the manifest’s limit with 413, before anything else', async () => {
    const { platform, send } = await world();
    looks.verified = 0;
    const body = 'x'.repeat(1_001);

    expect(await send({ body })).toMatchObject({ statusCode: 413 });
    expect(await send({ body, isBase64: true })).toMatchObject({ statusCode: 413 });
    expect(await send({ body: 'x'.repeat(1_000) })).toMatchObject({ statusCode: 200 });
    expect(await send({ body: 'ü'.repeat(501) })).toMatchObject({ statusCode: 413 });

    expect(looks.verified).toBe(1);
    expect(rowsIn(platform)).toHaveLength(1);
  });

  it('tells no secret and no words of a customer in any log or metric', async () => {
    const { platform, send } = await world();
    await send();
    await send({ signature: 'forged' });
    await send({ connection: 'nobody' });

    expect(JSON.stringify(platform.telemetry)).not.toContain('canary');
  });
});
