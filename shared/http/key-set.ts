import { randomBytes } from 'node:crypto';

/** A sender who does not know it cannot prepare keys that count as one. */
const SEED = randomBytes(4).readUInt32LE();

/** Counts different keys by their hashes, without making a string of any. */
export class KeySet {
  readonly #slots: Uint32Array;
  readonly #limit: number;
  #count = 0;
  #steps = 0;

  /** `limit` different keys are kept apart; the table stays at most half full. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * limit + 2)));
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
    let slot = hash & (slots.length - 1);
    this.#steps += end - start + 1;
    while (slots[slot] !== 0) {
      if (slots[slot] === hash) return false;
      slot = (slot + 1) & (slots.length - 1);
      this.#steps += 1;
    }
    slots[slot] = hash;
    this.#count += 1;
    return true;
  }
}

/** FNV-1a, seeded; never 0, which marks an empty slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0 || 1;
}
