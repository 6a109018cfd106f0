/** Signing in: authorization code flow with PKCE (RFC 7636), at the issuer the hub is configured with. */
export interface Config {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
}

export interface Session {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly scopes: readonly string[];
  readonly name: string;
  readonly organization: string;
}

/** What a page has that a test can hand in instead. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly location: { readonly origin: string; readonly search: string };
  readonly now: () => number;
}

interface Metadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

interface Attempt {
  readonly state: string;
  readonly verifier: string;
  /** Where the person was before signing in. */
  readonly hash: string;
}

const SCOPE = 'openid profile tickets:read tickets:write connections:read connections:write operations:write';
const SESSION = 'deskbridge.session';
const ATTEMPT = 'deskbridge.attempt';

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function redirectUri({ location }: Surroundings): string {
  return `${location.origin}/console`;
}

async function readJson<Body>(around: Surroundings, address: string, init?: RequestInit): Promise<Body> {
  const response = await around.fetch(address, init);
  const body = await response.json();
  if (response.ok) return body as Body;
  throw new Error(body.error_description ?? body.error ?? `the issuer answers ${response.status}`);
}

async function discover(around: Surroundings, { issuer }: Config): Promise<Metadata> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const metadata = await readJson<Metadata>(around, address);
  if (metadata.issuer !== issuer) throw new Error('the issuer calls itself by another name');
  return metadata;
}

export function readConfig(around: Surroundings): Promise<Config> {
  return readJson(around, '/console/config.json');
}

/** The address to send the person to. `prompt` makes the issuer ask again who they are. */
export async function beginSignIn(
  around: Surroundings,
  config: Config,
  { hash, prompt }: { readonly hash: string; readonly prompt?: 'login' },
): Promise<string> {
  const { authorization_endpoint } = await discover(around, config);
  const attempt: Attempt = { state: randomText(), verifier: randomText(), hash };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(attempt.verifier));
  around.storage.setItem(ATTEMPT, JSON.stringify(attempt));
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: redirectUri(around),
    scope: SCOPE,
    resource: config.audience,
    state: attempt.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...(prompt === undefined ? {} : { prompt }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Only for showing: what the token is worth, the API decides. */
function claimsOf(token: string): { readonly name?: string; readonly org?: string; readonly sub?: string } {
  const part = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in?: number;
  readonly scope?: string;
}

function sessionOf(answer: TokenAnswer, nowMs: number): Session {
  const { name, org, sub } = claimsOf(answer.access_token);
  return {
    token: answer.access_token,
    expiresAtMs: nowMs + (answer.expires_in ?? 3_600) * 1_000,
    // RFC 6749 §5.1: left out when it is what was asked for.
    scopes: (answer.scope ?? SCOPE).split(' '),
    name: name ?? sub ?? '',
    organization: org ?? '',
  };
}

export interface Return {
  readonly session: Session;
  readonly hash: string;
}

/** Undefined when the address carries no answer of an issuer. @throws Error when it carries a wrong one */
export async function finishSignIn(around: Surroundings, config: Config): Promise<Return | undefined> {
  const answer = new URLSearchParams(around.location.search);
  if (!answer.has('code') && !answer.has('error')) return undefined;
  const attempt = JSON.parse(around.storage.getItem(ATTEMPT) ?? 'null') as Attempt | null;
  around.storage.removeItem(ATTEMPT);
  if (attempt === null || answer.get('state') !== attempt.state) {
    throw new Error('this answer belongs to no sign-in of this tab');
  }
  // RFC 9207: an answer of another issuer is not ours to redeem.
  if (answer.has('iss') && answer.get('iss') !== config.issuer) throw new Error('another issuer answered');
  const code = answer.get('code');
  if (code === null) throw new Error(answer.get('error_description') ?? answer.get('error') ?? 'refused');
  const { token_endpoint } = await discover(around, config);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: config.clientId,
    redirect_uri: redirectUri(around),
    resource: config.audience,
    code,
    code_verifier: attempt.verifier,
  });
  const tokens = await readJson<TokenAnswer>(around, token_endpoint, { method: 'POST', body });
  return { session: sessionOf(tokens, around.now()), hash: attempt.hash };
}

/** This tab only: another tab signs in by itself, and closing this one forgets the token. */
export function keepSession({ storage }: Surroundings, session: Session | undefined): void {
  if (session === undefined) storage.removeItem(SESSION);
  else storage.setItem(SESSION, JSON.stringify(session));
}

export function keptSession({ storage, now }: Surroundings): Session | undefined {
  const session = JSON.parse(storage.getItem(SESSION) ?? 'null') as Session | null;
  return session !== null && session.expiresAtMs > now() ? session : undefined;
}
