import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  InvariantError,
  NotAuthenticError,
  NotFoundError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
  TooLargeError,
} from '../../../shared/errors.ts';
import { empty, json, problem, statusOf } from '../../../shared/http/index.ts';

describe('respond: error to status', () => {
  it.each([
    [new InvalidInputError('x'), 400],
    [new NotAuthenticError('x'), 401],
    [new ForbiddenError('x'), 403],
    [new NotFoundError('x'), 404],
    [new ConflictError('x'), 409],
    [new ReauthorizationRequiredError('x'), 409],
    [new TooLargeError('x'), 413],
    [new RateLimitedError('x', { retryAfterMs: 1 }), 429],
    [new ProviderRejectedError('x', { vendorCode: 'V' }), 502],
    [new ProviderUnavailableError('x'), 503],
    [new ConfigurationError('x'), 500],
    [new InvariantError('x'), 500],
    [new TypeError('x'), 500],
  ])('%s', (error, status) => {
    expect(statusOf(error)).toBe(status);
    expect(problem(error)).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
  });
});

describe('respond: problem details (RFC 9457)', () => {
  it('names the field that was wrong', () => {
    const { body } = problem(new InvalidInputError('status is purple', { pointer: '/status' }));

    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'invalid_input',
      detail: 'status is purple',
      pointer: '/status',
    });
  });

  it.each([[new InvariantError('canary')], [new ConfigurationError('canary')], [new Error('canary')]])(
    'keeps to itself what pages us: %s',
    (error) => {
      const { body } = problem(error);

      expect(body).not.toContain('canary');
      expect(JSON.parse(body)).toMatchObject({ code: 'internal' });
    },
  );

  it('says in seconds when to come back', () => {
    const { headers } = problem(new RateLimitedError('x', { retryAfterMs: 1_500 }));

    expect(headers['retry-after']).toBe('2');
  });
});

describe('respond: answers', () => {
  it('is never cached', () => {
    expect(json(201, { a: 1 }, { location: '/x' })).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', location: '/x' },
      body: '{"a":1}',
    });
    expect(empty(204)).toEqual({ status: 204, headers: { 'cache-control': 'no-store' }, body: '' });
  });
});
