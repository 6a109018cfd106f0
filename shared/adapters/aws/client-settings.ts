import type { Logger } from '@aws-sdk/types';
import { getSchemaSerdePlugin } from '@smithy/core/schema';
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

type Signer = (scheme: unknown) => Promise<unknown>;

interface Leanable {
  readonly middlewareStack: { remove(name: string): boolean; use(plugin: unknown): void };
  config: object;
}

/**
 * The SDK copies a client's configuration four times a call. By then it is a table to V8, which copies it fifty times
 * slower than the plain object its first copy is: the steps get that one, and one signer serves all calls.
 */
export function lean<Client extends Leanable>(client: Client): Client {
  const { middlewareStack } = client;
  for (const name of UNUSED_STEPS) middlewareStack.remove(name);
  const made = client.config as { signer: Signer };
  const newSigner = made.signer;
  let signer: Promise<unknown> | undefined;
  made.signer = (scheme) => {
    signer ??= newSigner(scheme).catch((error) => {
      signer = undefined;
      throw error;
    });
    return signer;
  };
  client.config = { ...made };
  middlewareStack.use(getSchemaSerdePlugin(client.config as Parameters<typeof getSchemaSerdePlugin>[0]));
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
