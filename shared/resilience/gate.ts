import type { ExternalId } from '../domain/ids.ts';
import {
  HubError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import type {
  Connection,
  Manifest,
  Random,
  Subject,
  Telemetry,
  VendorLimit,
  VendorUsage,
} from '../ports/index.ts';
import type { BreakerSession } from './breakers.ts';
import type { Priority } from './fairness.ts';
import type { Limiter, LimitScope } from './limiter.ts';
import { spreadMs } from './spread.ts';

export type CallKind = NonNullable<VendorLimit['on']>[number] | 'check';

export interface GateDeps {
  readonly manifest: Manifest;
  readonly connection: Connection;
  readonly breaker: BreakerSession;
  readonly limiter: Limiter;
  readonly priority: Priority;
  readonly random: Random;
  readonly telemetry: Telemetry;
  place?(externalId: ExternalId): string;
  /** The vendor answered as it should, now. */
  onAnswer?(kind: CallKind): Promise<void>;
  /** The vendor refused the grant, or is away. */
  onFailure?(error: HubError): Promise<void>;
  /** Calls must wait that long: the vendor asked for it, or its allowance is spent. */
  onThrottled?(forMs: number): Promise<void>;
  /** The breaker has just closed: what waited for it may go on. */
  onClosed?(): Promise<void>;
}

/** One connection's way out: nothing passes it while the vendor is away or has had enough. */
export class Gate {
  readonly #deps: GateDeps;

  constructor(deps: GateDeps) {
    this.#deps = deps;
  }

  /** @throws RateLimitedError when the call must wait; nothing was sent then, and no attempt is used up. */
  async pass(kind: CallKind, externalId: ExternalId | undefined): Promise<void> {
    const { breaker, random } = this.#deps;
    const admission = await breaker.admit();
    if (!admission.isAdmitted) {
      this.#deps.telemetry.metric('BreakerOpen', 1, this.#subject());
      throw new RateLimitedError('the breaker is open', {
        retryAfterMs: spreadMs(admission.retryAfterMs, random),
      });
    }
    for (const scope of this.#scopes(kind, externalId)) await this.#takeFrom(scope);
  }

  /** What the vendor's answer, or its silence, says about the next call. */
  async learn(failure: unknown, kind: CallKind, externalId: ExternalId | undefined): Promise<void> {
    if (failure instanceof RateLimitedError) await this.#throttled(failure, kind, externalId);
    const isAway =
      failure instanceof ProviderUnavailableError ||
      (failure !== undefined && !(failure instanceof HubError));
    const turn = await this.#deps.breaker.report(isAway ? 'failure' : 'answer');
    if (turn === 'opened') this.#deps.telemetry.metric('BreakerOpen', 1, this.#subject());
    if (failure === undefined) await this.#deps.onAnswer?.(kind);
    const isRefused = failure instanceof ReauthorizationRequiredError;
    // A check is asked whether the link lives: whatever it finds wrong is wrong with the link.
    const isUnfit = kind === 'check' && failure !== undefined && !(failure instanceof RateLimitedError);
    if (isAway || isRefused || isUnfit) await this.#deps.onFailure?.(hubErrorOf(failure));
    if (turn === 'closed') {
      this.#deps.telemetry.metric('BreakerOpen', 0, this.#subject());
      await this.#deps.onClosed?.();
    }
  }

  /** The answer is known, and what it says about the next call could not be written down. */
  notLearned(error: unknown): void {
    const code = error instanceof HubError ? error.code : 'unknown';
    this.#deps.telemetry.log('warn', 'an answer was not learned from', this.#subject(), { code });
  }

  async correct(usage: VendorUsage & { readonly atMs: number }): Promise<void> {
    const limit = this.#deps.manifest.limits.find(({ name }) => name === usage.limit);
    if (limit === undefined) return;
    await this.#deps.limiter.correct({ connection: this.#deps.connection, limit }, usage);
  }

  async #takeFrom(scope: LimitScope): Promise<void> {
    const permit = await this.#deps.limiter.take(scope, this.#deps.priority);
    if (permit.isGranted) return;
    // What polls may not take is kept for live traffic, which nothing holds back.
    if (this.#deps.priority === 'live') await this.#deps.onThrottled?.(permit.retryAfterMs);
    const retryAfterMs = spreadMs(permit.retryAfterMs, this.#deps.random);
    throw new RateLimitedError(`no token left of ${scope.limit.name}`, { retryAfterMs });
  }

  async #throttled(
    error: RateLimitedError,
    kind: CallKind,
    externalId: ExternalId | undefined,
  ): Promise<void> {
    const { limiter } = this.#deps;
    const scopes = this.#scopes(kind, externalId);
    await Promise.all(scopes.map((scope) => limiter.throttled(scope, error.retryAfterMs)));
    await this.#deps.onThrottled?.(error.retryAfterMs);
  }

  #scopes(kind: CallKind, externalId: ExternalId | undefined): LimitScope[] {
    const { manifest, connection } = this.#deps;
    const drawn = manifest.limits.filter(
      ({ on }) => kind !== 'check' && (on === undefined || on.includes(kind)),
    );
    return drawn.map((limit) => {
      const scope = { connection, limit };
      return limit.per === 'place' && externalId !== undefined
        ? { ...scope, place: this.#deps.place?.(externalId) ?? externalId }
        : scope;
    });
  }

  #subject(): Subject {
    const { id, organization, integration } = this.#deps.connection;
    return { connection: id, organization, integration };
  }
}

function hubErrorOf(failure: unknown): HubError {
  if (failure instanceof HubError) return failure;
  return new ProviderUnavailableError('the call ended in an unexpected failure', { cause: failure });
}
