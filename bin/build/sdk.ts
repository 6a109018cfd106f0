import { SignatureV4 } from '@smithy/signature-v4';

/**
 * Stands in, at bundling only, for what the AWS SDK can do and the hub never asks of it: event streams, finding a
 * table's endpoint by asking, signing for several regions at once. They are a tenth of an inbound function.
 */
export class EventStreamSerde {
  constructor() {
    throw new TypeError('an event stream was asked of the AWS SDK, expected plain calls only');
  }
}
export const eventStreamSerdeProvider = (): EventStreamSerde => new EventStreamSerde();

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** A client makes one when it is made; unless discovery is switched on nothing is put in. */
export class EndpointCache {
  get(): undefined {
    return undefined;
  }
  has(): boolean {
    return false;
  }
}

/** A bus of one region is signed for as everything else is. */
export class SignatureV4MultiRegion extends SignatureV4 {}
/** Signs for S3's directory buckets, of which the hub has none. */
export class SignatureV4SignWithCredentials extends SignatureV4 {}
