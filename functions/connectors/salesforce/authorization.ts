import { importPKCS8, SignJWT } from 'jose';
import {
  ConfigurationError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { Authorization, Grant, Opening } from '../../../shared/ports/index.ts';
import { asked, type Client, tokenEndpoint } from './authorization/token-endpoint.ts';
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
    async renew() {
      const form = { grant_type: JWT_BEARER, assertion: await assertion(opening) };
      return await granted(undefined, () => endpoint(opening).requestToken(form));
    },
    revoke: ({ accessToken }) => asked(() => endpoint(opening).revokeToken(accessToken)),
  };
}

function byPerson(opening: Opening): Authorization {
  return {
    authorizeUrl: ({ state, redirectUri, codeChallenge }) =>
      endpoint(opening, { clientId: secret(opening, 'consumerKey'), redirectUri }).getAuthorizationUrl({
        scope: SCOPE,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }),

    async exchange({ code, redirectUri, codeVerifier }) {
      const tokens = endpoint(opening, { ...client(opening), redirectUri });
      return await granted(undefined, () => tokens.requestToken(code, { code_verifier: codeVerifier }));
    },

    async renew(current) {
      const refreshToken = current?.refreshToken;
      if (refreshToken === undefined) {
        throw new ReauthorizationRequiredError('saw no refresh token, expected one: a person has to sign in');
      }
      const tokens = endpoint(opening, client(opening));
      return await granted(current, () => tokens.refreshToken(refreshToken));
    },

    /** A refresh token takes the access tokens made by it along. */
    revoke: ({ accessToken, refreshToken }) =>
      asked(() => endpoint(opening).revokeToken(refreshToken ?? accessToken)),
  };
}

const endpoint = (opening: Opening, client: Client = {}) =>
  tokenEndpoint(opening, new URL(loginUrl(opening)).origin, client);

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

function client(opening: Opening): Client {
  return {
    clientId: secret(opening, 'consumerKey'),
    ...(hasSecret(opening, 'clientSecret') ? { clientSecret: secret(opening, 'clientSecret') } : {}),
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

async function granted(current: Grant | undefined, ask: () => Promise<unknown>): Promise<Grant> {
  const token = salesforceWire.tokenAnswer.safeParse(await asked(ask));
  if (token.success) return grantOf(token.data, current);
  throw new ProviderUnavailableError('the token endpoint answered in a shape it does not publish');
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
