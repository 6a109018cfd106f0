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

/** What must outlive the process: who was let in, and who was turned out. */
export type AccessChange =
  | { readonly opened: Session }
  | { readonly refreshToken: string; readonly userId: string }
  | { readonly revoked: string | 'all' };

const CODE_LIFETIME_MS = 15 * 60_000;

/** Live sessions, refresh tokens and authorization codes; all opaque, none guessable. */
export class Sessions {
  lifetimeMs: number;
  readonly #clock: { now(): number };
  readonly #sessions = new Map<string, Session>();
  readonly #refreshTokens = new Map<string, string>();
  readonly #codes = new Map<string, Code>();

  readonly #keep: (change: AccessChange) => void;

  constructor(options: {
    readonly clock: { now(): number };
    readonly lifetimeMs: number;
    readonly keep: (change: AccessChange) => void;
  }) {
    this.#clock = options.clock;
    this.lifetimeMs = options.lifetimeMs;
    this.#keep = options.keep;
  }

  /** A change made now, or one of an earlier life. */
  apply(change: AccessChange): void {
    if ('opened' in change) this.#sessions.set(change.opened.token, change.opened);
    else if ('refreshToken' in change) this.#refreshTokens.set(change.refreshToken, change.userId);
    else {
      for (const held of [this.#sessions, this.#refreshTokens]) {
        if (change.revoked === 'all') held.clear();
        else held.delete(change.revoked);
      }
    }
  }

  #change(change: AccessChange): void {
    this.apply(change);
    this.#keep(change);
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
    this.#change({ opened: session });
    return session;
  }

  live(token: string): Session | undefined {
    const session = this.#sessions.get(token);
    return session && session.expiresAtMs > this.#clock.now() ? session : undefined;
  }

  refreshToken(userId: string): string {
    const token = `5Aep861${randomBytes(40).toString('base64url')}`;
    this.#change({ refreshToken: token, userId });
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
    const isHeld = this.#sessions.has(token) || this.#refreshTokens.has(token);
    if (isHeld) this.#change({ revoked: token });
    return isHeld;
  }

  revokeAll(): void {
    this.#change({ revoked: 'all' });
  }
}

/** The `signature` of a token answer: over id and issued_at, keyed by the consumer secret. */
export const answerSignature = (secret: string, id: string, issuedAt: string): string =>
  createHmac('sha256', secret)
    .update(id + issuedAt)
    .digest('base64');
