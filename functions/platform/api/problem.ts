import { ConflictError, HubError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/http/respond.ts';
import type { RawResponse } from '../../../shared/ports/index.ts';
import { BearerError, ScopeError } from './bearer.ts';

/** draft-ietf-httpapi-idempotency-key-header-07 §2.7: the same key with another request is answered 422. */
export class IdempotencyKeyReusedError extends ConflictError {}

/** What HTTP itself refuses and no `HubError` stands for. */
const REFUSALS = {
  method_not_allowed: { status: 405, title: 'Method Not Allowed' },
  unsupported_media_type: { status: 415, title: 'Unsupported Media Type' },
  idempotency_key_reused: { status: 422, title: 'Unprocessable Content' },
} as const;

export function refusal(
  code: keyof typeof REFUSALS,
  detail: string,
  headers: RawResponse['headers'] = {},
): RawResponse {
  const { status, title } = REFUSALS[code];
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, code, detail }),
  };
}

/** RFC 6750 §3. */
function challenge(error: unknown): Record<string, string> {
  const realm = 'Bearer realm="deskbridge"';
  if (error instanceof ScopeError) {
    return { 'www-authenticate': `${realm}, error="insufficient_scope", scope="${error.scope}"` };
  }
  if (!(error instanceof BearerError)) return {};
  if (error.error === undefined) return { 'www-authenticate': realm };
  return { 'www-authenticate': `${realm}, error="${error.error}", error_description="${error.message}"` };
}

/**
 * Carries nothing that differs between two requests with the same fault (no id, no time), so an object of
 * another organization cannot be told from one that never was.
 */
export function problemOf(error: unknown): RawResponse {
  const response = problem(error);
  const wait: Record<string, string> =
    error instanceof HubError && error.code === 'provider_unavailable' ? { 'retry-after': '5' } : {};
  return { ...response, headers: { ...response.headers, ...wait, ...challenge(error) } };
}
