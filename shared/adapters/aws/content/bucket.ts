import { type Environment, required } from '../environment.ts';

export interface Bucket {
  readonly bucket: string;
  readonly region: string;
  /** One host for all buckets, as the local hub has; else each bucket has its own. */
  readonly endpoint?: string | undefined;
}

/** The hub's own. */
export const hubBucket = (environment: Environment = process.env): Bucket => ({
  bucket: required(environment, 'CONTENT_BUCKET'),
  region: required(environment, 'AWS_REGION'),
  endpoint: environment.LOCAL_MODE === '1' ? environment.AWS_ENDPOINT_URL : undefined,
});

/** Where a browser finds it: its page's policy has to name it. */
export const originOf = ({ bucket, region, endpoint }: Bucket): string =>
  new URL(endpoint ?? `https://${bucket}.s3.${region}.${suffixOf(region)}`).origin;

/** https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
const suffixOf = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
