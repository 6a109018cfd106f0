import { randomBytes } from 'node:crypto';
import { InvariantError } from '../../../shared/errors.ts';
import type { Keys } from '../../../shared/ports/index.ts';

/** A key opens only in the context it was made for, as the real service has it. */
export function keysInMemory(): Keys {
  const made = new Map<string, { plain: Uint8Array; context: string }>();
  const nameOf = (context: Readonly<Record<string, string>>) =>
    JSON.stringify(Object.entries(context).sort());
  return {
    async generate(context) {
      const plain = randomBytes(32);
      const wrapped = randomBytes(16);
      // Whoever is given a key may wipe it.
      made.set(wrapped.toString('hex'), { plain: Uint8Array.from(plain), context: nameOf(context) });
      return { plain, wrapped };
    },
    async unwrap(wrapped, context) {
      const found = made.get(Buffer.from(wrapped).toString('hex'));
      if (found?.context !== nameOf(context)) throw new InvariantError('not wrapped in this context');
      return Uint8Array.from(found.plain);
    },
  };
}
