import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { ConflictError, type HubError, InvariantError, ProviderUnavailableError } from '../../../errors.ts';
import { failure, nameOf } from '../failure.ts';

/** Someone else's write came first, or is under way: read again and decide again. */
const CONFLICTS = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ConditionalCheckFailedException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'DuplicateItem',
]);
const THROTTLES = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded']);

export function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}

export function commitFailure(error: unknown): HubError {
  if (error instanceof TransactionCanceledException) return cancelled(error);
  const name = nameOf(error);
  if (CONFLICTS.has(name))
    return new ConflictError('a condition on what was read does not hold', { cause: error });
  return readFailure(error);
}

function cancelled(error: TransactionCanceledException): HubError {
  const codes = (error.CancellationReasons ?? []).map(({ Code }: CancellationReason) => Code ?? 'None');
  if (codes.some((code) => CONFLICTS.has(code))) {
    return new ConflictError(`a condition of a transaction does not hold: ${codes.join(',')}`, {
      cause: error,
    });
  }
  if (codes.some((code) => THROTTLES.has(code))) {
    return new ProviderUnavailableError('the store is throttling', { cause: error });
  }
  return new InvariantError(`a transaction was refused: ${codes.join(',')}`, { cause: error });
}

export function readFailure(error: unknown): HubError {
  if (nameOf(error) === 'ValidationException') {
    return new InvariantError('the store refused a request as malformed', { cause: error });
  }
  return failure('the store', error);
}
