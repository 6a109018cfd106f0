import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { uploadDoor } from '../../shared/adapters/aws/content/door.ts';
import { s3Client, s3Content } from '../../shared/adapters/aws/content.ts';
import { systemClock } from '../../shared/adapters/aws/system.ts';
import { startEmulators } from '../shared/adapters/aws/emulators.ts';
import { describeUploads } from './uploads.ts';

const Bucket = 'files';

describeUploads('on S3', async () => {
  const emulators = await startEmulators();
  const { credentials, endpoint, region } = emulators.client;
  const client = s3Client({ ...emulators.client, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    content: s3Content({ bucket: Bucket, client }),
    door: uploadDoor({
      bucket: Bucket,
      region,
      credentials: async () => credentials,
      endpoint,
      prefix: 'uploads/',
      clock: systemClock,
    }),
    put: async ({ url, headers }, body) =>
      (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) })).status,
    close: () => emulators.close(),
  };
});
