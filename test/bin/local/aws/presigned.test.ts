import { createHash } from 'node:crypto';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../bin/local/aws/endpoint.ts';
import { presignedRequests } from '../../../../bin/local/aws/presigned.ts';
import { localSecrets } from '../../../../bin/local/environment.ts';
import { type Fauxqs, openFauxqs } from '../../../../bin/local/sqs/fauxqs.ts';
import { createQueues } from '../../../../bin/local/sqs/queues.ts';
import { credentials, newDirectory } from '../sqs/fixture.ts';

const Bucket = 'files';
const BODY = 'what is put';
const CHECKSUM = createHash('sha256').update(BODY).digest('base64');
let [endpoint, fauxqs, nowMs] = [{} as AwsEndpoint, {} as Fauxqs, 0];
let client: S3Client;

beforeAll(async () => {
  fauxqs = await openFauxqs(newDirectory());
  endpoint = await startAwsEndpoint();
  const presigned = presignedRequests({ fauxqs, secretOf: localSecrets(), now: () => nowMs });
  const queues = createQueues(fauxqs);
  endpoint.serve({ fauxqs, queues, services: {}, paths: [presigned], dynamoDbUrl: 'http://127.0.0.1:1' });
  client = clientWith(credentials);
  await client.send(new CreateBucketCommand({ Bucket }));
  nowMs = Date.now();
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await fauxqs.close();
});

const clientWith = (keys: typeof credentials) =>
  new S3Client({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: keys,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });

/** As S3's own client signs it. */
const addressOf = (Key: string, from = client) =>
  getSignedUrl(
    from,
    new PutObjectCommand({ Bucket, Key, ContentLength: BODY.length, ChecksumSHA256: CHECKSUM }),
    { expiresIn: 60, unhoistableHeaders: new Set(['x-amz-checksum-sha256']) },
  );

async function put(url: string, body: string = BODY, headers: Record<string, string> = {}) {
  const all = { 'x-amz-checksum-sha256': CHECKSUM, ...headers };
  const answer = await fetch(url, { method: 'PUT', body, headers: all });
  return { status: answer.status, code: /<Code>(\w+)</.exec(await answer.text())?.[1] };
}

describe('an address that was given to somebody', () => {
  it('takes what it was signed for, and gives it back with its checksum', async () => {
    expect(await put(await addressOf('a (1)/é*.txt'))).toEqual({ status: 200, code: undefined });

    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: 'a (1)/é*.txt', ChecksumMode: 'ENABLED' }),
    );
    expect(got.ChecksumSHA256).toBe(CHECKSUM);
    expect(await got.Body?.transformToString()).toBe(BODY);
  });

  it.each<[string, string, string | undefined, Record<string, string>, string]>([
    ['another length', 'b', `${BODY}!`, {}, 'SignatureDoesNotMatch'],
    ['other bytes of that length', 'b', BODY.toUpperCase(), {}, 'BadDigest'],
    ['another checksum', 'b', undefined, { 'x-amz-checksum-sha256': 'x' }, 'SignatureDoesNotMatch'],
    ['a header nobody signed', 'b', undefined, { 'x-amz-acl': 'public-read' }, 'AccessDenied'],
  ])('refuses %s', async (_what, key, body, headers, code) => {
    expect(await put(await addressOf(key), body, headers)).toMatchObject({ code });
  });

  it('is good for its own object alone, and for no other deed', async () => {
    const url = await addressOf('mine');

    expect(await put(url.replace('/mine', '/theirs'))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  it('is good for nobody else’s key', async () => {
    const forger = clientWith({ accessKeyId: 'local', secretAccessKey: 'guessed' });
    const stranger = clientWith({ accessKeyId: 'other', secretAccessKey: 'local' });

    expect(await put(await addressOf('c', forger))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(await put(await addressOf('c', stranger))).toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  it('is good for its time', async () => {
    const url = await addressOf('d');
    nowMs += 62_000;

    expect(await put(url)).toEqual({ status: 403, code: 'AccessDenied' });
  });
});
