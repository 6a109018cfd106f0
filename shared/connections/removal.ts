import { RECORD_KINDS } from '../domain/record.ts';
import { HubError } from '../errors.ts';
import type { Authorization, Connection, Engine, SecretsWriter, Store, Write } from '../ports/index.ts';
import {
  addressKey,
  bodySecretOf,
  checkKey,
  cursorKey,
  grantKey,
  mappingKey,
  proofKey,
  remapKey,
  scheduleKey,
} from './keys.ts';
import type { Vault } from './vault.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Every item of the connections table that is a connection's own, but itself. */
export function belongings({ organization, id, integration, account }: Connection): readonly Key[] {
  return [
    addressKey(id),
    ...(account === undefined ? [] : [addressKey(`${integration}:${account}`)]),
    grantKey(organization, id),
    proofKey(organization, id),
    checkKey(organization, id),
    mappingKey(organization, id),
    remapKey(organization, id),
    scheduleKey(organization, id),
    ...RECORD_KINDS.map((kind) => cursorKey(organization, id, kind)),
  ];
}

/** The write that takes an item out, where there is one. */
export async function removal(store: Store, { pk, sk }: Key): Promise<readonly Write[]> {
  const item = await store.get(pk, sk);
  return item === undefined ? [] : [{ remove: { pk, sk }, expect: item.version }];
}

/** `unasked`: the vendor has no call for it, or there is no grant; `failed`: the vendor may still honour it. */
export type Revocation = 'done' | 'unasked' | 'failed';

/** Gives the grant back. A vendor that is away, or has forgotten the grant, keeps nobody from removing a connection. */
export async function revoked(
  { vault, authorize }: { vault: Vault; authorize: () => Promise<Authorization> },
  connection: Connection,
): Promise<Revocation> {
  try {
    const stored = await vault.read(connection);
    if (stored === undefined) return 'unasked';
    const authorization = await authorize();
    if (authorization.revoke === undefined) return 'unasked';
    await authorization.revoke(stored.grant);
    return 'done';
  } catch (error) {
    if (error instanceof HubError) return 'failed';
    throw error;
  }
}

export interface Clearing {
  readonly secretsWriter: SecretsWriter;
  readonly forget: Engine['forget'];
}

/** What a removed connection leaves outside its table; done again it does nothing. */
export async function clear(
  { secretsWriter, forget }: Clearing,
  { organization, id }: Pick<Connection, 'organization' | 'id'>,
): Promise<void> {
  await forget(organization, id);
  await secretsWriter.remove(id);
  await secretsWriter.remove(bodySecretOf(id));
}
