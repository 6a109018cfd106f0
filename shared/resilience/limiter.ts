import type { Clock, Connection, Store, VendorLimit, VendorUsage } from '../ports/index.ts';
import { type Bucket, EMPTY } from './bucket.ts';
import { blocked, corrected } from './correction.ts';
import type { Priority } from './fairness.ts';
import { type Seen, update } from './optimistic.ts';
import { QUOTA, type QuotaRules } from './quota-rules.ts';
import { type Take, take } from './take.ts';

export type Permit =
  | { readonly isGranted: true }
  | { readonly isGranted: false; readonly retryAfterMs: number };

/** One vendor limit as one connection draws from it, and the place in it where the vendor counts by place. */
export interface LimitScope {
  readonly connection: Pick<Connection, 'id' | 'organization' | 'integration'>;
  readonly limit: VendorLimit;
  readonly place?: string;
}

export interface Limiter {
  /** One call's worth. Mostly answered from the slice this function leased; else one conditional write. */
  take(scope: LimitScope, priority: Priority): Promise<Permit>;
  /** The vendor refused for being asked too often. */
  throttled(scope: LimitScope, retryAfterMs: number): Promise<void>;
  /** The vendor told at that moment how much of an allowance is gone. */
  correct(scope: LimitScope, usage: VendorUsage & { readonly atMs: number }): Promise<void>;
}

interface Slice {
  left: number;
  readonly size: number;
  readonly untilMs: number;
}

export interface LimiterDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly rules?: QuotaRules;
}

export function createLimiter(deps: LimiterDeps): Limiter {
  return new StoreLimiter(deps);
}

/** A bucket nobody asked for in two of its windows is full again anyway. */
const KEEP_MS = 86_400_000;
/** Leased slices and known items of that many buckets are remembered; more is a leak, not a cache. */
const MAX_REMEMBERED = 1_000;

class StoreLimiter implements Limiter {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #rules: QuotaRules;
  readonly #slices = new Map<string, Map<string, Slice>>();
  readonly #known = new Map<string, Seen<Bucket>>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor({ store, clock, rules = QUOTA }: LimiterDeps) {
    this.#store = store;
    this.#clock = clock;
    this.#rules = rules;
  }

  /** One at a time: who asks meanwhile is served from the slice that is on its way. */
  take(scope: LimitScope, priority: Priority): Promise<Permit> {
    const name = bucketName(scope);
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(() => this.#take(scope, priority));
    const done = turn.then(ignored, ignored).then(() => {
      if (this.#turns.get(name) === done) this.#turns.delete(name);
    });
    this.#turns.set(name, done);
    return turn;
  }

  async #take(scope: LimitScope, priority: Priority): Promise<Permit> {
    const slices = this.#slicesOf(scope);
    const { organization } = scope.connection;
    const holder = `${organization} ${priority}`;
    const slice = slices.get(holder);
    if (slice !== undefined && slice.left > 0 && slice.untilMs > this.#clock.now()) {
      slice.left -= 1;
      return { isGranted: true };
    }
    const wanted = wantedAfter(slice, this.#clock.now());
    const result = await this.#change<Take>(scope, (bucket, nowMs) => {
      const ask = { organization, priority, nowMs, ...(wanted !== undefined && { wanted }) };
      const answer = take(bucket, scope.limit, ask, this.#rules);
      return { answer, ...(answer.bucket && { bucket: answer.bucket }) };
    });
    if (!('untilMs' in result)) return { isGranted: false, retryAfterMs: result.retryAfterMs };
    slices.set(holder, { left: result.taken - 1, size: result.taken, untilMs: result.untilMs });
    return { isGranted: true };
  }

  async throttled(scope: LimitScope, retryAfterMs: number): Promise<void> {
    this.#slicesOf(scope).clear();
    await this.#change(scope, (bucket, nowMs) => ({
      answer: undefined,
      bucket: blocked(bucket, scope.limit, { untilMs: nowMs + retryAfterMs, nowMs }),
    }));
  }

  async correct(
    scope: LimitScope,
    { used, max, atMs }: VendorUsage & { readonly atMs: number },
  ): Promise<void> {
    await this.#change(scope, (bucket, nowMs) => {
      const next = corrected(bucket, scope.limit, { used, max, atMs, nowMs }, this.#rules);
      if (next !== undefined) this.#slicesOf(scope).clear();
      return { answer: undefined, ...(next && { bucket: next }) };
    });
  }

  #change<Answer>(
    scope: LimitScope,
    decide: (bucket: Bucket, nowMs: number) => { answer: Answer; bucket?: Bucket },
  ): Promise<Answer> {
    const key = { pk: bucketName(scope), sk: 'bucket' };
    return update<Bucket, Answer>(
      this.#store,
      key,
      (stored) => {
        const nowMs = this.#clock.now();
        const { answer, bucket } = decide(stored ?? EMPTY, nowMs);
        if (bucket === undefined) return { answer };
        const keepMs = Math.max(KEEP_MS, 2 * scope.limit.windowMs);
        return { answer, write: { data: bucket, expiresAt: Math.ceil((nowMs + keepMs) / 1_000) } };
      },
      this.#known,
    );
  }

  #slicesOf(scope: LimitScope): Map<string, Slice> {
    const name = bucketName(scope);
    const known = this.#slices.get(name);
    if (known !== undefined) return known;
    if (this.#slices.size >= MAX_REMEMBERED) {
      this.#slices.clear();
      this.#known.clear();
    }
    const slices = new Map<string, Slice>();
    this.#slices.set(name, slices);
    return slices;
  }
}

function ignored(): void {}

/** As much as the last slice was good for: twice that where it is spent before its time. */
function wantedAfter(slice: Slice | undefined, nowMs: number): number | undefined {
  if (slice === undefined) return undefined;
  return slice.untilMs > nowMs ? 2 * slice.size : slice.size - slice.left;
}

function bucketName({ connection, limit, place }: LimitScope): string {
  const owner = limit.per === 'app' ? `app#${connection.integration}` : connection.id;
  return ['limit', owner, limit.name, ...(place === undefined ? [] : [place])].join('#');
}
