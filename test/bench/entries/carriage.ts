import { adapter as slack } from '../../../functions/channels/slack/adapter/files.ts';
import { adapter as salesforce } from '../../../functions/connectors/salesforce/adapter/files.ts';
import { s3Client, s3Content } from '../../../shared/adapters/aws/content.ts';
import { guardedFetch, guardedTransfer } from '../../../shared/connections/index.ts';
import type { ConnectionId, ExternalId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';
import type { Opening } from '../../../shared/ports/index.ts';

/** What the parent process tells this one of its vendors and its store. */
export interface Carriage {
  readonly bytes: number;
  readonly file: string;
  readonly slack: { readonly url: string; readonly token: string };
  readonly salesforce: { readonly url: string; readonly token: string; readonly caseId: string };
  readonly s3: { readonly endpoint: string; readonly bucket: string };
}
export interface Carried {
  readonly bytes: number;
  readonly sha256: string;
  readonly document: string;
  readonly seconds: number;
  /** The most memory this process ever held, and what it held before the first byte. */
  readonly peakBytes: number;
  readonly idleBytes: number;
}

const clock = { now: () => Date.now() };
const sockets = { policy: { allowedHosts: [], isLocal: true }, clock };

function openingTo(integration: string, baseUrl: string): Opening {
  return {
    connection: {
      id: integration as ConnectionId,
      organization: 'acme' as OrganizationId,
      integration,
      name: integration,
      baseUrl,
      state: { kind: 'active' },
      settings: {},
      createdAtMs: 0,
    },
    secrets: {},
    fetch: guardedFetch({ ...sockets, timeoutMs: 60_000 }),
    transfer: guardedTransfer({ ...sockets, silenceMs: 120_000 }),
    clock,
    reportUsage: () => {},
  };
}

/** One file from Slack through S3 to Salesforce, by the code of the functions of files and nothing else. */
async function carry({ bytes, file, ...at }: Carriage): Promise<Carried> {
  const from = slack.open(openingTo('slack', at.slack.url), {
    accessToken: at.slack.token,
    instanceUrl: at.slack.url,
  });
  const to = salesforce.open(openingTo('salesforce', at.salesforce.url), {
    accessToken: at.salesforce.token,
    instanceUrl: at.salesforce.url,
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { endpoint, bucket } = at.s3;
  const client = s3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  const contents = s3Content({ bucket, client });
  const idleBytes = process.memoryUsage.rss();
  const begun = performance.now();
  const { body } = await from.download!({ kind: 'attachment', externalId: file as ExternalId });
  const stored = await contents.put('acme/r1/content', body, bytes);
  const attachment = { visibility: 'public', name: 'large.zip', type: 'application/zip', ...stored } as const;
  const parent = { kind: 'ticket', externalId: at.salesforce.caseId as ExternalId } as const;
  const upload = {
    record: 'r1' as RecordId,
    kind: 'attachment',
    operation: 'create',
    fields: {},
    parent,
    attachment,
  } as const;
  const document = await to.upload!(upload, contents.get('acme/r1/content'));
  await to.write!({ ...upload, staged: document });
  return {
    bytes: stored.size,
    sha256: stored.sha256,
    document,
    seconds: (performance.now() - begun) / 1_000,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    idleBytes,
  };
}

process.stdout.write(JSON.stringify(await carry(JSON.parse(process.argv[2] ?? '') as Carriage)), () =>
  process.exit(0),
);
