import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentStore, UploadAddress, UploadDoor } from '../../shared/ports/index.ts';

export interface UploadWorld {
  readonly door: UploadDoor;
  readonly content: ContentStore;
  /** A PUT to an address, as a client sends it; the status it is answered with. */
  put(address: Pick<UploadAddress, 'url' | 'headers'>, body: Uint8Array): Promise<number>;
  close?(): Promise<void>;
}

const FILE = Buffer.from('the bytes of a manual');
const storedOf = (bytes: Uint8Array) => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** What every way in does; run for each of them. */
export function describeUploads(name: string, open: () => Promise<UploadWorld>): void {
  describe(`upload door ${name}`, () => {
    let world: UploadWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(async () => await world.close?.());
    const keyOf = (key: string) => `${world.door.prefix}acme/${key}`;
    const addressFor = (key: string, bytes = FILE) => world.door.address(keyOf(key), storedOf(bytes));

    it('lets in what was announced, as often as it comes, and tells what lies there', async () => {
      const address = await addressFor('manual');

      const statuses = [await world.put(address, FILE), await world.put(address, FILE)];

      expect(statuses).toEqual([200, 200]);
      expect(await world.door.look(keyOf('manual'))).toEqual(storedOf(FILE));
      const pieces: Uint8Array[] = [];
      for await (const piece of world.content.get(keyOf('manual'))) pieces.push(piece);
      expect(Buffer.concat(pieces)).toEqual(FILE);
    });

    it.each([
      ['other bytes of that length', Buffer.from('THE BYTES OF A MANUAL')],
      ['fewer bytes', FILE.subarray(1)],
      ['more bytes', Buffer.concat([FILE, FILE])],
    ])('lets in no %s', async (what, bytes) => {
      const status = await world.put(await addressFor(what), bytes);

      expect(status).toBeGreaterThanOrEqual(400);
      expect(await world.door.look(keyOf(what))).toBeUndefined();
    });

    it('lets in nothing under headers of the client’s own choosing, nor without any', async () => {
      const other = Buffer.from('THE BYTES OF A MANUAL');
      const { url } = await addressFor('forged');
      const { headers } = await addressFor('forged', other);

      const statuses = [
        await world.put({ url, headers }, other),
        await world.put({ url, headers: {} }, FILE),
      ];

      expect(statuses.every((status) => status >= 400)).toBe(true);
      expect(await world.door.look(keyOf('forged'))).toBeUndefined();
    });

    it('lets in nothing at another key', async () => {
      const { url, headers } = await addressFor('mine');

      const [path, query] = url.split('?');
      const elsewhere = `${path?.replace('acme/mine', 'globex/theirs')}?${query}`;

      expect(await world.put({ url: elsewhere, headers }, FILE)).toBe(403);
      expect(await world.door.look(`${world.door.prefix}globex/theirs`)).toBeUndefined();
    });

    it('knows nothing of what never came, and deletes it without complaint', async () => {
      await world.door.delete(keyOf('never'));

      expect(await world.door.look(keyOf('never'))).toBeUndefined();
    });

    it('deletes what is there', async () => {
      await world.put(await addressFor('gone'), FILE);

      await world.door.delete(keyOf('gone'));

      expect(await world.door.look(keyOf('gone'))).toBeUndefined();
    });
  });
}
