export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string;
  /** To be read to its end before the next part is asked for. */
  readonly body: AsyncIterable<Buffer>;
}

export class NotMultipart extends Error {}

/** `boundary` of a multipart/form-data content type, or undefined for any other. */
export const boundaryOf = (contentType: string | undefined): string | undefined =>
  /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i
    .exec(contentType ?? '')
    ?.slice(1)
    .find((each) => each !== undefined);

/** The parts of a form as they come, RFC 7578: no more of one in memory than a piece. @throws NotMultipart */
export async function* partsOf(source: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const text = new Reader(source);
  await drained(text.until(Buffer.from(`--${boundary}`)));
  while ((await text.next(2)).toString('latin1') === '\r\n') {
    const head = await whole(text.until(Buffer.from('\r\n\r\n')));
    let isRead = false;
    const body = (async function* () {
      yield* text.until(Buffer.from(`\r\n--${boundary}`));
      isRead = true;
    })();
    yield { ...described(head.toString('utf8')), body };
    if (!isRead) await drained(body);
  }
}

function described(head: string): Omit<Part, 'body'> {
  const line = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1] ?? '';
  const disposition = line('content-disposition');
  const parameter = (name: string) =>
    new RegExp(`[;\\s]${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)?.[1];
  return { name: parameter('name') ?? '', filename: parameter('filename'), type: line('content-type') };
}

class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async next(bytes: number): Promise<Buffer> {
    while (this.#held.length < bytes) await this.#more();
    return this.#take(bytes);
  }

  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at >= 0) {
        if (at > 0) yield this.#take(at);
        this.#take(delimiter.length);
        return;
      }
      // The end of what is held may be the beginning of the delimiter.
      const safe = this.#held.length - delimiter.length + 1;
      if (safe > 0) yield this.#take(safe);
      await this.#more();
    }
  }

  #take(bytes: number): Buffer {
    const taken = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes);
    return taken;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) throw new NotMultipart('the form ended within a part');
    this.#held = Buffer.concat([this.#held, value]);
  }
}

export async function whole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function drained(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of body);
}
