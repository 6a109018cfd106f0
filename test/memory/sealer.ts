import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { InvariantError } from '../../shared/errors.ts';
import type { Sealer } from '../../shared/ports/index.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Real AES-256-GCM with a key per connection; the nonce is a counter, so that a run can be repeated. */
export function memorySealer(): Sealer {
  let sealed = 0;
  return {
    async seal(organization, connection, plain) {
      sealed += 1;
      const iv = Buffer.alloc(IV_BYTES);
      iv.writeUInt32BE(sealed, IV_BYTES - 4);
      const cipher = createCipheriv('aes-256-gcm', keyOf(connection), iv);
      cipher.setAAD(Buffer.from(`${organization}/${connection}`));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([iv, body, cipher.getAuthTag()]);
    },
    async open(organization, connection, bytes) {
      const sealedBytes = Buffer.from(bytes);
      const [iv, tag] = [sealedBytes.subarray(0, IV_BYTES), sealedBytes.subarray(-TAG_BYTES)];
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(connection), iv);
        decipher.setAAD(Buffer.from(`${organization}/${connection}`)).setAuthTag(tag);
        const body = sealedBytes.subarray(IV_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]);
      } catch (cause) {
        throw new InvariantError('not sealed for this organization and connection', { cause });
      }
    },
  };
}

const keys = new Map<string, KeyObject>();

function keyOf(connection: string): KeyObject {
  const known = keys.get(connection);
  if (known !== undefined) return known;
  const key = createSecretKey(createHash('sha256').update(`body key of ${connection}`).digest());
  keys.set(connection, key);
  return key;
}
