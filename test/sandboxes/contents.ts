import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where a file's bytes are: on disk, or so many of them, made up as they are asked for, the same each time. */
export type Content = { readonly file: string } | { readonly made: number };

export interface Taken {
  readonly content: Content;
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
}

const PIECE_BYTES = 64 * 1024;
const NOISE = Buffer.from(createHash('sha512').update('noise').digest('hex').repeat(512), 'latin1');

export class TooMuch extends Error {}

/** What vendors keep of files: however large, none of it is in memory. */
export class Contents {
  readonly #folder: string;
  readonly #isKept: boolean;
  #temporary: string | undefined;

  constructor(dataDir: string | undefined) {
    this.#isKept = dataDir !== undefined;
    this.#folder = dataDir === undefined ? '' : join(dataDir, 'files');
  }

  /** @throws TooMuch past `mostBytes` */
  async take(bytes: AsyncIterable<Uint8Array>, mostBytes = Number.POSITIVE_INFINITY): Promise<Taken> {
    const [sha256, md5] = [createHash('sha256'), createHash('md5')];
    let size = 0;
    const file = randomBytes(12).toString('hex');
    const path = join(this.#existing(), file);
    const counted = async function* () {
      for await (const piece of bytes) {
        size += piece.length;
        if (size > mostBytes) throw new TooMuch(`saw more than ${mostBytes} bytes`);
        sha256.update(piece);
        md5.update(piece);
        yield piece;
      }
    };
    try {
      await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(path));
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    return { content: { file }, size, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
  }

  read(content: Content): Readable {
    if ('made' in content) return Readable.from(noise(content.made), { objectMode: false });
    return createReadStream(join(this.#existing(), content.file));
  }

  close(): void {
    if (!this.#isKept && this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true });
  }

  #existing(): string {
    if (this.#isKept) {
      mkdirSync(this.#folder, { recursive: true });
      return this.#folder;
    }
    this.#temporary ??= mkdtempSync(join(tmpdir(), 'deskbridge-files-'));
    return this.#temporary;
  }
}

/** No two pieces are alike: one that is lost or comes twice changes the checksum. */
export function* noise(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += PIECE_BYTES) {
    const piece = Buffer.from(NOISE.subarray(0, Math.min(PIECE_BYTES, size - at)));
    if (piece.length >= 6) piece.writeUIntBE(at % 2 ** 48, 0, 6);
    yield piece;
  }
}
