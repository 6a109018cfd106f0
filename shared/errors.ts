/** What the caller must do next; the only thing failures are divided by. */
export type Reaction = 'reject' | 'retry' | 'park' | 'page';
export type Fault = 'organization' | 'vendor' | 'hub';

export type ErrorCode =
  | 'invalid_input'
  | 'not_authentic'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'provider_unavailable'
  | 'reauthorization_required'
  | 'provider_rejected'
  | 'configuration'
  | 'invariant';

interface Details {
  readonly cause?: unknown;
}

export abstract class HubError extends Error {
  abstract readonly code: ErrorCode;
  abstract readonly reaction: Reaction;
  abstract readonly fault: Fault;

  constructor(message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }

  /** The name of a class does not survive bundling. */
  override get name(): string {
    return this.code;
  }
}

export class InvalidInputError extends HubError {
  readonly code = 'invalid_input';
  readonly reaction = 'reject';
  readonly fault = 'organization';
  /** RFC 6901 pointer to the first wrong value, where one is known. */
  readonly pointer: string | undefined;

  constructor(message: string, details: Details & { readonly pointer?: string } = {}) {
    super(message, details);
    this.pointer = details.pointer;
  }
}

export class NotAuthenticError extends HubError {
  readonly code = 'not_authentic';
  readonly reaction = 'reject';
  readonly fault = 'organization';
}

export class ForbiddenError extends HubError {
  readonly code = 'forbidden';
  readonly reaction = 'reject';
  readonly fault = 'organization';
}

export class NotFoundError extends HubError {
  readonly code = 'not_found';
  readonly reaction = 'reject';
  readonly fault = 'organization';
}

/** A condition on stored state did not hold; read again and decide again. */
export class ConflictError extends HubError {
  readonly code = 'conflict';
  readonly reaction = 'reject';
  readonly fault = 'hub';
}

export class TooLargeError extends HubError {
  readonly code = 'too_large';
  readonly reaction = 'reject';
  readonly fault = 'organization';
}

export class RateLimitedError extends HubError {
  readonly code = 'rate_limited';
  readonly reaction = 'retry';
  readonly fault = 'vendor';
  /** How long the vendor asked us to stay away. */
  readonly retryAfterMs: number;

  constructor(message: string, details: Details & { readonly retryAfterMs: number }) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

export class ProviderUnavailableError extends HubError {
  readonly code = 'provider_unavailable';
  readonly reaction = 'retry';
  readonly fault = 'vendor';
}

/** The grant is dead: only a person of the organization can give a new one. */
export class ReauthorizationRequiredError extends HubError {
  readonly code = 'reauthorization_required';
  readonly reaction = 'park';
  readonly fault = 'organization';
}

export class ProviderRejectedError extends HubError {
  readonly code = 'provider_rejected';
  readonly reaction = 'park';
  readonly fault: Fault;
  /** The vendor's own error code, for the person who will look at the parked work. */
  readonly vendorCode: string;

  /** Mostly the organization can mend what its vendor refuses; where only the vendor can, `fault` says so. */
  constructor(message: string, details: Details & { readonly vendorCode: string; readonly fault?: Fault }) {
    super(message, details);
    this.vendorCode = details.vendorCode;
    this.fault = details.fault ?? 'organization';
  }
}

/** What a vendor lists leads nowhere new: the same page again and again, or pages of nothing. */
export class EndlessListingError extends ProviderRejectedError {
  constructor(what: string) {
    super(`${what} goes on without end, and brings nothing new`, {
      vendorCode: 'repeating_results',
      fault: 'vendor',
    });
  }
}

export class ConfigurationError extends HubError {
  readonly code = 'configuration';
  readonly reaction = 'page';
  readonly fault = 'hub';
}

export class InvariantError extends HubError {
  readonly code = 'invariant';
  readonly reaction = 'page';
  readonly fault = 'hub';
}
