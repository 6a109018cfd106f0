import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Contents, type Taken, TooMuch } from '../../contents.ts';
import { boundaryOf, NotMultipart, partsOf, whole } from '../../multipart.ts';
import { SalesforceFailure } from '../failure.ts';
import type { CallFault } from '../faults.ts';
import type { Reply } from '../rest/context.ts';

/** https://developer.salesforce.com/docs/platform/api-rest/guide/dome-sobject-insert-update-blob.html */
const MOST_FILE_BYTES = 2 * 1024 ** 3;
const MOST_TEXT_BYTES = 50 * 1024 ** 2;

export interface Received {
  readonly text: string;
  readonly file?: Taken;
}

export const isVersion = ({ method }: IncomingMessage, { pathname }: URL): boolean =>
  method === 'POST' && /^\/services\/data\/v[\d.]+\/sobjects\/ContentVersion\/?$/i.test(pathname);

/** A version's fields, and its bytes put aside: in a form after them, or as base64 among them. */
export async function received(request: IncomingMessage, contents: Contents): Promise<Received> {
  const boundary = boundaryOf(request.headers['content-type']);
  return boundary === undefined ? fromText(request, contents) : fromForm(request, boundary, contents);
}

async function fromForm(request: IncomingMessage, boundary: string, contents: Contents): Promise<Received> {
  let text: string | undefined;
  let file: Taken | undefined;
  try {
    for await (const part of partsOf(request, boundary)) {
      if (part.name === 'VersionData' && part.filename !== undefined && text !== undefined)
        file = await contents.take(part.body, MOST_FILE_BYTES);
      else if (part.type.startsWith('application/json')) text = (await whole(part.body)).toString('utf8');
    }
  } catch (failure) {
    throw refusalOf(failure);
  }
  if (text === undefined) throw invalidForm();
  return { text, ...(file === undefined ? {} : { file }) };
}

function refusalOf(failure: unknown): unknown {
  if (failure instanceof TooMuch)
    return new SalesforceFailure(400, 'FILE_SIZE_LIMIT_EXCEEDED', 'the file is larger than 2 GB');
  return failure instanceof NotMultipart ? invalidForm() : failure;
}

const invalidForm = () =>
  new SalesforceFailure(400, 'INVALID_MULTIPART_REQUEST', 'the first part must be the entity, as JSON');

async function fromText(request: IncomingMessage, contents: Contents): Promise<Received> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_TEXT_BYTES)
      throw new SalesforceFailure(413, 'REQUEST_ENTITY_TOO_LARGE', 'request body too large');
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  const { VersionData, ...fields } = objectIn(text);
  if (typeof VersionData !== 'string') return { text };
  const file = await contents.take(Readable.from([Buffer.from(VersionData, 'base64')]));
  return { text: JSON.stringify(fields), file };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Bytes as the vendor serves them, spelling and all. */
export async function sendContent(
  response: ServerResponse,
  contents: Contents,
  { status, headers, content }: Reply,
  fault: CallFault | undefined,
): Promise<void> {
  const { of, length } = content!;
  const shown = fault?.effect === 'half' ? Math.floor(length / 2) : length;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/octetstream',
    'content-length': String(shown),
  });
  await pipeline(Readable.from(pieces(), { objectMode: false }), response).catch(() => response.destroy());

  async function* pieces() {
    let sent = 0;
    for await (const piece of contents.read(of) as AsyncIterable<Buffer>) {
      if (fault?.effect === 'cut' && sent >= length / 2) throw new Error('cut off');
      const rest = piece.subarray(0, shown - sent);
      sent += rest.length;
      if (rest.length > 0) yield rest;
    }
  }
}
