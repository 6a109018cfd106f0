import { ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type { Authorization, Grant, Opening } from '../../../shared/ports/index.ts';
import { SlackClient } from './client.ts';
import { failureOf } from './errors.ts';
import { BOT_SCOPES } from './manifest.ts';
import type { SlackGrant } from './wire.ts';

/** OAuth v2 for bots: https://docs.slack.dev/authentication/installing-with-oauth */
export function authorization(
  opening: Pick<Opening, 'connection' | 'secrets' | 'fetch' | 'clock'>,
): Required<Authorization> {
  const { connection, secrets, clock } = opening;
  const access = async (request: Readonly<Record<string, string>>): Promise<Grant> => {
    const client = { client_id: secrets.clientId ?? '', client_secret: secrets.clientSecret ?? '' };
    const slack = new SlackClient(opening, undefined);
    const granted = await refusable(() => slack.access({ ...client, ...request }));
    return grantOf(granted, connection.baseUrl, clock.now());
  };
  return {
    authorizeUrl: ({ state, redirectUri, codeChallenge }) => {
      const url = new URL('/oauth/v2/authorize', connection.baseUrl);
      url.search = new URLSearchParams({
        client_id: secrets.clientId ?? '',
        scope: BOT_SCOPES.join(','),
        redirect_uri: redirectUri,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }).toString();
      return url.toString();
    },
    exchange: ({ code, redirectUri, codeVerifier }) =>
      access({ code, redirect_uri: redirectUri, code_verifier: codeVerifier }),
    // Single use: the connections module lets one holder refresh and stores the answer before anybody else asks.
    renew: async (current) => {
      if (current === undefined) throw new ReauthorizationRequiredError('slack was never authorized');
      if (current.refreshToken === undefined) return current;
      const renewed = await access({ grant_type: 'refresh_token', refresh_token: current.refreshToken });
      return { ...current, ...renewed };
    },
  };
}

/** Whatever else Slack answers to a code or a refresh token: only a person can give a new one. */
async function refusable(call: () => Promise<SlackGrant>): Promise<SlackGrant> {
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
