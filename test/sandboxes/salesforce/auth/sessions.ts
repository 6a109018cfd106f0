import { createHash, createHmac, randomBytes } from 'node:crypto';

export interface Session {
  readonly token: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}
interface Code {
  readonly userId: string;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly expiresAtMs: number;
}

const CODE_LIFETIME_MS = 15 * 60_000;

/** Live sessions, refresh tokens and authorization codes; all opaque, none guessable. */
export class Sessions {
  lifetimeMs: number;
  readonly #clock: { now(): number };
  readonly #sessions = new Map<string, Session>();
  readonly #refreshTokens = new Map<string, string>();
  readonly #codes = new Map<string, Code>();

  constructor(clock: { now(): number }, lifetimeMs: number) {
    this.#clock = clock;
    this.lifetimeMs = lifetimeMs;
  }

  /** A repeated JWT grant was measured to answer with the session that is still alive. */
  reuseOrOpen(orgId: string, userId: string): Session {
    const now = this.#clock.now();
    const live = [...this.#sessions.values()].find(
      (held) => held.userId === userId && held.expiresAtMs > now,
    );
    return live ?? this.open(orgId, userId);
  }

  open(orgId: string, userId: string): Session {
    const token = `${orgId.slice(0, 15)}!AQ${randomBytes(48).toString('base64url')}`;
    const session = { token, userId, expiresAtMs: this.#clock.now() + this.lifetimeMs };
    this.#sessions.set(token, session);
    return session;
  }

  live(token: string): Session | undefined {
    const session = this.#sessions.get(token);
    return session && session.expiresAtMs > this.#clock.now() ? session : undefined;
  }

  refreshToken(userId: string): string {
    const token = `5Aep861${randomBytes(40).toString('base64url')}`;
    this.#refreshTokens.set(token, userId);
    return token;
  }

  userOfRefreshToken(token: string): string | undefined {
    return this.#refreshTokens.get(token);
  }

  code(userId: string, redirectUri: string, challenge: string | undefined): string {
    const code = `aPrx${randomBytes(32).toString('base64url')}`;
    this.#codes.set(code, {
      userId,
      redirectUri,
      challenge,
      expiresAtMs: this.#clock.now() + CODE_LIFETIME_MS,
    });
    return code;
  }

  /** Once; the verifier must hash to the challenge it was asked for with (RFC 7636 §4.6). */
  redeem(code: string, redirectUri: string, verifier: string): string | undefined {
    const held = this.#codes.get(code);
    this.#codes.delete(code);
    if (!held || held.expiresAtMs <= this.#clock.now() || held.redirectUri !== redirectUri) return undefined;
    const hashed = createHash('sha256').update(verifier).digest('base64url');
    return held.challenge === undefined || held.challenge === hashed ? held.userId : undefined;
  }

  /** False for a token nobody holds. */
  revoke(token: string): boolean {
    return this.#sessions.delete(token) || this.#refreshTokens.delete(token);
  }

  revokeAll(): void {
    this.#sessions.clear();
    this.#refreshTokens.clear();
  }
}

/** The `signature` of a token answer: over id and issued_at, keyed by the consumer secret. */
export const answerSignature = (secret: string, id: string, issuedAt: string): string =>
  createHmac('sha256', secret)
    .update(id + issuedAt)
    .digest('base64');
