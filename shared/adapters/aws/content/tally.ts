import { createHash } from 'node:crypto';
import { TooLargeError } from '../../../errors.ts';
import type { Stored } from '../../../ports/index.ts';

/** What goes through is counted and hashed on its way; past the limit nothing more does. */
export class Tally {
  readonly #hash = createHash('sha256');
  #size = 0;

  /** @throws TooLargeError past `limitBytes` */
  async *over(body: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array, void> {
    for await (const piece of body) {
      this.#size += piece.length;
      if (this.#size > limitBytes) throw new TooLargeError(`a file is larger than ${limitBytes} bytes`);
      this.#hash.update(piece);
      yield piece;
    }
  }

  stored(): Stored {
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }
}
