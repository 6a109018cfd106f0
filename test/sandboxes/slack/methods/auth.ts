import { type Json, type Method, type MethodContext, SlackMethodError, text } from './context.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
function test({ workspace }: MethodContext): Json {
  const { teamId, teamName, botUserId, botId, botName } = workspace.identity;
  return {
    url: 'https://sandbox.slack.com/',
    team: teamName,
    user: botName,
    team_id: teamId,
    user_id: botUserId,
    bot_id: botId,
    is_enterprise_install: false,
  };
}

/** https://docs.slack.dev/reference/methods/auth.revoke */
function revoke({ oauth, token }: MethodContext): Json {
  oauth.revoke(token!.token);
  return { revoked: true };
}

/** https://docs.slack.dev/reference/methods/oauth.v2.access */
function access({ oauth, args, basic }: MethodContext): Json {
  const client = {
    id: basic?.id ?? text(args, 'client_id') ?? '',
    secret: basic?.secret ?? text(args, 'client_secret') ?? '',
  };
  oauth.checkClient(client);
  const grantType = text(args, 'grant_type') ?? 'authorization_code';
  if (grantType === 'refresh_token') return oauth.refresh(text(args, 'refresh_token') ?? '');
  if (grantType !== 'authorization_code') throw new SlackMethodError('invalid_grant_type');
  return oauth.exchange({
    code: text(args, 'code') ?? '',
    redirectUri: text(args, 'redirect_uri'),
    verifier: text(args, 'code_verifier'),
  });
}

export const authMethods: Readonly<Record<string, Method>> = {
  'api.test': { scopes: [], needsToken: false, run: ({ args }) => ({ args }) },
  'auth.test': { scopes: [], needsToken: true, run: test },
  'auth.revoke': { scopes: [], needsToken: true, run: revoke },
  'oauth.v2.access': { scopes: [], needsToken: false, run: access },
};
