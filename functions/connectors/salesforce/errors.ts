import {
  ConflictError,
  HubError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { WriteOutcome } from '../../../shared/ports/index.ts';

/** A refusal in the vendor's own words: status, and the first entry of the error array. */
export interface Refusal {
  readonly status: number;
  readonly errorCode: string;
  readonly message: string;
}

/** Thrown by the transport for every answer that is no success; nothing but this folder sees it. */
export class SalesforceRefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`salesforce answered ${refusal.status} ${refusal.errorCode}`);
    this.name = 'SalesforceRefusedError';
    this.refusal = refusal;
  }
}

export type Meaning =
  | 'conflict'
  | 'gone'
  | 'rejected'
  | 'throttled'
  | 'unavailable'
  | 'unauthorized'
  /** The vendor broke off in the middle: nobody knows what became of the request. */
  | 'doubtful';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  INVALID_SESSION_ID: 'unauthorized',
  INVALID_AUTH_HEADER: 'unauthorized',
  REQUEST_LIMIT_EXCEEDED: 'throttled',
  // Of bulk jobs: their number, or the size of their results, in 24 hours.
  LIMIT_EXCEEDED: 'throttled',
  REQUEST_RUNNING_TOO_LONG: 'doubtful',
  SERVER_UNAVAILABLE: 'unavailable',
  UNABLE_TO_LOCK_ROW: 'unavailable',
  // Two creations of one key at once: the other one won, and a retry meets what it made.
  DUPLICATE_VALUE: 'unavailable',
  UNKNOWN_EXCEPTION: 'doubtful',
  PRECONDITION_FAILED: 'conflict',
};

const STATUSES: Readonly<Record<number, Meaning>> = {
  401: 'unauthorized',
  412: 'conflict',
  429: 'throttled',
  500: 'doubtful',
  502: 'doubtful',
  503: 'unavailable',
  504: 'doubtful',
};

/**
 * 401 texts that no new session mends (jsforce keeps the same list in http-api.ts): renewing on them would
 * go round for ever.
 */
const HOPELESS = [
  'This session is not valid for use with the REST API',
  'Connected app is not attached to Agent',
];

const NO_PACKAGE = 'part of the Deskbridge package is not there, or not shown to the hub’s user';
/** What a person of the org can do about a refusal, where its code alone does not say. */
const REMEDIES: Readonly<Record<string, string>> = {
  INVALID_FIELD: NO_PACKAGE,
  INVALID_TYPE: NO_PACKAGE,
  INSUFFICIENT_ACCESS_OR_READONLY: 'the hub’s user may not do this, see its permission set',
};

/** A daily limit frees itself by the hour, a limit of concurrent calls as soon as one of them ends. */
const DAILY_RETRY_MS = 60_000;
const CONCURRENT_RETRY_MS = 2_000;

export function meaningOf({ status, errorCode, message }: Refusal): Meaning {
  if (HOPELESS.some((text) => message.includes(text))) return 'rejected';
  // Only the object of the call itself answers 404; a deleted object it refers to answers 400.
  if (errorCode === 'ENTITY_IS_DELETED') return status === 404 ? 'gone' : 'rejected';
  return MEANINGS[errorCode] ?? STATUSES[status] ?? 'rejected';
}

/** The refusal as the hub's error: what the caller must do next, without the vendor's wording. */
export function errorOf(refusal: Refusal): HubError {
  const seen = `salesforce answered ${refusal.status} ${refusal.errorCode}`;
  switch (meaningOf(refusal)) {
    case 'throttled':
      return new RateLimitedError(seen, { retryAfterMs: retryAfterMs(refusal) });
    case 'unavailable':
    case 'doubtful':
      return new ProviderUnavailableError(seen);
    case 'unauthorized':
      return new ReauthorizationRequiredError(seen);
    case 'conflict':
      return new ConflictError(seen);
    default:
      return rejected(seen, refusal);
  }
}

function rejected(seen: string, { errorCode }: Refusal): ProviderRejectedError {
  const remedy = REMEDIES[errorCode];
  return new ProviderRejectedError(remedy === undefined ? seen : `${seen}: ${remedy}`, {
    vendorCode: errorCode,
  });
}

function retryAfterMs({ message }: Refusal): number {
  return /^TotalRequests|per 24 hrs/.test(message) ? DAILY_RETRY_MS : CONCURRENT_RETRY_MS;
}

/** Failures of a connection that was never made: nothing can have reached the vendor. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function hubError(failure: unknown): HubError {
  if (failure instanceof HubError) return failure;
  if (failure instanceof SalesforceRefusedError) return errorOf(failure.refusal);
  return new ProviderUnavailableError('salesforce did not answer', { cause: failure });
}

type Failed = Exclude<WriteOutcome, { outcome: 'settled' }>;

/** What became of a write that failed this way. */
export function outcomeOf(failure: unknown): Failed {
  const error = hubError(failure);
  // Raised here: before the call where it was refused a host or an id, after it where the answer made no sense.
  if (failure instanceof ProviderUnavailableError) return { outcome: 'uncertain', error };
  if (failure instanceof HubError) return { outcome: 'refused', why: 'rejected', error };
  if (failure instanceof SalesforceRefusedError) {
    const why = meaningOf(failure.refusal);
    return why === 'doubtful' ? { outcome: 'uncertain', error } : { outcome: 'refused', why, error };
  }
  return NEVER_SENT.has(codeOf(failure))
    ? { outcome: 'refused', why: 'unavailable', error }
    : { outcome: 'uncertain', error };
}

/** fetch hides the socket's code in a cause, however deep. */
function codeOf(failure: unknown): string {
  let current = failure;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current.cause;
  }
  return '';
}
