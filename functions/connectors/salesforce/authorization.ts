import { importPKCS8, SignJWT } from 'jose';
import {
  ConfigurationError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { Authorization, Grant, Opening } from '../../../shared/ports/index.ts';
import { canonicalId } from './ids.ts';
import { type SalesforceToken, salesforceWire } from './wire.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The vendor takes up to five minutes; a shorter life forgives less of a clock that is off. */
const ASSERTION_LIFE_SECONDS = 180;
const SCOPE = 'api refresh_token';

/**
 * JWT bearer where the connection has a key, and then no person is needed; else the web-server flow with PKCE:
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm,
 * …?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export function authorization(opening: Opening): Authorization {
  return hasSecret(opening, 'privateKey') ? byKey(opening) : byPerson(opening);
}

function byKey(opening: Opening): Authorization {
  return {
    renew: async () =>
      await granted(opening, undefined, { grant_type: JWT_BEARER, assertion: await assertion(opening) }),
  };
}

function byPerson(opening: Opening): Authorization {
  return {
    authorizeUrl({ state, redirectUri, codeChallenge }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: secret(opening, 'consumerKey'),
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${endpoint(opening, 'authorize')}?${query}`;
    },

    exchange: ({ code, redirectUri, codeVerifier }) =>
      granted(opening, undefined, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
        ...client(opening),
      }),

    async renew(current) {
      if (current?.refreshToken === undefined) {
        throw new ReauthorizationRequiredError('saw no refresh token, expected one: a person has to sign in');
      }
      const form = { grant_type: 'refresh_token', refresh_token: current.refreshToken, ...client(opening) };
      return await granted(opening, current, form);
    },
  };
}

const endpoint = (opening: Opening, name: string): string =>
  new URL(`/services/oauth2/${name}`, loginUrl(opening)).href;

const loginUrl = ({ connection }: Opening): string =>
  String(connection.settings.loginUrl ?? connection.baseUrl);

function secret({ secrets, connection }: Opening, name: string): string {
  const value = secrets[name];
  if (value === undefined || value === '') {
    throw new ConfigurationError(`connection ${connection.id} has no secret ${name}`);
  }
  return value;
}

const hasSecret = ({ secrets }: Opening, name: string): boolean => (secrets[name] ?? '') !== '';

function client(opening: Opening): Record<string, string> {
  return {
    client_id: secret(opening, 'consumerKey'),
    ...(hasSecret(opening, 'clientSecret') ? { client_secret: secret(opening, 'clientSecret') } : {}),
  };
}

/** An org's own address is no audience: production and sandboxes each have one of their own. */
export function audienceOf(login: string, setting: unknown): string {
  if (typeof setting === 'string' && setting !== '') return setting;
  const { origin, hostname } = new URL(login);
  if (!hostname.endsWith('.my.salesforce.com')) return origin;
  const isSandbox = hostname.includes('--') || hostname.endsWith('.sandbox.my.salesforce.com');
  return isSandbox ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}

async function assertion(opening: Opening): Promise<string> {
  const key = await importPKCS8(secret(opening, 'privateKey'), 'RS256').catch((cause) => {
    throw new ConfigurationError(`connection ${opening.connection.id}: the private key is no PKCS #8`, {
      cause,
    });
  });
  return await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(secret(opening, 'consumerKey'))
    .setSubject(secret(opening, 'username'))
    .setAudience(audienceOf(loginUrl(opening), opening.connection.settings.audience))
    .setExpirationTime(Math.floor(opening.clock.now() / 1_000) + ASSERTION_LIFE_SECONDS)
    .sign(key);
}

async function granted(
  opening: Opening,
  current: Grant | undefined,
  form: Record<string, string>,
): Promise<Grant> {
  const { status, answer } = await post(opening, form);
  const token = salesforceWire.tokenAnswer.safeParse(answer);
  if (status === 200 && token.success) return grantOf(token.data, current);
  const refusal = salesforceWire.tokenRefusal.safeParse(answer);
  const { error, error_description: why = '' } = refusal.success ? refusal.data : { error: `HTTP_${status}` };
  if (status === 429 || status >= 500 || isPassing(error, why))
    throw new ProviderUnavailableError(`the token endpoint answered ${status}`);
  throw new ReauthorizationRequiredError(`salesforce refused the grant: ${error}`);
}

async function post(opening: Opening, form: Record<string, string>) {
  const { status, text } = await answerOf(opening, form);
  return { status, answer: parsed(text) };
}

async function answerOf(opening: Opening, form: Record<string, string>) {
  try {
    const response = await opening.fetch(endpoint(opening, 'token'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new ProviderUnavailableError('the token endpoint did not answer', { cause });
  }
}

/** Without the parser's own words, which quote what they stumbled over: a token may stand there. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The vendor's own refusals, which only a person can mend. Whatever else is answered, a firewall's page as well as an
 * endpoint in trouble, passes by itself and must cost nobody a sign-in.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
 */
const REFUSALS = new Set([
  'access_denied',
  'inactive_org',
  'inactive_user',
  'invalid_app_access',
  'invalid_client',
  'invalid_client_credentials',
  'invalid_client_id',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'redirect_uri_mismatch',
  'redirect_uri_missing',
  'unauthorized_client',
  'unsupported_grant_type',
]);

function isPassing(error: string, why: string): boolean {
  return !REFUSALS.has(error) || why.includes('rate exceeded') || why.includes('retry your request');
}

/** The identity address ends in `/id/<org>/<user>`; nobody says how long the session lives. */
function grantOf(token: SalesforceToken, current: Grant | undefined): Grant {
  const [user, account] = token.id.split('/').reverse();
  const hubUserId = canonicalId(user);
  const org = canonicalId(account);
  const refreshToken = token.refresh_token ?? current?.refreshToken;
  return {
    accessToken: token.access_token,
    instanceUrl: token.instance_url,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(hubUserId === undefined ? {} : { hubUserId }),
    ...(org === undefined ? {} : { account: org }),
    ...(token.scope === undefined ? {} : { scopes: token.scope.split(' ') }),
  };
}
