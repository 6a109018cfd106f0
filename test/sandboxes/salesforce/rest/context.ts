import type { IncomingHttpHeaders } from 'node:http';
import type { Content, Taken } from '../../contents.ts';
import type { Org } from '../org.ts';
import type { Row } from '../values.ts';

/** One call as the resources see it: authenticated, its body parsed. */
export interface Call {
  readonly org: Org;
  readonly version: string;
  readonly userId: string;
  readonly method: string;
  /** Path segments after `/services/data/vXX.X/`, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Part of a composite that is all or none: so are the collections in it, whatever they say themselves. */
  readonly isAllOrNone?: true;
  /** What came as VersionData. */
  readonly file?: Taken;
  /** How this call sees a row: as it is, or as a replica that lags behind. */
  readonly readRow: (row: Row) => Row | undefined;
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: no content. */
  readonly body?: unknown;
  /** Instead of a JSON body. */
  readonly text?: { readonly type: string; readonly value: string };
  /** Instead of both: bytes of a file. */
  readonly content?: { readonly of: Content; readonly length: number };
}

export const record = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};

export const inTransaction = <Result>(call: Call, work: () => Result): Result =>
  call.org.transaction(call.userId, call.origin, work);
