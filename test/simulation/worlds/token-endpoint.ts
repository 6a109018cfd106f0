import { ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type { Grant } from '../../../shared/ports/index.ts';

/** What a vendor says of its tokens. */
export interface TokenRules {
  readonly lifeMs: number;
  /** A refresh token that was exchanged is good for so long yet. */
  readonly graceMs: number;
}

/** The run of a function that asks for a token. */
export interface Bearer {
  readonly wasKilled: boolean;
}

interface Refresh {
  readonly token: string;
  readonly bearer: Bearer | undefined;
  exchangedAtMs?: number;
  isStored?: true;
  isAnswerLost?: true;
}

/** `raced for`: an old token came again although the hub had, or was about to have, the new one. */
type Loss = 'by its owner' | 'lost on the way' | 'raced for';

/** A vendor's token endpoint: one family of refresh tokens, each good once, and revoked when an old one comes again. */
export class TokenEndpoint {
  readonly #rules: TokenRules;
  readonly #name: string;
  #issued = 0;
  #family: Refresh[] = [];
  readonly #accessUntilMs = new Map<string, number>();
  /** Why the family is worth nothing. */
  revoked: Loss | undefined;
  /** Every loss there was. */
  readonly losses: Loss[] = [];
  readonly #refused: { readonly bearer: Bearer; readonly isCalm: boolean }[] = [];

  constructor(name: string, rules: TokenRules) {
    this.#name = name;
    this.#rules = rules;
  }

  /** A person has authorized the hub, for the first time or anew. */
  authorize(nowMs: number): Grant {
    this.#family = [];
    this.#accessUntilMs.clear();
    this.revoked = undefined;
    return this.#issue(undefined, nowMs);
  }

  revoke(why: Loss): void {
    if (this.revoked === undefined) this.losses.push(why);
    this.revoked ??= why;
    this.#accessUntilMs.clear();
  }

  /** What this run was given stands in the hub's vault. */
  noteStored(bearer: Bearer): void {
    for (const refresh of this.#family) if (refresh.bearer === bearer) refresh.isStored = true;
  }

  /** The newest answer never comes. */
  noteLost(): void {
    const last = this.#family.at(-1);
    if (last !== undefined) last.isAnswerLost = true;
  }

  isAlive({ accessToken }: Grant, nowMs: number): boolean {
    return (this.#accessUntilMs.get(accessToken) ?? 0) > nowMs;
  }

  /** @throws ReauthorizationRequiredError for a family that is revoked, or is by this */
  exchange(current: Grant | undefined, bearer: Bearer, nowMs: number, isCalm = false): Grant {
    const at = this.#family.findIndex(({ token }) => token === current?.refreshToken);
    const refresh = this.#family[at];
    if (this.revoked !== undefined || refresh === undefined) throw this.#refusal(bearer, isCalm);
    const { exchangedAtMs } = refresh;
    if (exchangedAtMs !== undefined && nowMs - exchangedAtMs > this.#rules.graceMs) {
      this.revoke(this.#family.slice(at + 1).every(isLost) ? 'lost on the way' : 'raced for');
      throw this.#refusal(bearer, isCalm);
    }
    refresh.exchangedAtMs ??= nowMs;
    return this.#issue(bearer, nowMs);
  }

  /** Somebody was told that the family is worth nothing, and lived, when nothing broke any more. */
  get isRefusalKnown(): boolean {
    return this.#refused.some(({ bearer, isCalm }) => isCalm && !bearer.wasKilled);
  }

  #refusal(bearer: Bearer, isCalm: boolean): ReauthorizationRequiredError {
    this.#refused.push({ bearer, isCalm });
    return new ReauthorizationRequiredError('the refresh token is refused');
  }

  #issue(bearer: Bearer | undefined, nowMs: number): Grant {
    this.#issued += 1;
    const token = `${this.#name}-refresh-${this.#issued}`;
    const accessToken = `${this.#name}-access-${this.#issued}`;
    const expiresAtMs = nowMs + this.#rules.lifeMs;
    this.#family.push({ token, bearer });
    this.#accessUntilMs.set(accessToken, expiresAtMs);
    return { accessToken, refreshToken: token, expiresAtMs, instanceUrl: '' };
  }
}

/** Nobody has it, nor will: who asked died with it in hand, or the answer never came. */
const isLost = ({ bearer, isStored, isAnswerLost }: Refresh): boolean =>
  isStored !== true && (bearer?.wasKilled === true || isAnswerLost === true);
