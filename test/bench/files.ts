import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { s3Client } from '../../shared/adapters/aws/content.ts';
import { noise } from '../sandboxes/contents.ts';
import { connect } from '../sandboxes/salesforce/connect.ts';
import { startSalesforceSandbox } from '../sandboxes/salesforce/index.ts';
import { startSlackSandbox } from '../sandboxes/slack/index.ts';
import { startEmulators } from '../shared/adapters/aws/emulators.ts';
import { benchBundle } from './bundles.ts';
import type { Carriage, Carried } from './entries/carriage.ts';
import { alone, type Figure } from './figure.ts';

const MEGABYTE = 1024 ** 2;
const GIGABYTE = 1024 ** 3;
const bucket = 'files';

export interface Journey extends Carried {
  /** Checksum of what arrived, by the vendor's own reckoning, beside that of what was sent. */
  readonly arrived: string;
  readonly sent: string;
}

/**
 * A file from Slack through S3 to Salesforce, by the functions' own code, bundled as it is deployed, in a process of its
 * own: what that process holds at most is what the carrying costs.
 */
export async function carriage() {
  const [slack, salesforce, emulators, bundle] = await Promise.all([
    startSlackSandbox(),
    startSalesforceSandbox(),
    startEmulators(),
    benchBundle('carriage', false),
  ]);
  await s3Client({ ...emulators.client, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: bucket }),
  );
  const token = (await connect(salesforce)).accessToken ?? '';
  const carry = async (bytes: number): Promise<Journey> => {
    const { files } = await slack.human.upload({ files: [{ name: 'large.zip', content: bytes }] });
    const { id: caseId } = salesforce.human.createCase({ subject: 'a large file' });
    const order: Carriage = {
      bytes,
      file: files[0]!,
      slack: { url: slack.apiUrl, token: slack.botToken },
      salesforce: { url: salesforce.url, token, caseId },
      s3: { endpoint: emulators.client.endpoint, bucket },
    };
    const run = await promisify(execFile)(process.execPath, [bundle.path, JSON.stringify(order)]);
    const carried = JSON.parse(run.stdout) as Carried;
    const [version] = salesforce.human.find(
      `SELECT Checksum FROM ContentVersion WHERE ContentDocumentId = '${carried.document}'`,
    );
    return { ...carried, arrived: String(version?.Checksum), sent: checksum(bytes) };
  };
  return {
    carry,
    close: async () => {
      await Promise.all([slack.close(), salesforce.close(), emulators.close()]);
    },
  };
}

function checksum(bytes: number): string {
  const md5 = createHash('md5');
  for (const piece of noise(bytes)) md5.update(piece);
  return md5.digest('hex');
}

/** One gigabyte, whole: how fast, and how much of it is ever held. */
export async function files(): Promise<readonly Figure[]> {
  const { carry, close } = await carriage();
  try {
    const { bytes, seconds, peakBytes, idleBytes, arrived, sent } = await carry(GIGABYTE);
    if (arrived !== sent) throw new Error('the file that arrived is another than the one that was sent');
    return [
      alone(
        {
          name: 'memory of carrying a file of 1 GB, at most',
          value: peakBytes / MEGABYTE,
          unit: 'MB',
          detail: { 'before the first byte': Math.round(idleBytes / MEGABYTE) },
        },
        200,
      ),
      alone({
        name: 'a file of 1 GB, Slack to S3 to Salesforce',
        value: bytes / seconds / MEGABYTE,
        unit: 'MB/s',
      }),
    ];
  } finally {
    await close();
  }
}
