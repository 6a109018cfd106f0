import { createSecretKey, type KeyObject } from 'node:crypto';
import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { ConfigurationError, InvariantError } from '../errors.ts';
import type { Sealer, Secrets } from '../ports/index.ts';
import { KEY_BYTES, openBytes, sealBytes } from './aes.ts';
import { bodySecretOf } from './keys.ts';

/**
 * Bodies at rest, under the connection's `bodyKey`; during its rotation `previousBodyKey` still opens. It lies in
 * the hub's own secret of the connection; one that stands in the owner's outranks it.
 */
export function secretsSealer(secrets: Secrets): Sealer {
  const valuesOf = async (connection: ConnectionId) => {
    const own = await secrets.get(connection);
    const values = own?.bodyKey === undefined ? await secrets.get(bodySecretOf(connection)) : own;
    if (values === undefined) throw new ConfigurationError(`connection ${connection} has no body key`);
    return values;
  };
  return {
    async seal(organization, connection, plain) {
      const key = keyFrom(await valuesOf(connection), 'bodyKey');
      return sealBytes(key, boundTo(organization, connection), plain);
    },
    async open(organization, connection, sealed) {
      const values = await valuesOf(connection);
      const bound = boundTo(organization, connection);
      try {
        return openBytes(keyFrom(values, 'bodyKey'), bound, sealed);
      } catch (error) {
        if (!(error instanceof InvariantError) || values.previousBodyKey === undefined) throw error;
        return openBytes(keyFrom(values, 'previousBodyKey'), bound, sealed);
      }
    },
  };
}

function boundTo(organization: OrganizationId, connection: ConnectionId): string {
  return `${organization}/${connection}`;
}

type Values = Readonly<Record<string, string>>;

/** Prepared keys by the secret they came in, which the cache of secrets replaces every minute. */
const prepared = new WeakMap<Values, Map<string, KeyObject>>();

/** Preparing a key costs four times as much as sealing with it. */
function keyFrom(values: Values, name: string): KeyObject {
  const keys = prepared.get(values) ?? new Map<string, KeyObject>();
  prepared.set(values, keys);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.from(values[name] ?? '', 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigurationError(
      `secret value ${name}: saw ${bytes.length} bytes, expected ${KEY_BYTES} in base64`,
    );
  }
  const key = createSecretKey(bytes);
  keys.set(name, key);
  return key;
}
