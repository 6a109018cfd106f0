import { randomBytes } from 'node:crypto';

/** A sender who does not know it cannot prepare keys that count as one. */
const SEED = randomBytes(4).readUInt32LE();

/**
 * Counts different keys by their hashes, without making a string of any. One table serves one text after the other:
 * making it anew for each costs more than a small text's keys.
 */
export class KeySet {
  readonly #slots: Uint32Array;
  #mask = 0;
  #limit = 0;
  #count = 0;
  #steps = 0;

  /** For as many different keys at most; the table stays at most half full. */
  constructor(capacity: number) {
    this.#slots = new Uint32Array(tableFor(capacity));
  }

  /** Forgets all keys; `limit` of the next text's are kept apart. */
  clear(limit: number): void {
    const size = Math.min(tableFor(limit), this.#slots.length);
    this.#slots.fill(0, 0, size);
    this.#mask = size - 1;
    this.#limit = limit;
    this.#count = 0;
    this.#steps = 0;
  }

  /** Bytes hashed and slots tried so far. */
  get steps(): number {
    return this.#steps;
  }

  get isFull(): boolean {
    return this.#count > this.#limit;
  }

  /** Whether this key was not there yet; to be asked no more once the set is full. */
  isNew(bytes: Uint8Array, start: number, end: number): boolean {
    const slots = this.#slots;
    const hash = hashOf(bytes, start, end);
    let slot = hash & this.#mask;
    this.#steps += end - start + 1;
    while (slots[slot] !== 0) {
      if (slots[slot] === hash) return false;
      slot = (slot + 1) & this.#mask;
      this.#steps += 1;
    }
    slots[slot] = hash;
    this.#count += 1;
    return true;
  }
}

const tableFor = (keys: number): number => 2 ** Math.ceil(Math.log2(2 * keys + 2));

/** FNV-1a, seeded; never 0, which marks an empty slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0 || 1;
}
