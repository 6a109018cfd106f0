import type { ContentAddress } from '../../../ports/index.ts';
import type { Environment } from '../environment.ts';
import { addressOf, encoded, hubSigning, presigned, type Signing } from './presigned.ts';

const ADDRESS_SECONDS = 60;

export function contentAddress(signing: Signing): ContentAddress {
  const presign = presigned(signing);
  return async (key, { name, type }) => {
    const query = {
      'response-content-type': type,
      'response-content-disposition': `attachment; filename*=UTF-8''${encoded(name)}`,
    };
    return addressOf(await presign({ method: 'GET', key, query, seconds: ADDRESS_SECONDS }));
  };
}

export const hubContentAddress = (environment: Environment = process.env): ContentAddress =>
  contentAddress(hubSigning(environment));
