import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { OrganizationId } from '../../../shared/domain/index.ts';
import {
  ConfigurationError,
  ForbiddenError,
  NotAuthenticError,
  ProviderUnavailableError,
} from '../../../shared/errors.ts';
import type { Caller, Scope } from './call.ts';
import type { VerifyToken } from './deps.ts';

/** RFC 6750 §3: `error` is left out when the request carried no token at all. */
export class BearerError extends NotAuthenticError {
  readonly error: 'invalid_token' | undefined;

  constructor(message: string, details: { readonly error?: 'invalid_token'; readonly cause?: unknown } = {}) {
    super(message, details);
    this.error = details.error;
  }
}

export class ScopeError extends ForbiddenError {
  readonly scope: Scope;

  constructor(scope: Scope) {
    super(`this needs the scope ${scope}`);
    this.scope = scope;
  }
}

/** RFC 6750 §2.1. The only place a token is read from: never the query, never the body. */
export function bearerToken(header: string | undefined): string {
  const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new BearerError('a bearer token is required');
  return token;
}

interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly fetch?: typeof fetch;
}

/** Keys are found once by discovery and then kept by jose, which fetches them again for an unknown `kid`. */
async function discoverKeys({ issuer, fetch: get = fetch }: IssuerSettings) {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await get(address, { redirect: 'error', signal: AbortSignal.timeout(5_000) }).catch(
    (cause) => {
      throw new ProviderUnavailableError('the token issuer does not answer', { cause });
    },
  );
  if (!response.ok)
    throw new ProviderUnavailableError(`the token issuer answers ${response.status} to discovery`);
  const metadata = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (metadata.issuer !== issuer || typeof metadata.jwks_uri !== 'string') {
    throw new ConfigurationError('API_ISSUER: the metadata found there names another issuer or no keys');
  }
  return createRemoteJWKSet(new URL(metadata.jwks_uri));
}

function refusal(cause: unknown): Error {
  // jose reports an unexpected answer of the key address under its generic code.
  const isAboutToken = cause instanceof errors.JOSEError && cause.code !== 'ERR_JOSE_GENERIC';
  if (!isAboutToken || cause instanceof errors.JWKSTimeout) {
    return new ProviderUnavailableError('the keys of the token issuer cannot be had', { cause });
  }
  const message =
    cause instanceof errors.JWTExpired ? 'the token has expired' : 'the token is not valid here';
  return new BearerError(message, { error: 'invalid_token', cause });
}

function callerOf(claims: JWTPayload): Caller {
  const { org, sub, client_id: clientId, name, scope } = claims;
  if (typeof org !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(org)) {
    throw new BearerError('the token names no organization', { error: 'invalid_token' });
  }
  if (typeof sub !== 'string' || sub === '') {
    throw new BearerError('the token names no subject', { error: 'invalid_token' });
  }
  // RFC 9068 §2.2: without a resource owner, `sub` is the client itself.
  const isAgent = sub === clientId;
  return {
    organization: org as OrganizationId,
    actor: `${isAgent ? 'agent' : 'user'}:${sub}`,
    displayName: typeof name === 'string' && name !== '' ? name : sub,
    scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []),
  };
}

/** RFC 9068 §4, for JWTs of one configured issuer and audience; RS256 and ES256, nothing else. */
export function verifier(settings: IssuerSettings, now: () => number): VerifyToken {
  let keys: ReturnType<typeof discoverKeys> | undefined;
  return async (token) => {
    keys ??= discoverKeys(settings);
    const found = await keys.catch((error) => {
      keys = undefined;
      throw error;
    });
    const { payload } = await jwtVerify(token, found, {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['iss', 'aud', 'exp', 'sub'],
      clockTolerance: 30,
      currentDate: new Date(now()),
    }).catch((cause) => {
      throw refusal(cause);
    });
    return callerOf(payload);
  };
}
