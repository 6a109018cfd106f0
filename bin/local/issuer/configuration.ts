import { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { SCOPES } from '../../../functions/platform/api/call.ts';
import type { Kept } from './keeping.ts';
import type { DemoOrganization, DemoUser } from './people.ts';
import { sessionsInMemory } from './sessions.ts';

export const CONSOLE_CLIENT_ID = 'deskbridge-console';
const EVERYTHING = Object.keys(SCOPES).join(' ');
const HOUR_SECONDS = 3_600;
const TTL_SECONDS = {
  AccessToken: HOUR_SECONDS,
  AuthorizationCode: 60,
  ClientCredentials: HOUR_SECONDS,
  Grant: 12 * HOUR_SECONDS,
  IdToken: HOUR_SECONDS,
  Interaction: HOUR_SECONDS,
  Session: 12 * HOUR_SECONDS,
};

export interface Setting {
  readonly audience: string;
  readonly consoleOrigins: readonly string[];
  readonly organizations: readonly DemoOrganization[];
  readonly users: readonly DemoUser[];
  readonly kept: Kept;
}

export function agentClientId(organization: string): string {
  return `agent-${organization}`;
}

function clientsOf({ consoleOrigins, organizations, kept }: Setting): Configuration['clients'] {
  const redirects = consoleOrigins.map((origin) => `${origin}/console`);
  return [
    {
      client_id: CONSOLE_CLIENT_ID,
      client_name: 'Deskbridge console',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: redirects,
      post_logout_redirect_uris: redirects,
    },
    ...organizations.map(({ id }) => ({
      client_id: agentClientId(id),
      client_secret: kept.agentSecrets[id] as string,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    })),
  ];
}

/** The organization comes from who signed in, or which agent it is: nobody can ask for another one. */
function organizationClaims({ users, organizations }: Setting): Configuration['extraTokenClaims'] {
  return async (_context, token) => {
    if (token.kind === 'AccessToken') {
      const user = users.find(({ id }) => id === token.accountId);
      return user && { org: user.organization, name: user.name };
    }
    const own = organizations.find(({ id }) => agentClientId(id) === token.clientId);
    return own && { org: own.id, name: `${own.name} agent` };
  };
}

/** First-party clients: signing in is the consent. A user gets no scope beyond their own. */
function grantOf({ users, audience }: Setting) {
  return async ({ oidc }: KoaContextWithOIDC) => {
    const { client, session, provider } = oidc;
    const user = users.find(({ id }) => id === session?.accountId);
    if (client === undefined || user === undefined) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: user.id });
    grant.addOIDCScope('openid profile email');
    grant.addResourceScope(audience, user.scopes.join(' '));
    await grant.save();
    return grant;
  };
}

function signInOnly() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

const renderError: Configuration['renderError'] = (context, { error, error_description: description }) => {
  context.type = 'text/plain; charset=utf-8';
  context.body = `This sign-in cannot go on (${error}): ${description ?? 'no reason was given'}`;
};

export function configurationOf(setting: Setting): Configuration {
  const { audience, consoleOrigins, users, kept } = setting;
  return {
    adapter: sessionsInMemory(),
    clients: clientsOf(setting),
    jwks: { keys: kept.keys as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: [...kept.cookieKeys] },
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub', 'org'], profile: ['name'], email: ['email'] },
    pkce: { required: () => true },
    ttl: TTL_SECONDS,
    renderError,
    clientBasedCORS: (_context, origin) => consoleOrigins.includes(origin),
    extraTokenClaims: organizationClaims(setting),
    findAccount: async (_context, id) => {
      const user = users.find((candidate) => candidate.id === id);
      if (user === undefined) return undefined;
      const { name, email, organization: org } = user;
      return { accountId: id, claims: async () => ({ sub: id, name, email, org }) };
    },
    loadExistingGrant: grantOf(setting),
    interactions: { policy: signInOnly(), url: (_context, { uid }) => `/sign-in/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => audience,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          scope: EVERYTHING,
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
