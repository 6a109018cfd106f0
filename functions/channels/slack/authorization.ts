import {
  ConfigurationError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { Authorization, Grant, Opening } from '../../../shared/ports/index.ts';
import { lackOf } from './authorization/scopes.ts';
import { reading, SlackClient } from './client.ts';
import { failureOf } from './errors.ts';
import { BOT_SCOPES } from './manifest.ts';
import type { SlackGrant } from './wire.ts';

type Given = Pick<Opening, 'connection' | 'secrets' | 'fetch' | 'clock'>;

/**
 * By a bot token where the connection's secret holds one, else by OAuth v2 for bots.
 * https://docs.slack.dev/authentication/installing-with-oauth
 */
export function authorization(given: Given): Authorization {
  const { secrets } = given;
  const revoke = ({ accessToken }: Grant) => reading(() => new SlackClient(given, accessToken).revoke());
  if ((secrets.botToken ?? '') !== '') {
    const renew = async (current: Grant | undefined) => {
      const grant = await confirm(given, secrets.botToken!);
      return current === undefined ? sufficient(given, grant) : grant;
    };
    return { renew, revoke };
  }
  return {
    revoke,
    authorizeUrl: (request) => authorizeUrl(given, request),
    exchange: async ({ code, redirectUri, codeVerifier }) => {
      const verifier = usesPkce(given) ? { code_verifier: codeVerifier } : {};
      return sufficient(given, await access(given, { code, redirect_uri: redirectUri, ...verifier }));
    },
    renew: async (current) => {
      if (current === undefined) throw new ReauthorizationRequiredError('slack was never authorized');
      if (current.refreshToken === undefined) return confirm(given, current.accessToken);
      // Single use: the caller lets one holder refresh and stores the answer before anybody else asks.
      return access(given, { grant_type: 'refresh_token', refresh_token: current.refreshToken });
    },
  };
}

function authorizeUrl(
  given: Given,
  request: { state: string; redirectUri: string; codeChallenge: string },
): string {
  const url = new URL('/oauth/v2/authorize', given.connection.baseUrl);
  url.search = new URLSearchParams({
    client_id: clientOf(given).client_id,
    scope: BOT_SCOPES.join(','),
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(usesPkce(given) ? { code_challenge: request.codeChallenge, code_challenge_method: 'S256' } : {}),
  }).toString();
  return url.toString();
}

/** Slack takes PKCE only of apps that switched it on: https://docs.slack.dev/authentication/using-pkce */
function usesPkce({ connection }: Given): boolean {
  return connection.settings.pkce !== false;
}

async function access(given: Given, request: Readonly<Record<string, string>>): Promise<Grant> {
  const { connection, clock } = given;
  const client = clientOf(given);
  const slack = new SlackClient(given, undefined);
  const granted = await refusable(() => slack.access({ ...client, ...request }));
  return grantOf(granted, connection.baseUrl, clock.now());
}

/** @throws ConfigurationError naming what the connection's secret lacks */
function clientOf({ secrets }: Given): { client_id: string; client_secret: string } {
  const { clientId = '', clientSecret = '' } = secrets;
  const missing = Object.entries({ clientId, clientSecret }).flatMap(([name, value]) =>
    value === '' ? [name] : [],
  );
  if (missing.length === 0) return { client_id: clientId, client_secret: clientSecret };
  throw new ConfigurationError(
    `the connection’s secret lacks ${missing.join(' and ')}, expected the app’s own, or a botToken`,
  );
}

/** Nothing begins with less than is needed: a connection that half works loses what nobody misses. */
function sufficient({ connection }: Given, grant: Grant): Grant {
  const lack = lackOf(grant.scopes, connection);
  if (lack !== undefined) throw lack;
  return grant;
}

/** A token that does not expire is good as long as Slack itself says so; asked for anew, it is asked. */
async function confirm(given: Given, accessToken: string): Promise<Grant> {
  const { teamId, userId, scopes } = await refusable(() => new SlackClient(given, accessToken).identity());
  return {
    accessToken,
    instanceUrl: given.connection.baseUrl,
    hubUserId: userId,
    account: teamId,
    ...(scopes === undefined ? {} : { scopes }),
  };
}

/** Whatever else Slack itself answers to a code or a refresh token: only a person can give a new one. */
async function refusable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    const { error, code } = failureOf(thrown);
    if (error.code !== 'provider_rejected') throw error;
    // A page of something on the way, not Slack's word: it must not cost a person's sign-in.
    if (code === undefined) throw new ProviderUnavailableError(error.message, { cause: error });
    throw new ReauthorizationRequiredError(`slack refused the authorization: ${code}`);
  }
}

function grantOf(granted: SlackGrant, instanceUrl: string, nowMs: number): Grant {
  const { access_token, expires_in, refresh_token, bot_user_id, team, scope } = granted;
  return {
    accessToken: access_token,
    instanceUrl,
    ...(expires_in === undefined ? {} : { expiresAtMs: nowMs + expires_in * 1_000 }),
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(bot_user_id === undefined ? {} : { hubUserId: bot_user_id }),
    ...(team === undefined || team === null ? {} : { account: team.id }),
    ...(scope === undefined ? {} : { scopes: scope.split(',') }),
  };
}
