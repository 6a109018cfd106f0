import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../bin/local/aws/endpoint.ts';
import type { Service } from '../../../../bin/local/aws/service.ts';
import { type Fauxqs, openFauxqs } from '../../../../bin/local/sqs/fauxqs.ts';
import { moveTasks } from '../../../../bin/local/sqs/move-tasks.ts';
import { createQueues, type Queues } from '../../../../bin/local/sqs/queues.ts';

export interface Emulator {
  readonly directory: string;
  readonly fauxqs: Fauxqs;
  readonly queues: Queues;
  readonly endpoint: AwsEndpoint;
  readonly sqs: SQSClient;
  /** Creates the queue and gives its address. */
  queue(name: string, attributes?: Record<string, string>): string;
  close(): Promise<void>;
}

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** SQS as functions and outside clients see it, on a directory of its own. */
export async function startEmulator(directory = newDirectory(), services: Service = {}): Promise<Emulator> {
  const fauxqs = await openFauxqs(directory);
  const queues = createQueues(fauxqs);
  const moving = moveTasks(queues);
  const endpoint = await startAwsEndpoint();
  endpoint.serve({
    fauxqs,
    queues,
    services: { ...services, ...moving.operations },
    paths: [],
    dynamoDbUrl: 'http://127.0.0.1:1',
  });
  const sqs = new SQSClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  return {
    directory,
    fauxqs,
    queues,
    endpoint,
    sqs,
    queue: (name, attributes = {}) => {
      const url = `${endpoint.url}/000000000000/${name}`;
      const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
      queues.ensure(name, url, { ...fifo, ...attributes });
      return url;
    },
    close: async () => {
      sqs.destroy();
      moving.stop();
      queues.stopWaiting();
      await endpoint.close();
      await fauxqs.close();
    },
  };
}

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'deskbridge-emulator-'));
}

export function arnOf(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}

export function redriveTo(name: string, maxReceiveCount: number): Record<string, string> {
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount }) };
}
