import type { Logger } from '@aws-sdk/types';
import { awsHttp } from './http.ts';
import { sha256 } from './sha256.ts';

/** A logger with an `info` is handed a filtered copy of every request and answer; nobody reads them. */
const QUIET = { warn: () => {} } as unknown as Logger;

const HTTP = awsHttp();

/**
 * Steps of every call that nothing here needs, each a wait of its own: a log nobody reads, a name for the caller that
 * its role tells already, and the mark by which Lambda ends what comes back through queues sixteen times. The hub's
 * work does by design, and its functions are allowed to (lib/constructs/hub-queue.ts).
 */
export const UNUSED_STEPS = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

interface Stacked {
  readonly middlewareStack: { remove(name: string): boolean };
}

export function lean<Client extends Stacked>(client: Client): Client {
  for (const name of UNUSED_STEPS) client.middlewareStack.remove(name);
  return client;
}

/**
 * Shared by all clients. Everything the SDK would otherwise look for in files is said here, its stack of
 * middleware is put together once per kind of call, and signing and sending do no more than a small call needs.
 */
export function clientSettings() {
  return {
    region: process.env.AWS_REGION ?? 'us-east-1',
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: 3,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    cacheMiddleware: true,
    logger: QUIET,
    sha256,
    requestHandler: HTTP,
  } as const;
}
