import { Connection } from 'jsforce/lib/connection.js';
import type { Grant, Opening } from '../../../shared/ports/index.ts';
import { answered } from './client/answered.ts';
import { BulkQueries } from './client/bulk.ts';
import { GuardedTransport, refusalOf } from './client/transport.ts';
import { API_VERSION, BASE } from './client/version.ts';
import { SalesforceRefusedError } from './errors.ts';
import { type SalesforcePart, type SalesforceQueryResult, salesforceWire } from './wire.ts';

export { API_VERSION, answered };

export interface Subrequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the versioned root; `@{reference.field}` stands for a value of an earlier answer. */
  readonly path: string;
  readonly referenceId: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The few calls the hub makes, through jsforce; each is made once, failures as SalesforceRefusedError. */
export class SalesforceClient {
  readonly #connection: Connection;

  constructor(opening: Pick<Opening, 'fetch' | 'reportUsage'>, grant: Grant) {
    this.#connection = new Connection({
      version: API_VERSION,
      instanceUrl: grant.instanceUrl,
      accessToken: grant.accessToken,
    });
    this.#connection._transport = new GuardedTransport(opening);
  }

  get bulk(): BulkQueries {
    return new BulkQueries(this.#connection, BASE);
  }

  /** One page of rows, the deleted ones too. */
  async queryAll(soql: string): Promise<SalesforceQueryResult> {
    return queryResult(await this.#call({ method: 'GET', url: queryPath(soql) }));
  }

  /** What stands at a path below the versioned root. */
  async at(path: string): Promise<unknown> {
    return await this.#call({ method: 'GET', url: `${BASE}${path}` });
  }

  /** `nextRecordsUrl` as the vendor gave it: a path on the same instance. */
  async more(nextRecordsUrl: string): Promise<SalesforceQueryResult> {
    return queryResult(await this.#call({ method: 'GET', url: nextRecordsUrl }));
  }

  /**
   * Several requests as one call and one transaction: all of them or none. Answers the bodies by reference.
   * @throws SalesforceRefusedError with the reason of the one that failed
   */
  async together(requests: readonly Subrequest[]): Promise<ReadonlyMap<string, unknown>> {
    return bodiesOf(await this.composite(requests, { allOrNone: true }));
  }

  /** Several requests as one call, and what became of each: all of them or none, collections of rows included, or not. */
  async composite(
    requests: readonly Subrequest[],
    { allOrNone }: { readonly allOrNone: boolean },
  ): Promise<readonly SalesforcePart[]> {
    const compositeRequest = requests.map(({ method, path, referenceId, body, headers }) => ({
      method,
      url: `${BASE}${path}`,
      referenceId,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { httpHeaders: headers }),
    }));
    const answer = await this.#call({
      method: 'POST',
      url: `${BASE}/composite`,
      // In the order they stand in: left to itself the vendor puts together what it takes for unrelated.
      body: JSON.stringify({ allOrNone, collateSubrequests: false, compositeRequest }),
      headers: { 'content-type': 'application/json' },
    });
    return answered(salesforceWire.compositeResult, answer).compositeResponse;
  }

  async #call(request: Parameters<Connection['request']>[0]): Promise<unknown> {
    return await this.#connection.request(request);
  }
}

/** Of a call whose parts all succeeded, by reference. @throws SalesforceRefusedError with the first reason there is */
export function bodiesOf(parts: readonly SalesforcePart[]): ReadonlyMap<string, unknown> {
  const failed = parts.filter((part) => part.httpStatusCode >= 300);
  if (failed.length === 0) return new Map(parts.map((part) => [part.referenceId, part.body]));
  const refusals = failed.map((part) => refusalOf(part.httpStatusCode, JSON.stringify(part.body ?? null)));
  const culprit = refusals.find(({ errorCode }) => errorCode !== 'PROCESSING_HALTED') ?? refusals[0];
  throw new SalesforceRefusedError(culprit ?? { status: 500, errorCode: 'PROCESSING_HALTED', message: '' });
}

export const queryPath = (soql: string): string => `${BASE}/queryAll?q=${encodeURIComponent(soql)}`;
const REFERENCES = /%40%7B\w+(?:%5B\d+%5D)?\.id%7D/g;
/** The same as a part of a composite, where references to other parts must stand as they are. */
export const querySubpath = (soql: string): string =>
  `/queryAll?q=${encodeURIComponent(soql).replace(REFERENCES, (reference) => decodeURIComponent(reference))}`;

export const queryResult = (answer: unknown): SalesforceQueryResult =>
  answered(salesforceWire.queryResult, answer);
