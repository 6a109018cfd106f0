import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { listenOnLoopback, readBody } from './http-server.ts';
import { agentClientId, CONSOLE_CLIENT_ID, configurationOf } from './issuer/configuration.ts';
import { keepIn } from './issuer/keeping.ts';
import { DEMO_ORGANIZATIONS, type DemoOrganization, type DemoUser, usersOf } from './issuer/people.ts';
import { signInPage } from './issuer/sign-in-page.ts';

export interface IssuerOptions {
  readonly port?: number;
  readonly dataDir: string;
  /** Where the hub answers; its console is the only page that may use this issuer. */
  readonly publicUrl: string;
  readonly audience?: string;
  readonly organizations?: readonly DemoOrganization[];
}

export interface Issuer {
  readonly url: string;
  readonly audience: string;
  readonly clients: {
    readonly console: { readonly clientId: string };
    readonly agents: readonly {
      readonly organization: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }[];
  };
  readonly users: readonly DemoUser[];
  close(): Promise<void>;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};
const MAX_FORM_BYTES = 4_096;

/** A loopback hub is reached under both names; each is an origin of its own to a browser. */
function originsOf(publicUrl: string): readonly string[] {
  const { origin, port, hostname } = new URL(publicUrl);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return [origin];
  return [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
}

async function signIn(
  provider: Provider,
  users: readonly DemoUser[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    await provider.interactionDetails(request, response);
    response.writeHead(200, PAGE_HEADERS).end(signInPage(users, request.url as string));
    return;
  }
  const form = new URLSearchParams((await readBody(request, MAX_FORM_BYTES)).toString());
  const user = users.find(({ id }) => id === form.get('user'));
  const result = user
    ? { login: { accountId: user.id } }
    : { error: 'access_denied', error_description: 'nobody was chosen' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function listenerOf(provider: Provider, users: readonly DemoUser[]): RequestListener {
  const answer = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/sign-in/')) return void answer(request, response);
    signIn(provider, users, request, response).catch(() => {
      response
        .writeHead(400, { 'content-type': 'text/plain' })
        .end('This sign-in has expired. Please start again.');
    });
  };
}

/** An OpenID provider for development, on loopback only. Deployed hubs use their owner's issuer. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const { port = 0, dataDir, publicUrl, organizations = DEMO_ORGANIZATIONS } = options;
  const audience = options.audience ?? `${publicUrl}/v1`;
  const kept = await keepIn(dataDir, organizations);
  const users = usersOf(organizations);
  let listener: RequestListener | undefined;
  const server = createServer((request, response) => listener?.(request, response));
  const url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  const consoleOrigins = originsOf(publicUrl);
  const provider = new Provider(
    url,
    configurationOf({ audience, consoleOrigins, organizations, users, kept }),
  );
  listener = listenerOf(provider, users);
  const agents = organizations.map(({ id }) => ({
    organization: id,
    clientId: agentClientId(id),
    clientSecret: kept.agentSecrets[id] as string,
  }));
  return {
    url,
    audience,
    clients: { console: { clientId: CONSOLE_CLIENT_ID }, agents },
    users,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
