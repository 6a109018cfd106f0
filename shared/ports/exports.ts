import type { RecordKind } from '../domain/record.ts';
import type { HubError } from '../errors.ts';
import type { Observation } from './mapping.ts';

/** How far the vendor is with an export. */
export type ExportState =
  | { readonly state: 'preparing' }
  | { readonly state: 'ready'; readonly records: number }
  /** The vendor gave up on it; asking for another may help. */
  | { readonly state: 'failed'; readonly error: HubError }
  /** The vendor knows it no longer. */
  | { readonly state: 'gone' };

export interface ExportPage {
  readonly observations: readonly Observation[];
  /**
   * How many rows of the export it stands for, where that is not one for each observation: files are looked up by the
   * cases they hang on. By then the export is known to hold as many records more or less.
   */
  readonly stands?: number;
  /** Where to go on once this page is enqueued; absent at the end. Asked for again, a page is the same. */
  readonly next?: string;
}

/** A vendor's way of handing over everything of a kind at once: asked for, waited for, read page by page. */
export interface Exports {
  /**
   * Asks for everything of this kind that lives, or of it what has changed since. Its name, to be kept: asked again
   * because the name was lost, the vendor makes another. Throws as `Integration.read`.
   */
  begin(kind: RecordKind, sinceMs?: number): Promise<string>;
  /** Throws as `Integration.read`. */
  state(name: string): Promise<ExportState>;
  /**
   * Up to `rows` rows. Throws as `Integration.read`; EndlessListingError for a page that names itself as the
   * next.
   */
  page(
    name: string,
    kind: RecordKind,
    options: { readonly at?: string; readonly rows: number },
  ): Promise<ExportPage>;
  /** Nobody reads it any more; of an export under way, it need not be finished. Throws as `Integration.read`. */
  discard(name: string): Promise<void>;
}
