import { ConfigurationError, type HubError, ProviderUnavailableError } from '../../errors.ts';

/** Faults of our own making: no retry mends them, somebody has to look. */
const OURS = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'ResourceNotFoundException',
  'ValidationException',
  'InvalidParameterException',
  'UnrecognizedClientException',
  'QueueDoesNotExist',
  'NoSuchBucket',
  'NotFoundException',
]);

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** What an AWS service did not do, told by what the caller must do next. */
export function failure(service: string, error: unknown): HubError {
  const name = nameOf(error);
  if (OURS.has(name)) return new ConfigurationError(`${service} refused: ${name}`, { cause: error });
  return new ProviderUnavailableError(`${service} did not answer: ${name}`, { cause: error });
}
