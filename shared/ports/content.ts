/** What a file turned out to be once all of it was here. */
export interface Stored {
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The bytes of attachments. Keys begin with the organization's and the record's id; whoever holds it may hold them all. */
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
