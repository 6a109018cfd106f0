import { type ErrorCode, HubError, InvalidInputError, RateLimitedError } from '../errors.ts';
import type { RawResponse } from '../ports/index.ts';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 400,
  not_authentic: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  reauthorization_required: 409,
  too_large: 413,
  provider_rejected: 502,
  rate_limited: 429,
  configuration: 500,
  invariant: 500,
  provider_unavailable: 503,
};

const TITLE: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** RFC 9457 problem details. `code` is the stable name; `detail` is for people. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly pointer?: string;
}

/** The only place that turns an error into an HTTP status. */
export function statusOf(error: unknown): number {
  return error instanceof HubError ? STATUS[error.code] : 500;
}

/** What pages us keeps its message to itself. */
export function problem(error: unknown): RawResponse {
  const code: ErrorCode = error instanceof HubError ? error.code : 'invariant';
  const status = statusOf(error);
  const isOurs = status === 500 || !(error instanceof HubError);
  const pointer = error instanceof InvalidInputError ? error.pointer : undefined;
  const body: Problem = {
    type: 'about:blank',
    title: TITLE[status] ?? 'Error',
    status,
    code: isOurs ? 'internal' : code,
    ...(isOurs ? {} : { detail: error.message }),
    ...(pointer === undefined ? {} : { pointer }),
  };
  return { status, headers: problemHeaders(error), body: JSON.stringify(body) };
}

function problemHeaders(error: unknown): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  };
  if (error instanceof RateLimitedError) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1_000));
  }
  return headers;
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): RawResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

export function empty(status: number): RawResponse {
  return { status, headers: { 'cache-control': 'no-store' }, body: '' };
}
