import { createHash } from 'node:crypto';
import { NotFoundError, TooLargeError } from '../../shared/errors.ts';
import type { Clock, ContentAddress, ContentStore, UploadDoor } from '../../shared/ports/index.ts';

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
      return storedOf(whole);
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

const storedOf = (bytes: Uint8Array) => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

export interface MemoryDoor extends UploadDoor {
  /** A PUT to that address, as a client sends it. The status it is answered with. */
  put(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number>;
}

/** The way into such a store: an address that lets in what was announced, and nothing else. */
export function memoryDoor(content: MemoryContent, clock: Clock): MemoryDoor {
  const LIFE_MS = 900_000;
  const prefix = 'uploads/';
  const whole = async (key: string): Promise<Buffer | undefined> => {
    if (!content.keys().includes(key)) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of content.get(key)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  return {
    prefix,
    async address(key, { size, sha256 }) {
      const expiresAtMs = clock.now() + LIFE_MS;
      const url = `https://bucket.example/${key}?signed=${key}&size=${size}&until=${expiresAtMs}&sha256=${sha256}`;
      return { url, headers: { 'x-checksum': sha256 }, expiresAtMs };
    },
    async look(key) {
      const bytes = await whole(key);
      return bytes && storedOf(bytes);
    },
    delete: (key) => content.delete(key),
    async put(url, headers, body) {
      const { pathname, searchParams } = new URL(url);
      const { size, sha256 } = storedOf(body);
      const seen = { signed: pathname.slice(1), size: String(size), sha256: headers['x-checksum'] };
      const isAsSigned = Object.entries(seen).every(([name, value]) => searchParams.get(name) === value);
      if (!isAsSigned || seen.sha256 !== sha256 || Number(searchParams.get('until')) <= clock.now())
        return 403;
      await content.put(pathname.slice(1), pieceOf(body), Number.POSITIVE_INFINITY);
      return 200;
    },
  };
}

async function* pieceOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
