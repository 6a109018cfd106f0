import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';
import { InvariantError } from '../errors.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** AES-256-GCM: iv, tag, ciphertext. `bound` is authenticated with it and must be the same to open it. */
export function sealBytes(key: Uint8Array | KeyObject, bound: string, plain: Uint8Array): Uint8Array {
  const iv = freshIv();
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(bound));
  const sealed = cipher.update(plain);
  // Counter mode keeps nothing back: this only makes the tag.
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** @throws InvariantError when key, binding or a byte differs. */
export function openBytes(key: Uint8Array | KeyObject, bound: string, sealed: Uint8Array): Uint8Array {
  const [iv, tag] = [sealed.subarray(0, IV_BYTES), sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(bound))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new InvariantError('sealed bytes do not open here: another owner, another key, or damage', {
      cause,
    });
  }
}

/** Asking the system for 12 bytes costs as much as asking for 4,096; each is handed out once, to be used at once. */
const pool = new Uint8Array(IV_BYTES * 341);
let used = pool.length;

function freshIv(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += IV_BYTES;
  return pool.subarray(used - IV_BYTES, used);
}
