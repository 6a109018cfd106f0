import { randomUUID } from 'node:crypto';
import { ProviderRejectedError } from '../../../../shared/errors.ts';
import { fileFrom } from '../../../../shared/http/download.ts';
import type { Grant, Opening, TransferResponse } from '../../../../shared/ports/index.ts';
import { SalesforceRefusedError } from '../errors.ts';
import { salesforceWire } from '../wire.ts';
import { answered } from './answered.ts';
import { parsed, refusalOf, usageOf } from './transport.ts';
import { BASE } from './version.ts';

export interface NewVersion {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The bytes of versions; in no function but that of files. jsforce would hold all of a form in memory. */
export class Versions {
  readonly #opening: Pick<Opening, 'transfer' | 'reportUsage'>;
  readonly #grant: Grant;

  constructor(opening: Pick<Opening, 'transfer' | 'reportUsage'>, grant: Grant) {
    this.#opening = opening;
    this.#grant = grant;
  }

  /**
   * As a form, which takes up to 2 GB: the entity first, then its bytes, under a name that nothing is made of.
   * https://developer.salesforce.com/docs/platform/api-rest/guide/dome-sobject-insert-update-blob.html
   */
  async create({ fields, size, content }: NewVersion): Promise<string> {
    const boundary = `deskbridge-${randomUUID()}`;
    const head = Buffer.from(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="entity_content"',
        'Content-Type: application/json; charset=UTF-8',
        '',
        JSON.stringify(fields),
        `--${boundary}`,
        'Content-Disposition: form-data; name="VersionData"; filename="content"',
        'Content-Type: application/octet-stream',
        '',
        '',
      ].join('\r\n'),
    );
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const answer = await this.#opening.transfer({
      method: 'POST',
      url: this.#url('/sobjects/ContentVersion'),
      headers: { ...this.#headers(), 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: { length: head.length + size + tail.length, content: joined(head, content, tail) },
    });
    const text = await this.#textOf(answer);
    if (answer.status >= 300) throw new SalesforceRefusedError(refusalOf(answer.status, text));
    return answered(salesforceWire.saved, parsed(text)).id;
  }

  /** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_blob_retrieve.htm */
  async *bytes(id: string, size: number | undefined): AsyncGenerator<Uint8Array, void> {
    const url = this.#url(`/sobjects/ContentVersion/${id}/VersionData`);
    const answer = await this.#opening.transfer({ method: 'GET', url, headers: this.#headers() });
    if (answer.status >= 300 && answer.status < 400)
      throw new ProviderRejectedError('salesforce wants somebody to sign in for this file', {
        vendorCode: 'login_page',
      });
    if (answer.status !== 200)
      throw new SalesforceRefusedError(refusalOf(answer.status, await this.#textOf(answer)));
    this.#report(answer);
    yield* fileFrom(answer, { vendor: 'salesforce', size });
  }

  #url = (path: string): string => new URL(`${BASE}${path}`, this.#grant.instanceUrl).toString();

  #headers = () => ({ authorization: `Bearer ${this.#grant.accessToken}` });

  #report({ headers }: TransferResponse): void {
    const usage = usageOf(headers.get('sforce-limit-info'));
    if (usage !== undefined) this.#opening.reportUsage(usage);
  }

  async #textOf(answer: TransferResponse): Promise<string> {
    this.#report(answer);
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of answer.body) {
      bytes += piece.length;
      if (bytes > MOST_WORDS) break;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }
}

/** An id, or why there is none, is never longer. */
const MOST_WORDS = 1024 * 1024;

async function* joined(head: Uint8Array, content: AsyncIterable<Uint8Array>, tail: Uint8Array) {
  yield head;
  yield* content;
  yield tail;
}
