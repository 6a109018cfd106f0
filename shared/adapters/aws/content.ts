import { Agent } from 'node:https';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { NotFoundError, ProviderUnavailableError } from '../../errors.ts';
import type { ContentStore } from '../../ports/index.ts';
import { clientSettings } from './client-settings.ts';
import { inParts } from './content/parts.ts';
import { Tally } from './content/tally.ts';
import { type Environment, required } from './environment.ts';
import { failure, nameOf } from './failure.ts';

/** Of at most 10,000 parts S3 makes an object: 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;
/** Contents go as streams, which the handler of all other services does not know: the SDK's own does. */
const TIMES = { connectionTimeout: 2_000, socketTimeout: 30_000 };

export interface ContentOptions {
  readonly bucket: string;
  readonly client?: S3Client;
  readonly partBytes?: number;
}

export function s3Client(config: S3ClientConfig = {}): S3Client {
  const httpsAgent = new Agent({ keepAlive: true, minVersion: 'TLSv1.2' });
  return new S3Client({
    ...clientSettings(),
    // The local hub has one host for all buckets.
    forcePathStyle: process.env.LOCAL_MODE === '1',
    ...config,
    requestHandler: { ...TIMES, httpsAgent },
  });
}

/** Files in a bucket. What a part was cut off from is given up at once, and by the bucket's own rule within a day. */
export function s3Content({
  bucket: Bucket,
  client = s3Client(),
  partBytes = PART_BYTES,
}: ContentOptions): ContentStore {
  return {
    put: async (Key, body, limitBytes) => {
      const tally = new Tally();
      const parts = inParts(tally.over(body, limitBytes), partBytes);
      const first = await parts.next();
      if (first.done === true || first.value.length < partBytes) {
        await sent(() =>
          client.send(new PutObjectCommand({ Bucket, Key, Body: first.value ?? Buffer.alloc(0) })),
        );
      } else {
        await new Multipart(client, { Bucket, Key }).send(first.value, parts);
      }
      return tally.stored();
    },
    get: (Key) => pieces(client, { Bucket, Key }),
    delete: async (Key) => {
      await sent(() => client.send(new DeleteObjectCommand({ Bucket, Key })));
    },
  };
}

/** The hub's own: given to functions that carry files, so that no other loads S3's client. */
export const hubContent = (environment: Environment = process.env): ContentStore =>
  s3Content({ bucket: required(environment, 'CONTENT_BUCKET') });

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** One part is on its way while the next fills; the object is there when all of it is. */
class Multipart {
  readonly #client: S3Client;
  readonly #place: Place;
  readonly #etags: string[] = [];

  constructor(client: S3Client, place: Place) {
    this.#client = client;
    this.#place = place;
  }

  async send(first: Buffer, rest: AsyncIterable<Buffer>): Promise<void> {
    const { UploadId } = await sent(() => this.#client.send(new CreateMultipartUploadCommand(this.#place)));
    let underWay = this.#part(UploadId, 1, first);
    try {
      let number = 1;
      for await (const part of rest) {
        await underWay;
        number += 1;
        underWay = this.#part(UploadId, number, part);
      }
      await underWay;
      await this.#complete(UploadId);
    } catch (error) {
      await underWay.catch(() => {});
      await this.#abort(UploadId);
      throw error;
    }
  }

  #part(UploadId: string | undefined, PartNumber: number, Body: Buffer): Promise<void> {
    const command = new UploadPartCommand({ ...this.#place, UploadId, PartNumber, Body });
    const part = sent(() => this.#client.send(command)).then(({ ETag = '' }) => {
      this.#etags[PartNumber - 1] = ETag;
    });
    // Looked at only after the next part has filled: until then its failure must not pass for one nobody handles.
    part.catch(() => {});
    return part;
  }

  async #complete(UploadId: string | undefined): Promise<void> {
    const Parts = this.#etags.map((ETag, at) => ({ ETag, PartNumber: at + 1 }));
    const command = { ...this.#place, UploadId, MultipartUpload: { Parts } };
    await sent(() => this.#client.send(new CompleteMultipartUploadCommand(command)));
  }

  /** What this cannot give up, the bucket's own rule does. */
  async #abort(UploadId: string | undefined): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand({ ...this.#place, UploadId })).catch(() => {});
  }
}

async function* pieces(client: S3Client, place: Place): AsyncGenerator<Uint8Array, void> {
  const { Body } = await sent(() => client.send(new GetObjectCommand(place)));
  try {
    yield* Body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new ProviderUnavailableError('s3 broke off within a file', { cause });
  }
}

async function sent<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (nameOf(error) === 'NoSuchKey') throw new NotFoundError('there is no such content', { cause: error });
    throw failure('s3', error);
  }
}
