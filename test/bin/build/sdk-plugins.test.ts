import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type * as S3 from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_SETTINGS } from '../../../bin/build/bundle.ts';

type Bundled = Pick<typeof S3, 'S3Client' | 'GetObjectCommand' | 'ListObjectsV2Command' | 'NoSuchKey'>;

const place = mkdtempSync(join(tmpdir(), 'deskbridge-sdk-'));
afterAll(() => rmSync(place, { recursive: true }));

describe('a bundled client of the SDK', () => {
  let bundled: Bundled;
  const outfile = join(place, 'index.mjs');

  beforeAll(async () => {
    const { metafile: _, write: __, outExtension: ___, ...settings } = BUNDLE_SETTINGS;
    const contents =
      "export { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';";
    await build({ ...settings, stdin: { contents, resolveDir: import.meta.dirname }, outfile });
    bundled = (await import(pathToFileURL(outfile).href)) as Bundled;
  });

  const client = (statusCode: number, body: string) =>
    new bundled.S3Client({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'an', secretAccessKey: 'example' },
      requestHandler: {
        handle: async () => ({ response: { statusCode, headers: {}, body: Readable.from([body]) } }),
      },
    });

  it('describes the shapes of the commands it is asked for, and no others', () => {
    const text = readFileSync(outfile, 'utf8');
    const shapes = ['ListObjectsV2Output', 'InventoryConfiguration', 'PutObjectRequest'];

    expect(shapes.filter((shape) => text.includes(shape))).toEqual(['ListObjectsV2Output']);
  });

  it('reads an answer through the shapes that this one refers to', async () => {
    const listed =
      '<ListBucketResult><KeyCount>1</KeyCount><Contents><Key>a</Key><Size>7</Size></Contents></ListBucketResult>';

    const { KeyCount, Contents } = await client(200, listed).send(
      new bundled.ListObjectsV2Command({ Bucket: 'files' }),
    );

    expect([KeyCount, Contents]).toEqual([1, [{ Key: 'a', Size: 7 }]]);
  });

  it('knows the errors of its service', async () => {
    const missing = client(404, '<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>');

    await expect(
      missing.send(new bundled.GetObjectCommand({ Bucket: 'files', Key: 'a' })),
    ).rejects.toBeInstanceOf(bundled.NoSuchKey);
  });
});
