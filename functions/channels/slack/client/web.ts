import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { Opening } from '../../../../shared/ports/index.ts';
import { failureOf } from '../errors.ts';

/** A worker lives 30 seconds and may make three calls in them. */
const TIMEOUT_MS = 9_000;

/** The official client, held to one attempt a call, no waiting, no log, and the hub's own way out. */
export const webClient = (opening: Pick<Opening, 'connection' | 'fetch'>, token: string | undefined) =>
  new WebClient(token, {
    slackApiUrl: apiUrl(opening.connection.baseUrl),
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    logger: SILENT,
    fetch: (url, init) => opening.fetch(url, init as RequestInit),
  });

/** A connection may name Slack by its host alone. */
function apiUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  return url.pathname === '/' ? new URL('/api/', url).toString() : baseUrl;
}

/** The client logs requests at debug level; the hub logs ids only, and elsewhere. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** An answer that is not as published is the vendor's fault, not the caller's. */
export function expected<Value>(method: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw unexpected(method, cause);
  }
}

export function unexpected(method: string, cause?: unknown): ProviderUnavailableError {
  return new ProviderUnavailableError(`slack's answer to ${method} is not as published`, { cause });
}

/** Runs a read; a failure is thrown as ours. */
export async function reading<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(error).error;
  }
}
