import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentAddress } from '../../../../../shared/adapters/aws/content/address.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session/+=' };
const Bucket = 'deskbridge-prod-contents-000000000000';
const FILE = { name: "Grüße (1)! it's *.txt", type: 'text/plain; charset=utf-8' };
/** What a client adds for its own bookkeeping; every other part of the address has to be the same. */
const OF_THE_CLIENT = ['x-id', 'x-amz-checksum-mode', 'X-Amz-Signature'];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-27T01:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

async function byTheClient(region: string, Key: string): Promise<URL> {
  const client = new S3Client({ region, credentials });
  const command = new GetObjectCommand({
    Bucket,
    Key,
    ResponseContentType: FILE.type,
    ResponseContentDisposition: `attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29%21%20it%27s%20%2A.txt`,
  });
  return new URL(await getSignedUrl(client, command, { expiresIn: 60 }));
}

const partsOf = ({ searchParams }: URL) =>
  [...searchParams].filter(([name]) => !OF_THE_CLIENT.includes(name)).sort();

describe('the address of a content', () => {
  it.each(['eu-central-1', 'us-east-1', 'us-gov-west-1', 'cn-north-1'])(
    'is the one S3’s own client gives in %s',
    async (region) => {
      const addressOf = contentAddress({ bucket: Bucket, region, credentials: async () => credentials });
      const key = 'acme/0mjuok8d4000yv4258/0mjuok8dh0010rdm2h';

      const ours = new URL(await addressOf(key, FILE));
      const theirs = await byTheClient(region, key);

      expect(ours.origin + ours.pathname).toBe(theirs.origin + theirs.pathname);
      expect(partsOf(ours)).toEqual(partsOf(theirs));
      expect(ours.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    },
  );
});
