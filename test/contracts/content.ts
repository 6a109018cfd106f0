import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentAddress, ContentStore } from '../../shared/ports/index.ts';

export interface ContentWorld {
  readonly content: ContentStore;
  readonly address: ContentAddress;
  /** How large the parts are in which this store keeps a file. */
  readonly partBytes: number;
  /** Keys of all that is kept, what is not finished among them. */
  kept(): Promise<readonly string[]>;
  close?(): Promise<void>;
}

const LIMIT = 64 * 1024 * 1024;

/** One stream of bytes nobody could compress or mistake for another's, in pieces of an odd size. */
async function* bytes(size: number, pieceBytes = 65_521): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += pieceBytes) yield piece(at, Math.min(pieceBytes, size - at));
}
/** The same piece each time: what holds on to one instead of its bytes is found out. */
const shared = Buffer.alloc(65_521);
function piece(at: number, length: number): Uint8Array {
  for (let index = 0; index < length; index += 1) shared[index] = (at + index * 31) % 251;
  return shared.subarray(0, length);
}
async function digest(body: AsyncIterable<Uint8Array>): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const each of body) {
    hash.update(each);
    size += each.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** What every store of contents does; run for each of them. */
export function describeContent(name: string, open: () => Promise<ContentWorld>): void {
  describe(`content store ${name}`, () => {
    let world: ContentWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(async () => await world.close?.());

    it.each([
      ['nothing', () => 0],
      ['a few bytes', () => 5],
      ['one byte less than a part', (part: number) => part - 1],
      ['exactly a part', (part: number) => part],
      ['exactly two parts', (part: number) => 2 * part],
      ['three parts and a bit', (part: number) => 3 * part + 17],
    ])('keeps %s, and says its size and checksum', async (what, sizeFor) => {
      const size = sizeFor(world.partBytes);
      const expected = await digest(bytes(size));

      const stored = await world.content.put(`acme/${what}`, bytes(size), LIMIT);

      expect(stored).toEqual(expected);
      expect(await digest(world.content.get(`acme/${what}`))).toEqual(expected);
    });

    it('takes a file of exactly the limit, and keeps nothing of a larger one', async () => {
      const size = 2 * world.partBytes + 1;

      await world.content.put('acme/just', bytes(size), size);
      const over = world.content.put('acme/over', bytes(size + 1), size);

      await expect(over).rejects.toMatchObject({ code: 'too_large' });
      await expect(digest(world.content.get('acme/over'))).rejects.toMatchObject({ code: 'not_found' });
      expect(await world.kept()).toContain('acme/just');
      expect(await world.kept()).not.toContain('acme/over');
    });

    it.each([
      ['its first part', 0.5],
      ['a later part', 2.5],
    ])('keeps nothing of a body that breaks off within %s, and fails as it did', async (what, parts) => {
      const lost = new Error('the vendor hung up');
      async function* broken() {
        yield* bytes(Math.floor(parts * world.partBytes));
        throw lost;
      }

      const call = world.content.put(`acme/broken ${what}`, broken(), LIMIT);

      await expect(call).rejects.toBe(lost);
      expect(await world.kept()).not.toContain(`acme/broken ${what}`);
    });

    it('leaves what was there when another body under its key breaks off, and replaces it by one that does not', async () => {
      await world.content.put('acme/again', bytes(5), LIMIT);
      async function* broken() {
        yield* bytes(world.partBytes + 5);
        throw new Error('away');
      }

      await expect(world.content.put('acme/again', broken(), LIMIT)).rejects.toThrow('away');
      const first = await digest(world.content.get('acme/again'));
      await world.content.put('acme/again', bytes(7), LIMIT);

      expect(first.size).toBe(5);
      expect((await digest(world.content.get('acme/again'))).size).toBe(7);
    });

    it('deletes, twice without complaint', async () => {
      await world.content.put('acme/old', bytes(5), LIMIT);

      await world.content.delete('acme/old');
      await world.content.delete('acme/old');

      await expect(digest(world.content.get('acme/old'))).rejects.toMatchObject({ code: 'not_found' });
    });

    it('gives an address under which a browser gets the file', async () => {
      await world.content.put('acme/shown', bytes(1_000), LIMIT);

      const address = await world.address('acme/shown', {
        name: 'Grüße (1).txt',
        type: 'text/plain',
      });
      const answer = await fetch(address);

      expect(answer.status).toBe(200);
      expect(await digest(answer.body!)).toEqual(await digest(bytes(1_000)));
    });
  });
}
