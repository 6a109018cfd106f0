import type { HttpResponse } from '@aws-sdk/types';
import { ConfigurationError, ProviderUnavailableError } from '../../../errors.ts';
import type { Clock, Stored, UploadDoor } from '../../../ports/index.ts';
import { type Environment, required } from '../environment.ts';
import { awsHttp } from '../http.ts';
import { systemClock } from '../system.ts';
import { type Asking, addressOf, hubSigning, presigned, type Signing } from './presigned.ts';

/** Within it a client begins to send; how long that takes S3 does not mind. */
const UPLOAD_SECONDS = 900;
const OWN_SECONDS = 60;
const CHECKSUM = 'x-amz-checksum-sha256';

export interface DoorOptions extends Signing {
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * Length and checksum are signed, and S3 holds what comes against both: an address lets in one file and no other, so
 * bytes that were looked at cannot become others. The key they are encrypted by is the bucket's own default; a header
 * that named none would choose AWS's instead.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function uploadDoor({ prefix, clock, ...signing }: DoorOptions): UploadDoor {
  const presign = presigned(signing);
  const http = awsHttp();

  async function ask(asking: Omit<Asking, 'seconds'>): Promise<HttpResponse | undefined> {
    const request = await presign({ ...asking, seconds: OWN_SECONDS });
    const { response } = await http.handle(request).catch((cause) => {
      throw new ProviderUnavailableError('s3 did not answer', { cause });
    });
    const { statusCode } = response;
    if (statusCode === 404) return undefined;
    if (statusCode === 403) throw new ConfigurationError(`s3 refused a ${asking.method}`);
    if (statusCode >= 300) throw new ProviderUnavailableError(`s3 answered ${statusCode}`);
    return response;
  }

  return {
    prefix,
    async address(key, { size, sha256 }) {
      const checksum = { [CHECKSUM]: Buffer.from(sha256, 'hex').toString('base64') };
      const at = new Date(clock.now());
      const headers = { 'content-length': String(size), ...checksum };
      const request = await presign({ method: 'PUT', key, headers, seconds: UPLOAD_SECONDS, at });
      // Every client says the length by itself, and a browser lets nobody else.
      const expiresAtMs = at.getTime() + UPLOAD_SECONDS * 1_000;
      return { url: addressOf(request), headers: checksum, expiresAtMs };
    },
    async look(key) {
      const response = await ask({ method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' } });
      return response && storedIn(response);
    },
    delete: async (key) => void (await ask({ method: 'DELETE', key })),
  };
}

function storedIn({ headers }: HttpResponse): Stored {
  return {
    size: Number(headers['content-length']),
    sha256: Buffer.from(headers[CHECKSUM] ?? '', 'base64').toString('hex'),
  };
}

export const hubUploadDoor = (environment: Environment = process.env): UploadDoor =>
  uploadDoor({
    ...hubSigning(environment),
    prefix: required(environment, 'UPLOAD_PREFIX'),
    clock: systemClock,
  });
