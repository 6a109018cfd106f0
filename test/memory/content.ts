import { createHash } from 'node:crypto';
import { NotFoundError, TooLargeError } from '../../shared/errors.ts';
import type { ContentAddress, ContentStore } from '../../shared/ports/index.ts';

export interface MemoryContent extends ContentStore {
  keys(): readonly string[];
  readonly address: ContentAddress;
}

/** Contents for the simulation and for tests: small ones, whole in memory. */
export function memoryContent(): MemoryContent {
  const kept = new Map<string, Uint8Array>();
  return {
    keys: () => [...kept.keys()],
    put: async (key, body, limitBytes) => {
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of body) {
        size += piece.length;
        if (size > limitBytes) throw new TooLargeError(`a file is larger than ${limitBytes} bytes`);
        pieces.push(Uint8Array.from(piece));
      }
      const whole = Buffer.concat(pieces);
      kept.set(key, whole);
      return { size, sha256: createHash('sha256').update(whole).digest('hex') };
    },
    get: async function* (key) {
      const found = kept.get(key);
      if (found === undefined) throw new NotFoundError('there is no such content');
      if (found.length > 0) yield found;
    },
    delete: async (key) => void kept.delete(key),
    address: async (key, { name, type }) => {
      const whole = Buffer.from(kept.get(key) ?? []).toString('base64');
      return `data:${type};name=${encodeURIComponent(name)};base64,${whole}`;
    },
  };
}
