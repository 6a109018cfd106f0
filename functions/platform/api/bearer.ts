import { createRemoteJWKSet, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import type { HubSettings } from '../../../shared/config/index.ts';
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
  readonly identity: HubSettings['identity'];
  /** Whose ID tokens an issuer may have signed for the same people: they are no access tokens. */
  readonly clientId?: string | undefined;
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

function invalid(message: string): BearerError {
  return new BearerError(message, { error: 'invalid_token' });
}

/** Claims OpenID Connect Core §2 and §3.1.3.6 give to ID tokens only. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * RFC 9068 §4: a token that says it is something else than an access token is refused. One that does not say
 * (`typ` absent, or the general `JWT`) is taken unless it looks like what the console's own sign-in yields.
 */
function refuseIdToken(
  { typ }: Partial<JWTHeaderParameters>,
  claims: JWTPayload,
  clientId: string | undefined,
): void {
  const kind = typ?.toLowerCase().replace(/^application\//, '');
  if (kind === 'at+jwt') return;
  if (kind !== undefined && kind !== 'jwt') throw invalid('the token is no access token');
  const audiences = [claims.aud ?? []].flat();
  const isForClient = clientId !== undefined && audiences.includes(clientId);
  if (isForClient || ID_TOKEN_CLAIMS.some((name) => name in claims)) {
    throw invalid('the token is an id token, expected an access token');
  }
}

/** RFC 9068 §2.2.3 has `scope` as text; some issuers say `scp`, as a list or as text. */
function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const granted = scope ?? scp;
  if (typeof granted === 'string') return granted.split(' ');
  if (scope !== undefined || !Array.isArray(granted)) return [];
  return granted.filter((each) => typeof each === 'string');
}

/** The client's id under the names issuers have for it: RFC 9068 §2.2, then `azp` and `cid`. */
function clientOf({ client_id: id, azp, cid }: JWTPayload): unknown {
  return id ?? azp ?? cid;
}

function callerOf(claims: JWTPayload, { organizationClaim, agentName }: HubSettings['identity']): Caller {
  const { sub, name } = claims;
  const organization = claims[organizationClaim];
  if (typeof organization !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(organization)) {
    throw invalid('the token names no organization');
  }
  if (typeof sub !== 'string' || sub === '') throw invalid('the token names no subject');
  // RFC 9068 §2.2: without a resource owner, `sub` is the client itself.
  const isAgent = sub === clientOf(claims);
  return {
    organization: organization as OrganizationId,
    actor: `${isAgent ? 'agent' : 'user'}:${sub}`,
    // Goes to customers: an id of the issuer's is none of their business.
    displayName: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 120) : agentName,
    scopes: new Set(scopesOf(claims)),
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
    const { payload, protectedHeader } = await jwtVerify(token, found, {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['iss', 'aud', 'exp', 'sub'],
      clockTolerance: 30,
      currentDate: new Date(now()),
    }).catch((cause) => {
      throw refusal(cause);
    });
    refuseIdToken(protectedHeader, payload, settings.clientId);
    return callerOf(payload, settings.identity);
  };
}
