import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { ConfigurationError, InvariantError } from '../errors.ts';
import type { Sealer, Secrets } from '../ports/index.ts';
import { KEY_BYTES, openBytes, sealBytes } from './aes.ts';

/** Bodies at rest, under the connection's own `bodyKey`; during its rotation `previousBodyKey` still opens. */
export function secretsSealer(secrets: Secrets): Sealer {
  return {
    async seal(organization, connection, plain) {
      const key = keyFrom(await secrets.get(connection), 'bodyKey');
      return sealBytes(key, boundTo(organization, connection), plain);
    },
    async open(organization, connection, sealed) {
      const values = await secrets.get(connection);
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

function keyFrom(values: Readonly<Record<string, string>>, name: string): Buffer {
  const key = Buffer.from(values[name] ?? '', 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new ConfigurationError(
    `secret value ${name}: saw ${key.length} bytes, expected ${KEY_BYTES} in base64`,
  );
}
