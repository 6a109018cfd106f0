import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http-server.ts';
import type { Fauxqs } from '../sqs/fauxqs.ts';
import type { PathHandler } from './endpoint.ts';

interface PresignedOptions {
  readonly fauxqs: Pick<Fauxqs, 's3'>;
  /** Undefined for a key that was never given out. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly now: () => number;
}

const CHECKSUM = 'x-amz-checksum-sha256';

class S3Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * What S3 makes of an address that somebody else was given, which fauxqs takes unread: the signature over what it says
 * and over the headers it names, the time it is good for, and, of a PUT, the checksum of what comes.
 */
export function presignedRequests(options: PresignedOptions): PathHandler {
  return async (path, request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    if (!query.has('X-Amz-Signature')) return false;
    try {
      prove(path, request, query, options);
      if (request.method !== 'PUT') return false;
      await put(path, request, response, options);
    } catch (error) {
      if (!(error instanceof S3Refusal)) throw error;
      request.resume();
      response.writeHead(error.status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`);
    }
    return true;
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function prove(
  path: string,
  request: IncomingMessage,
  query: URLSearchParams,
  { secretOf, now }: PresignedOptions,
): void {
  const of = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  const [accessKeyId = '', ...scope] = of('Credential').split('/');
  const [date = '', region = '', service = ''] = scope;
  const secret = secretOf(accessKeyId);
  if (secret === undefined) throw new S3Refusal(403, 'InvalidAccessKeyId', 'there is no such key');
  const begunAtMs = Date.parse(of('Date').replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
  if (!(now() <= begunAtMs + Number(of('Expires')) * 1_000))
    throw new S3Refusal(403, 'AccessDenied', 'Request has expired');
  const names = of('SignedHeaders').split(';');
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !names.includes(name),
  );
  if (unsigned !== undefined)
    throw new S3Refusal(403, 'AccessDenied', `headers present in the request were not signed: ${unsigned}`);
  const canonical = canonicalRequest(path, request, query, names);
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (signedSoFar, part) => hmac(signedSoFar, part),
    `AWS4${secret}`,
  );
  const toSign = ['AWS4-HMAC-SHA256', of('Date'), scope.join('/'), digest(canonical)].join('\n');
  const [expected, seen] = [hmac(key, toSign), Buffer.from(of('Signature'), 'hex')];
  if (expected.length !== seen.length || !timingSafeEqual(expected, seen))
    throw new S3Refusal(403, 'SignatureDoesNotMatch', 'the request is not the one that was signed');
}

function canonicalRequest(
  path: string,
  { method, headers }: IncomingMessage,
  query: URLSearchParams,
  names: readonly string[],
): string {
  const asked = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const signed = names.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`).join('');
  return [method, path, asked, signed, names.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
}

async function put(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { fauxqs }: PresignedOptions,
): Promise<void> {
  if (request.headers['content-length'] === undefined)
    throw new S3Refusal(411, 'MissingContentLength', 'the length has to be said');
  const body = await readBody(request);
  const sha256 = createHash('sha256').update(body).digest('base64');
  const said = request.headers[CHECKSUM];
  if (said !== undefined && said !== sha256)
    throw new S3Refusal(400, 'BadDigest', 'the SHA256 you specified did not match the calculated checksum');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
  if (!fauxqs.s3.hasBucket(bucket)) throw new S3Refusal(404, 'NoSuchBucket', 'there is no such bucket');
  const type = request.headers['content-type'];
  const checksum = { algorithm: 'SHA256', value: sha256, type: 'FULL_OBJECT' } as const;
  const { etag } = fauxqs.s3.putObject(bucket, key, body, type, {}, {}, checksum);
  response.writeHead(200, { etag, 'content-length': 0 }).end();
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 3986: what encodeURIComponent leaves, but five. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
