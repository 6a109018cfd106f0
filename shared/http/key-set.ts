import { randomBytes } from 'node:crypto';

/** Twice the largest limit in use: the table stays at most half full. */
const SLOTS = 4_096;
/** A sender who does not know it cannot prepare keys that count as one. */
const SEED = randomBytes(4).readUInt32LE();

/** Counts different keys by their hashes, without making a string of any. */
export class KeySet {
  readonly #slots = new Uint32Array(SLOTS);
  readonly #limit: number;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  isFullAfter(bytes: Uint8Array, start: number, end: number): boolean {
    const hash = hashOf(bytes, start, end);
    let slot = hash % SLOTS;
    while (this.#slots[slot] !== 0) {
      if (this.#slots[slot] === hash) return false;
      slot = (slot + 1) % SLOTS;
    }
    this.#slots[slot] = hash;
    this.#count += 1;
    return this.#count > this.#limit;
  }
}

/** FNV-1a, seeded; never 0, which marks an empty slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0 || 1;
}
