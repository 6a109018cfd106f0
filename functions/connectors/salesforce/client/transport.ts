import { PassThrough } from 'node:stream';
import type { HttpRequest, HttpResponse } from 'jsforce';
import { Transport } from 'jsforce/lib/transport.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { Opening, VendorUsage } from '../../../../shared/ports/index.ts';
import { type Refusal, SalesforceRefusedError } from '../errors.ts';
import { salesforceWire } from '../wire.ts';

/**
 * jsforce over the hub's own guarded fetch. Its own transport would retry by itself, follow redirects and
 * reach any host; and it drops the status, by which failures are told apart.
 */
export class GuardedTransport extends Transport {
  readonly #opening: Pick<Opening, 'fetch' | 'reportUsage'>;
  readonly #refusalOf: typeof refusalOf;

  /** `refusal` reads the vendor's words in an answer that is no success; the REST API's own unless told. */
  constructor(opening: Pick<Opening, 'fetch' | 'reportUsage'>, refusal = refusalOf) {
    super();
    this.#opening = opening;
    this.#refusalOf = refusal;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.#send(request) }));
  }

  async #send({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
    const response = await this.#opening.fetch(url, {
      method,
      headers: headers as Record<string, string>,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    });
    const text = await response.text();
    const usage = usageOf(response.headers.get('sforce-limit-info'));
    if (usage !== undefined) this.#opening.reportUsage(usage);
    if (response.status >= 300) throw new SalesforceRefusedError(this.#refusalOf(response.status, text));
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: text };
  }
}

/** `api-usage=18/5000`: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm */
export function usageOf(header: string | null): VendorUsage | undefined {
  const match = /\bapi-usage=(\d+)\/(\d+)/.exec(header ?? '');
  return match === null ? undefined : { limit: 'api', used: Number(match[1]), max: Number(match[2]) };
}

/** The first entry of an error array; a page of a proxy in between has none. */
export function refusalOf(status: number, text: string): Refusal {
  if (status === 300) return { status, errorCode: 'MULTIPLE_CHOICES', message: '' };
  const failures = salesforceWire.failures.safeParse(parsed(text));
  const [first] = failures.success ? failures.data : [];
  return first === undefined
    ? { status, errorCode: `HTTP_${status}`, message: '' }
    : { status, errorCode: first.errorCode, message: first.message ?? '' };
}

/** Without the parser's own words, which quote what they stumbled over: a token may stand there. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
