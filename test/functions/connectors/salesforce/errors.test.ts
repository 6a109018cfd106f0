import { describe, expect, it } from 'vitest';
import {
  errorOf,
  hubError,
  meaningOf,
  outcomeOf,
  SalesforceRefusedError,
} from '../../../../functions/connectors/salesforce/errors.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';

const refusal = (status: number, errorCode: string, message = '') => ({ status, errorCode, message });

describe('Salesforce failures: what must happen next', () => {
  it.each([
    [401, 'INVALID_SESSION_ID', 'unauthorized', 'reauthorization_required'],
    [401, 'INVALID_AUTH_HEADER', 'unauthorized', 'reauthorization_required'],
    [401, 'HTTP_401', 'unauthorized', 'reauthorization_required'],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'throttled', 'rate_limited'],
    [429, 'HTTP_429', 'throttled', 'rate_limited'],
    [503, 'SERVER_UNAVAILABLE', 'unavailable', 'provider_unavailable'],
    [503, 'HTTP_503', 'unavailable', 'provider_unavailable'],
    [400, 'UNABLE_TO_LOCK_ROW', 'unavailable', 'provider_unavailable'],
    [400, 'DUPLICATE_VALUE', 'unavailable', 'provider_unavailable'],
    [500, 'UNKNOWN_EXCEPTION', 'doubtful', 'provider_unavailable'],
    [502, 'HTTP_502', 'doubtful', 'provider_unavailable'],
    [504, 'HTTP_504', 'doubtful', 'provider_unavailable'],
    [400, 'REQUEST_RUNNING_TOO_LONG', 'doubtful', 'provider_unavailable'],
    [412, 'PRECONDITION_FAILED', 'conflict', 'conflict'],
    [412, 'HTTP_412', 'conflict', 'conflict'],
    [404, 'ENTITY_IS_DELETED', 'gone', 'provider_rejected'],
    [400, 'ENTITY_IS_DELETED', 'rejected', 'provider_rejected'],
    [404, 'NOT_FOUND', 'rejected', 'provider_rejected'],
    [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'rejected', 'provider_rejected'],
    [400, 'STRING_TOO_LONG', 'rejected', 'provider_rejected'],
    [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'rejected', 'provider_rejected'],
    [410, 'GONE', 'rejected', 'provider_rejected'],
    [300, 'MULTIPLE_CHOICES', 'rejected', 'provider_rejected'],
  ])('takes %i %s for %s', (status, errorCode, meaning, code) => {
    expect(meaningOf(refusal(status, errorCode))).toBe(meaning);
    expect(errorOf(refusal(status, errorCode)).code).toBe(code);
  });

  it('does not renew a session that no renewal mends', () => {
    const hopeless = refusal(
      401,
      'INVALID_SESSION_ID',
      'This session is not valid for use with the REST API',
    );

    expect(meaningOf(hopeless)).toBe('rejected');
  });

  it('stays away longer from a daily limit than from one of concurrent calls', () => {
    const daily = errorOf(refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    const concurrent = errorOf(refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.'));

    expect(daily).toMatchObject({ retryAfterMs: 60_000 });
    expect(concurrent).toMatchObject({ retryAfterMs: 2_000 });
  });

  it('keeps the vendor’s wording, which quotes values, out of the error', () => {
    const error = errorOf(refusal(400, 'STRING_TOO_LONG', 'Subject: data value too large: my secret'));

    expect(error.message).toBe('salesforce answered 400 STRING_TOO_LONG');
    expect(error).toMatchObject({ vendorCode: 'STRING_TOO_LONG' });
  });
});

describe('Salesforce failures: what became of a write', () => {
  const socket = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'refused'],
    ['ECONNRESET', 'uncertain'],
    ['ETIMEDOUT', 'uncertain'],
  ])('takes a socket’s %s for %s', (code, outcome) => {
    expect(outcomeOf(socket(code))).toMatchObject({ outcome, error: { code: 'provider_unavailable' } });
  });

  it('is uncertain of what broke off, and sure of what was refused', () => {
    const failed = (status: number, code: string) =>
      outcomeOf(new SalesforceRefusedError(refusal(status, code)));

    expect(failed(504, 'HTTP_504')).toMatchObject({ outcome: 'uncertain' });
    expect(failed(503, 'SERVER_UNAVAILABLE')).toMatchObject({ outcome: 'refused', why: 'unavailable' });
    expect(failed(404, 'ENTITY_IS_DELETED')).toMatchObject({ outcome: 'refused', why: 'gone' });
    expect(outcomeOf('no error at all')).toMatchObject({ outcome: 'uncertain' });
  });

  it('passes the hub’s own refusal on: nothing was sent', () => {
    const own = new InvalidInputError('a call out was refused');

    expect(outcomeOf(own)).toEqual({ outcome: 'refused', why: 'rejected', error: own });
    expect(hubError(own)).toBe(own);
  });
});
