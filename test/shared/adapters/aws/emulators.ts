import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAwsEndpoint } from '../../../../bin/local/aws/endpoint.ts';
import { eventBridgeService } from '../../../../bin/local/aws/event-bridge.ts';
import { kmsService } from '../../../../bin/local/aws/kms.ts';
import { presignedRequests } from '../../../../bin/local/aws/presigned.ts';
import { secretsService } from '../../../../bin/local/aws/secrets.ts';
import { localSecrets } from '../../../../bin/local/environment.ts';
import { keepFile } from '../../../../bin/local/kept-file.ts';
import { openFauxqs } from '../../../../bin/local/sqs/fauxqs.ts';
import { createQueues } from '../../../../bin/local/sqs/queues.ts';

export const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/hub';

/** The AWS services the local hub runs on, but DynamoDB; `client` is what every SDK client is made with. */
export async function startEmulators() {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-aws-'));
  const [endpoint, fauxqs] = await Promise.all([startAwsEndpoint(), openFauxqs(join(folder, 'queues'))]);
  const queues = createQueues(fauxqs);
  const events: Record<string, unknown>[] = [];
  const rule = {
    name: 'all',
    busName: 'hub',
    pattern: { source: ['deskbridge'] },
    targets: [{ arn: 'all' }],
  };
  endpoint.serve({
    fauxqs,
    queues,
    services: {
      ...kmsService({
        masterKey: randomBytes(32),
        arnOf: (id) => (id === KEY_ARN ? KEY_ARN : undefined),
        arns: [KEY_ARN],
        aliases: [],
      }),
      ...secretsService(keepFile(join(folder, 'secrets.json'), {})),
      ...eventBridgeService(['hub'], [rule], (_target, event) => void events.push(JSON.parse(event))),
    },
    paths: [presignedRequests({ fauxqs, secretOf: localSecrets(), now: Date.now })],
    dynamoDbUrl: endpoint.url,
  });
  return {
    queues,
    events,
    fauxqs,
    client: {
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    },
    urlOf: (name: string) => `${endpoint.url}/000000000000/${name}`,
    async close() {
      await endpoint.close();
      await fauxqs.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Emulators = Awaited<ReturnType<typeof startEmulators>>;
