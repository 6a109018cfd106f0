import type { ExternalId } from '../domain/ids.ts';
import type { Connection } from './connections.ts';
import type { Authorization, Grant, Integration, RemoteChange } from './integration.ts';
import type { Clock } from './runtime.ts';

/** WHATWG fetch, guarded: refuses hosts off the manifest's list and addresses that are not public. Follows no redirect. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** One call whose bodies stream, whatever their size. */
export interface TransferRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Its length is told ahead: an answer to less than that is none. */
  readonly body?: { readonly length: number; readonly content: AsyncIterable<Uint8Array> };
}
export interface TransferResponse {
  readonly status: number;
  readonly headers: Headers;
  /** To be read once; whoever stops early gives the connection up. */
  readonly body: AsyncIterable<Uint8Array>;
}
/**
 * Guarded as `Fetch` is, but nothing is held whole: a file goes through piece by piece. Time runs out on silence, not
 * on length. @throws TypeError when no answer came, and from the body when it was cut off
 */
export type Transfer = (request: TransferRequest) => Promise<TransferResponse>;

/** What the vendor itself says of a limit, e.g. Sforce-Limit-Info; corrects the hub's own counting. */
export interface VendorUsage {
  readonly limit: string;
  readonly used: number;
  readonly max: number;
}

/** Everything an integration gets to speak to one connection's vendor. */
export interface Opening {
  readonly connection: Connection;
  /** The connection's secret values; never logged, never in an error. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Every call out goes through this one. */
  readonly fetch: Fetch;
  /** For what is too large to be held: the contents of files. */
  readonly transfer: Transfer;
  readonly clock: Clock;
  /** Tell what a vendor's header says about a limit. Never throws, never waits. */
  reportUsage(usage: VendorUsage): void;
}

/** The one export of an integration's `adapter.ts`. */
export interface Adapter<Change = RemoteChange> {
  /** How this connection gets its tokens; makes no call by itself. */
  authorization(opening: Opening): Authorization;
  /** The port, speaking with this grant; makes no call by itself. */
  open(opening: Opening, grant: Grant): Integration<Change>;
  /** The place (a Slack channel) a `per: 'place'` limit counts by. Absent: the whole external id. */
  place?(externalId: ExternalId): string;
}
