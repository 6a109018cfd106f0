import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import {
  HubError,
  type ErrorCode as HubErrorCode,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { WriteOutcome } from '../../../shared/ports/index.ts';

type Refused = Extract<WriteOutcome, { outcome: 'refused' }>;

export interface SlackFailure {
  readonly error: HubError;
  /** Nothing was done, and why; or the request may have been carried out. */
  readonly fate: Refused['why'] | 'unknown';
  /** Slack's own code, where it answered with one. */
  readonly code?: string;
}

/** Only a person can mend these: https://docs.slack.dev/reference/methods/auth.test (Errors) */
const UNAUTHORIZED = new Set([
  'access_denied',
  'account_inactive',
  'app_missing_action_url',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
]);
/** Refused before any work: https://docs.slack.dev/reference/methods/chat.postMessage (Errors) */
const UNAVAILABLE = new Set([
  'accesslimited',
  'external_channel_migrating',
  'request_timeout',
  'team_added_to_org',
]);
/** "It's possible some aspect of the operation succeeded before the error was raised." Same page. */
const UNKNOWN = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'update_failed']);
const RATE_LIMITED = new Set(['ratelimited', 'rate_limited']);
const GONE = new Set(['message_not_found', 'thread_not_found']);

/** Causes of a request that never left: the name did not resolve, nobody listened. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Errors of our own on the way: an answer that cannot be read may stand for work that was done. */
const FATES: Readonly<Partial<Record<HubErrorCode, SlackFailure['fate']>>> = {
  rate_limited: 'throttled',
  provider_unavailable: 'unknown',
  reauthorization_required: 'unauthorized',
};

const CODE = /^[a-z][a-z0-9_]{1,63}$/;
const DEFAULT_RETRY_MS = 1_000;

/** What came of a call the official client gave up on. Slack's own words never get into a message: they may quote content. */
export function failureOf(error: unknown): SlackFailure {
  if (error instanceof HubError) return { error, fate: FATES[error.code] ?? 'rejected' };
  if (error instanceof WebAPIRateLimitedError) return throttled(error.retryAfter * 1_000);
  if (error instanceof WebAPIPlatformError) return fromAnswer(error);
  if (error instanceof WebAPIHTTPError) return fromStatus(error.statusCode);
  if (error instanceof WebAPIRequestError) return fromTransport(error.original);
  // A transfer fails as fetch does.
  if (error instanceof TypeError) return fromTransport(error);
  return { error: unavailable('slack could not be called'), fate: 'unknown' };
}

function fromAnswer(answer: WebAPIPlatformError): SlackFailure {
  const code = answer.data.error ?? '';
  if (!CODE.test(code))
    return { error: unavailable('slack gave an answer that is not its own'), fate: 'unknown' };
  if (RATE_LIMITED.has(code)) {
    return throttled((answer.data.response_metadata?.retryAfter ?? DEFAULT_RETRY_MS / 1_000) * 1_000);
  }
  if (UNAUTHORIZED.has(code)) {
    return {
      error: new ReauthorizationRequiredError(`slack refused the token: ${code}`),
      fate: 'unauthorized',
      code,
    };
  }
  if (UNKNOWN.has(code)) return { error: unavailable(`slack failed: ${code}`), fate: 'unknown', code };
  if (UNAVAILABLE.has(code))
    return { error: unavailable(`slack is busy: ${code}`), fate: 'unavailable', code };
  const error = new ProviderRejectedError(`slack refused the call: ${code}`, { vendorCode: code });
  return { error, fate: GONE.has(code) ? 'gone' : 'rejected', code };
}

/** What an address that is no method of the Web API answers, where it is no success. */
export function statusFailure(status: number, retryAfter: string | null): HubError {
  if (status === 429) return throttled((Number(retryAfter) || DEFAULT_RETRY_MS / 1_000) * 1_000).error;
  return fromStatus(status).error;
}

/** Only 200 and 429 are Slack's; all else comes from something on the way, and a 5xx may have let it pass. */
function fromStatus(status: number): SlackFailure {
  if (status >= 500) return { error: unavailable(`slack answered with status ${status}`), fate: 'unknown' };
  const error = new ProviderRejectedError(`slack answered with status ${status}, expected 200`, {
    vendorCode: `http_${status}`,
  });
  return { error, fate: 'rejected' };
}

function fromTransport(original: unknown): SlackFailure {
  const thrown = causes(original);
  const ours = thrown.find((each) => each instanceof HubError);
  if (ours !== undefined) return failureOf(ours);
  const wasSent = !thrown.some((each) => NEVER_SENT.has(String((each as { code?: unknown }).code)));
  return { error: unavailable('slack did not answer'), fate: wasSent ? 'unknown' : 'unavailable' };
}

function causes(error: unknown): readonly object[] {
  const found: object[] = [];
  for (let each = error; typeof each === 'object' && each !== null; each = (each as Error).cause)
    found.push(each);
  return found;
}

function throttled(retryAfterMs: number): SlackFailure {
  return { error: new RateLimitedError('slack asked to slow down', { retryAfterMs }), fate: 'throttled' };
}

function unavailable(message: string): ProviderUnavailableError {
  return new ProviderUnavailableError(message);
}
