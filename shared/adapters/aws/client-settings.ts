import type { Logger } from '@aws-sdk/types';
import { awsHttp } from './http.ts';
import { sha256 } from './sha256.ts';

/** A logger with an `info` is handed a filtered copy of every request and answer; nobody reads them. */
const QUIET = { warn: () => {} } as unknown as Logger;

const HTTP = awsHttp();

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
