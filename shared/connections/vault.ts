import { InvariantError } from '../errors.ts';
import type { Connection, Grant, Keys, Store, Write } from '../ports/index.ts';
import { openBytes, sealBytes } from './aes.ts';
import { grantKey } from './keys.ts';
import type { SealedGrant } from './state.ts';

export interface StoredGrant {
  readonly grant: Grant;
  /** Of its item: a grant that was replaced meanwhile is not written over. */
  readonly version: number;
}

/** What a grant is bound to. */
type Owner = Pick<Connection, 'organization' | 'id'>;

export interface Vault {
  read(connection: Owner): Promise<StoredGrant | undefined>;
  /** The write that stores a grant, to be committed with what it belongs to. */
  sealed(connection: Connection, grant: Grant, expect: number): Promise<Write>;
}

/** Vendor tokens under envelope encryption: a data key per write, wrapped with the owner in its context. */
export function createVault({ store, keys }: { store: Store; keys: Keys }): Vault {
  const opened = new Map<string, StoredGrant>();
  return {
    async read(connection) {
      const { pk, sk } = grantKey(connection.organization, connection.id);
      const item = await store.get<SealedGrant>(pk, sk);
      if (item === undefined) return undefined;
      const known = opened.get(pk);
      // The strong read says whether it is still the same; only then is the key service left alone.
      if (known?.version === item.version) return known;
      const read = { grant: await open(keys, connection, item.data), version: item.version };
      opened.set(pk, read);
      return read;
    },
    async sealed(connection, grant, expect) {
      const data = await seal(keys, connection, grant);
      return { put: { ...grantKey(connection.organization, connection.id), data }, expect };
    },
  };
}

/** Both names are what the key's policy demands. */
function contextOf({ organization, id }: Owner) {
  return { organization, connection: id };
}

function boundTo({ organization, id }: Owner): string {
  return `${organization}/${id}/grant`;
}

async function seal(keys: Keys, connection: Owner, grant: Grant): Promise<SealedGrant> {
  const { plain, wrapped } = await keys.generate(contextOf(connection));
  const sealed = sealBytes(plain, boundTo(connection), Buffer.from(JSON.stringify(grant)));
  plain.fill(0);
  return {
    wrappedKey: Buffer.from(wrapped).toString('base64'),
    sealed: Buffer.from(sealed).toString('base64'),
  };
}

async function open(keys: Keys, connection: Owner, data: SealedGrant): Promise<Grant> {
  const plain = await keys.unwrap(Buffer.from(data.wrappedKey, 'base64'), contextOf(connection));
  const bytes = openBytes(plain, boundTo(connection), Buffer.from(data.sealed, 'base64'));
  plain.fill(0);
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Grant;
  } catch {
    throw new InvariantError('a stored grant is not json');
  }
}
