import { ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type { Authorization, Grant, Opening } from '../../../shared/ports/index.ts';
import { SlackClient } from './client.ts';
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
  if ((secrets.botToken ?? '') !== '') return { renew: () => confirm(given, secrets.botToken!) };
  return {
    authorizeUrl: (request) => authorizeUrl(given, request),
    exchange: ({ code, redirectUri, codeVerifier }) =>
      access(given, {
        code,
        redirect_uri: redirectUri,
        ...(usesPkce(given) ? { code_verifier: codeVerifier } : {}),
      }),
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
    client_id: given.secrets.clientId ?? '',
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
  const { connection, secrets, clock } = given;
  const client = { client_id: secrets.clientId ?? '', client_secret: secrets.clientSecret ?? '' };
  const slack = new SlackClient(given, undefined);
  const granted = await refusable(() => slack.access({ ...client, ...request }));
  return grantOf(granted, connection.baseUrl, clock.now());
}

/** A token that does not expire is good as long as Slack itself says so; asked for anew, it is asked. */
async function confirm(given: Given, accessToken: string): Promise<Grant> {
  const { teamId, userId } = await refusable(() => new SlackClient(given, accessToken).identity());
  return { accessToken, instanceUrl: given.connection.baseUrl, hubUserId: userId, account: teamId };
}

/** Whatever else Slack answers to a code or a refresh token: only a person can give a new one. */
async function refusable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    const { error, code } = failureOf(thrown);
    if (error.code !== 'provider_rejected') throw error;
    throw new ReauthorizationRequiredError(`slack refused the authorization: ${code ?? error.message}`);
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
