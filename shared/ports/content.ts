/** What a file turned out to be once all of it was here. */
export interface Stored {
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The bytes of attachments. Keys name organization and record; whoever holds it may hold them all. */
export interface ContentStore {
  /**
   * Keeps what comes, in parts: never all of it in memory. Nothing is kept of what breaks off.
   * @throws TooLargeError past `limitBytes`; what `body` throws; ProviderUnavailableError when the store is away
   */
  put(key: string, body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Stored>;
  /** In parts; NotFoundError, thrown at the first, for a key of nothing. @throws ProviderUnavailableError */
  get(key: string): AsyncIterable<Uint8Array>;
  /** A key of nothing is no failure. @throws ProviderUnavailableError */
  delete(key: string): Promise<void>;
}

/** An address under which a browser gets these bytes for a minute or so, as a file of this name and type. */
export type ContentAddress = (
  key: string,
  as: { readonly name: string; readonly type: string },
) => Promise<string>;

/** Where a client puts one file's bytes itself, past the hub. */
export interface UploadAddress {
  readonly url: string;
  /** To be sent along as they stand; the address is good for nothing without them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
}

/** The way in for files that are sent through the hub's own API. */
export interface UploadDoor {
  /** All of its keys begin with it: it opens to these alone. */
  readonly prefix: string;
  /** Takes a PUT of exactly these bytes, as often as it comes, and of no others: what was looked at stays what it is. */
  address(key: string, file: Stored): Promise<UploadAddress>;
  /** What lies there whole; undefined: nothing. @throws ProviderUnavailableError */
  look(key: string): Promise<Stored | undefined>;
  /** A key of nothing is no failure. @throws ProviderUnavailableError */
  delete(key: string): Promise<void>;
}
