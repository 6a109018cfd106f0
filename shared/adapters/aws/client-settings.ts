import type { Logger } from '@aws-sdk/types';

/** A logger with an `info` is handed a filtered copy of every request and answer; nobody reads them. */
const QUIET = { warn: () => {} } as unknown as Logger;

/**
 * Shared by all clients. Everything the SDK would otherwise look for in files is said here, its stack of
 * middleware is put together once per kind of call, and an endpoint that hangs costs seconds, not the
 * function's life.
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
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  } as const;
}
