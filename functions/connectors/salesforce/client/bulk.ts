import type { Connection, HttpResponse } from 'jsforce';
import { HttpApi } from 'jsforce/lib/http-api.js';
import { EndlessListingError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import { type SalesforceQueryJob, salesforceWire } from '../wire.ts';
import { answered } from './answered.ts';
import { bulkRows } from './csv.ts';

export interface BulkPage {
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** Where the next page begins; absent at the end. */
  readonly locator?: string;
}

/**
 * Bulk API 2.0 query jobs, one call each. jsforce's own `bulk2` reads all pages in one go and keeps the locator to
 * itself; a backfill stops between any two of them.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/query-bulk-api-2-0.html
 */
export class BulkQueries {
  readonly #connection: Connection;
  readonly #base: string;

  constructor(connection: Connection, base: string) {
    this.#connection = connection;
    this.#base = `${base}/jobs/query`;
  }

  async create(soql: string): Promise<SalesforceQueryJob> {
    return await this.#job('POST', '', { operation: 'query', query: soql });
  }

  async info(id: string): Promise<SalesforceQueryJob> {
    return await this.#job('GET', `/${id}`);
  }

  async abort(id: string): Promise<void> {
    await this.#job('PATCH', `/${id}`, { state: 'Aborted' });
  }

  async remove(id: string): Promise<void> {
    const { statusCode } = await this.#call('DELETE', `/${id}`);
    if (statusCode !== 204) throw unreadable();
  }

  async page(id: string, rows: number, locator: string | undefined): Promise<BulkPage> {
    const query = new URLSearchParams({ maxRecords: String(rows), ...(locator && { locator }) });
    const { headers, body } = await this.#call('GET', `/${id}/results?${query}`);
    const [next, count] = [headers['sforce-locator'], Number(headers['sforce-numberofrecords'])];
    const page = bulkRows(body);
    if (next === undefined || count !== page.length) throw unreadable();
    if (next !== 'null' && (next === locator || page.length === 0))
      throw new EndlessListingError('a bulk result of salesforce');
    return { rows: page, ...(next === 'null' ? {} : { locator: next }) };
  }

  async #job(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<SalesforceQueryJob> {
    const answer = await this.#call(method, path, body);
    return answered(salesforceWire.queryJob, parsed(answer.body));
  }

  async #call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<HttpResponse> {
    const api = new HttpApi(this.#connection, { responseType: 'text/plain' });
    let response: HttpResponse | undefined;
    api.on('response', (each: HttpResponse) => {
      response = each;
    });
    await api.request({
      method,
      url: `${this.#connection.instanceUrl}${this.#base}${path}`,
      headers: body === undefined ? { accept: '*/*' } : { 'content-type': 'application/json; charset=UTF-8' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response === undefined) throw new ProviderUnavailableError('salesforce did not answer');
    return response;
  }
}

const unreadable = () => new ProviderUnavailableError('salesforce answered something that is no bulk result');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
