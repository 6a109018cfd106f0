import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { contentAddress } from '../../shared/adapters/aws/content/address.ts';
import { s3Client, s3Content } from '../../shared/adapters/aws/content.ts';
import { startEmulators } from '../shared/adapters/aws/emulators.ts';
import { describeContent } from './content.ts';

/** The smallest S3 takes, so that a few megabytes are several parts. */
const PART_BYTES = 5 * 1024 * 1024;
const Bucket = 'files';
type Unfinished = ReadonlyMap<string, { readonly key: string }>;

describeContent('on S3', async () => {
  const emulators = await startEmulators();
  const client = s3Client({ ...emulators.client, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    content: s3Content({ bucket: Bucket, client, partBytes: PART_BYTES }),
    address: contentAddress({
      bucket: Bucket,
      region: emulators.client.region,
      credentials: async () => emulators.client.credentials,
      endpoint: emulators.client.endpoint,
    }),
    partBytes: PART_BYTES,
    kept: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      // No call of the emulator's lists what is not finished.
      const { multipartUploads } = emulators.fauxqs.s3 as unknown as { multipartUploads: Unfinished };
      return [
        ...Contents.map(({ Key = '' }) => Key),
        ...[...multipartUploads.values()].map(({ key }) => key),
      ];
    },
    close: () => emulators.close(),
  };
});
