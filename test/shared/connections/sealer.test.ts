import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretsSealer } from '../../../shared/connections/index.ts';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import { memorySecretsVault } from '../../memory/platform.ts';
import { acme, globex } from './model.ts';

const c1 = 'c1' as ConnectionId;
const plain = Buffer.from('the customer’s words');
const newKey = () => randomBytes(32).toString('base64');

async function world(values: Record<string, string> = { bodyKey: newKey() }) {
  const secrets = memorySecretsVault();
  await secrets.put(c1, values);
  return { secrets, sealer: secretsSealer(secrets) };
}

describe('sealer: bodies at rest', () => {
  it('opens what it sealed, and shows nothing of it', async () => {
    const { sealer } = await world();

    const sealed = await sealer.seal(acme, c1, plain);

    expect(Buffer.from(sealed).includes('customer')).toBe(false);
    expect(Buffer.from(await sealer.open(acme, c1, sealed))).toEqual(plain);
  });

  it('never seals to the same bytes twice', async () => {
    const { sealer } = await world();

    expect(await sealer.seal(acme, c1, plain)).not.toEqual(await sealer.seal(acme, c1, plain));
  });

  it.each([
    ['another organization', globex, 0],
    ['a changed byte', acme, 1],
  ])('refuses %s', async (_, organization: OrganizationId, flip) => {
    const { sealer } = await world();
    const sealed = Buffer.from(await sealer.seal(acme, c1, plain));
    sealed[sealed.length - 1]! ^= flip;

    await expect(sealer.open(organization, c1, sealed)).rejects.toMatchObject({ code: 'invariant' });
  });

  it('refuses what is too short to be sealed', async () => {
    const { sealer } = await world();

    await expect(sealer.open(acme, c1, Buffer.from('short'))).rejects.toMatchObject({ code: 'invariant' });
  });

  it('opens with the previous key during a rotation, and not after it', async () => {
    const [oldKey, bodyKey] = [newKey(), newKey()];
    const { secrets, sealer } = await world({ bodyKey: oldKey });
    const sealed = await sealer.seal(acme, c1, plain);
    await secrets.put(c1, { bodyKey, previousBodyKey: oldKey });
    expect(Buffer.from(await sealer.open(acme, c1, sealed))).toEqual(plain);
    await secrets.put(c1, { bodyKey });

    await expect(sealer.open(acme, c1, sealed)).rejects.toMatchObject({ code: 'invariant' });
  });

  it.each([[{}], [{ bodyKey: '' }], [{ bodyKey: 'c2hvcnQ=' }]])(
    'refuses to work with key %j',
    async (values) => {
      const { sealer } = await world(values);

      await expect(sealer.seal(acme, c1, plain)).rejects.toMatchObject({ code: 'configuration' });
    },
  );
});
