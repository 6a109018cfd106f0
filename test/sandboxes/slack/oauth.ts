import { createHash, createHmac } from 'node:crypto';
import type { Journal } from './journal.ts';
import { type Json, SlackMethodError } from './methods/context.ts';
import type { SandboxCode, SandboxRefresh, SandboxToken } from './model.ts';
import type { Identity } from './workspace.ts';

/** Twelve hours: https://docs.slack.dev/authentication/using-token-rotation */
const ROTATED_LIFETIME_MS = 12 * 3_600_000;
const CODE_LIFETIME_MS = 10 * 60_000;
/** Of an app with PKCE, which is a public client by it: https://docs.slack.dev/authentication/using-pkce */
const PUBLIC_REFRESH_LIFETIME_MS = 30 * 86_400_000;

export const BOT_SCOPES = [
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'metadata.message:read',
  'mpim:history',
  'users:read',
  'users:read.email',
];

/** Codes, tokens and refresh tokens of one app in one workspace. */
export class OAuth {
  readonly clientId: string;
  readonly clientSecret: string;
  isRotating: boolean;
  readonly #isPublicClient: boolean;
  readonly #journal: Journal;
  readonly #identity: Identity;
  readonly #now: () => number;

  constructor(options: {
    clientId: string;
    clientSecret: string;
    isRotating: boolean;
    isPublicClient?: boolean;
    journal: Journal;
    identity: Identity;
    now: () => number;
  }) {
    this.clientId = options.clientId;
    this.clientSecret = options.clientSecret;
    this.isRotating = options.isRotating;
    this.#isPublicClient = options.isPublicClient ?? false;
    this.#journal = options.journal;
    this.#identity = options.identity;
    this.#now = options.now;
  }

  /** A token that never expires, as an app without rotation has; one that was revoked stays so. */
  issue(token: string, scopes: readonly string[] = BOT_SCOPES): void {
    const isRevoked = this.#tokens().get(token)?.isRevoked ?? false;
    this.#journal.put<SandboxToken>('tokens', token, { token, scopes, isRevoked });
  }

  restore(token: string): void {
    this.#journal.put<SandboxToken>('tokens', token, { token, scopes: BOT_SCOPES, isRevoked: false });
  }

  /** @throws SlackMethodError as docs.slack.dev/reference/methods/auth.test lists them */
  authenticate(token: string | undefined): SandboxToken {
    if (token === undefined) throw new SlackMethodError('not_authed');
    const known = this.#tokens().get(token);
    if (known === undefined) throw new SlackMethodError('invalid_auth');
    if (known.isRevoked) throw new SlackMethodError('token_revoked');
    if ((known.expiresAtMs ?? Number.POSITIVE_INFINITY) <= this.#now()) {
      throw new SlackMethodError('token_expired');
    }
    return known;
  }

  revoke(token?: string): void {
    for (const known of this.#tokens().values()) {
      if (token === undefined || known.token === token) {
        this.#journal.put('tokens', known.token, { ...known, isRevoked: true });
      }
    }
    if (token !== undefined) return;
    for (const refresh of this.#refreshes().values()) {
      this.#journal.put('refreshes', refresh.token, { ...refresh, isUsed: true });
    }
  }

  /** What a person who clicks "Allow" at /oauth/v2/authorize makes. */
  authorize(request: {
    clientId: string;
    redirectUri: string;
    scopes: readonly string[];
    challenge?: string;
  }): string {
    const code = this.#secret('code');
    this.#journal.put<SandboxCode>('codes', code, {
      code,
      ...request,
      expiresAtMs: this.#now() + CODE_LIFETIME_MS,
      isUsed: false,
    });
    return code;
  }

  checkClient(client: { readonly id: string; readonly secret: string }): void {
    if (client.id !== this.clientId) throw new SlackMethodError('invalid_client_id');
    if (client.secret !== this.clientSecret) throw new SlackMethodError('bad_client_secret');
  }

  exchange(request: { code: string; redirectUri: string | undefined; verifier: string | undefined }): Json {
    const code = this.#journal.table<SandboxCode>('codes').get(request.code);
    if (code === undefined || code.expiresAtMs <= this.#now()) throw new SlackMethodError('invalid_code');
    if (code.isUsed) throw new SlackMethodError('code_already_used');
    if (request.redirectUri !== undefined && request.redirectUri !== code.redirectUri) {
      throw new SlackMethodError('bad_redirect_uri');
    }
    // RFC 7636 §4.6
    const challenge = createHash('sha256')
      .update(request.verifier ?? '')
      .digest('base64url');
    if (code.challenge !== undefined && challenge !== code.challenge) {
      throw new SlackMethodError('invalid_code_verifier');
    }
    this.#journal.put('codes', code.code, { ...code, isUsed: true });
    return this.#grant(code.scopes);
  }

  /** Single use: the old pair is dead as soon as the new one is made. */
  refresh(token: string): Json {
    const refresh = this.#refreshes().get(token);
    if (refresh === undefined || refresh.isUsed) throw new SlackMethodError('invalid_refresh_token');
    if ((refresh.expiresAtMs ?? Number.POSITIVE_INFINITY) <= this.#now()) {
      throw new SlackMethodError('invalid_refresh_token');
    }
    this.#journal.put('refreshes', token, { ...refresh, isUsed: true });
    const scopes = this.#tokens().get(refresh.accessToken)?.scopes ?? BOT_SCOPES;
    return this.#grant(scopes);
  }

  #grant(scopes: readonly string[]): Json {
    const { appId, botUserId, installerId, teamId, teamName } = this.#identity;
    const accessToken = this.#secret(this.isRotating ? 'xoxe.xoxb-1' : 'xoxb');
    const expiresAtMs = this.#now() + ROTATED_LIFETIME_MS;
    this.#journal.put<SandboxToken>('tokens', accessToken, {
      token: accessToken,
      scopes,
      isRevoked: false,
      ...(this.isRotating ? { expiresAtMs } : {}),
    });
    return {
      access_token: accessToken,
      token_type: 'bot',
      scope: scopes.join(','),
      bot_user_id: botUserId,
      app_id: appId,
      team: { id: teamId, name: teamName },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: installerId },
      ...(this.isRotating
        ? { expires_in: ROTATED_LIFETIME_MS / 1_000, refresh_token: this.#refreshFor(accessToken) }
        : {}),
    };
  }

  #refreshFor(accessToken: string): string {
    const token = this.#secret('xoxe-1');
    const expires = this.#isPublicClient ? { expiresAtMs: this.#now() + PUBLIC_REFRESH_LIFETIME_MS } : {};
    this.#journal.put<SandboxRefresh>('refreshes', token, { token, accessToken, isUsed: false, ...expires });
    return token;
  }

  #secret(prefix: string): string {
    const serial = this.#tokens().size + this.#refreshes().size + this.#journal.table('codes').size;
    const digest = createHmac('sha256', this.clientSecret).update(`${prefix}:${serial}:${this.#now()}`);
    return `${prefix}-${digest.digest('hex').slice(0, 40)}`;
  }

  #tokens(): Map<string, SandboxToken> {
    return this.#journal.table<SandboxToken>('tokens');
  }

  #refreshes(): Map<string, SandboxRefresh> {
    return this.#journal.table<SandboxRefresh>('refreshes');
  }
}
