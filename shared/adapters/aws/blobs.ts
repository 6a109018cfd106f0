import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Blobs } from '../../ports/index.ts';
import { clientSettings } from './client-settings.ts';
import { failure, nameOf } from './failure.ts';

/** Bodies come and go as streams, as only the SDK's own handler has them. */
const STREAMING = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

export interface S3BlobsOptions {
  readonly bucket: string;
  readonly client?: S3Client;
}

/** What is put here is sealed already; the bucket's own encryption is a second lock. */
export function s3Blobs({ bucket: Bucket, client }: S3BlobsOptions): Blobs {
  let made = client;
  const connected = () => {
    made ??= new S3Client({ ...clientSettings(), requestHandler: STREAMING, forcePathStyle: true });
    return made;
  };
  return {
    async put(Key, Body) {
      await connected()
        .send(new PutObjectCommand({ Bucket, Key, Body }))
        .catch((cause: unknown) => Promise.reject(failure('the object store', cause)));
    },
    async get(Key) {
      try {
        const found = await connected().send(new GetObjectCommand({ Bucket, Key }));
        return await found.Body?.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') return undefined;
        throw failure('the object store', error);
      }
    },
    async remove(Key) {
      await connected()
        .send(new DeleteObjectCommand({ Bucket, Key }))
        .catch((cause: unknown) => Promise.reject(failure('the object store', cause)));
    },
  };
}
