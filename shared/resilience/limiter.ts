import type { ConnectionId } from '../domain/ids.ts';
import type { Clock, Store, VendorLimit, VendorUsage } from '../ports/index.ts';
import { type Bucket, blocked, corrected, fullBucket, type Priority, type Take, take } from './bucket.ts';
import { type Seen, update } from './optimistic.ts';

export type Permit =
  | { readonly isGranted: true }
  | { readonly isGranted: false; readonly retryAfterMs: number };

/** One vendor limit of one connection, and of one place in it where the vendor counts by place. */
export interface LimitScope {
  readonly connection: ConnectionId;
  readonly limit: VendorLimit;
  readonly place?: string;
}

export interface Limiter {
  /** One call's worth. Mostly answered from the slice this function leased; else one conditional write. */
  take(scope: LimitScope, priority: Priority): Promise<Permit>;
  /** The vendor refused for being asked too often. */
  throttled(scope: LimitScope, retryAfterMs: number): Promise<void>;
  /** The vendor told how much of an allowance is gone. */
  correct(scope: LimitScope, usage: VendorUsage): Promise<void>;
}

interface Slice {
  left: number;
  readonly untilMs: number;
}

export function createLimiter(deps: { store: Store; clock: Clock }): Limiter {
  return new StoreLimiter(deps.store, deps.clock);
}

/** A bucket nobody asked for in a day is full again anyway. */
const KEEP_MS = 86_400_000;
/** Leased slices and known items of that many buckets are remembered; more is a leak, not a cache. */
const MAX_REMEMBERED = 1_000;

class StoreLimiter implements Limiter {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #slices = new Map<string, Slice>();
  readonly #known = new Map<string, Seen<Bucket>>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async take(scope: LimitScope, priority: Priority): Promise<Permit> {
    const name = bucketName(scope);
    const slice = this.#slices.get(name);
    if (slice !== undefined && slice.left > 0 && slice.untilMs > this.#clock.now()) {
      slice.left -= 1;
      return { isGranted: true };
    }
    const result = await this.#change<Take>(scope, (bucket, nowMs) => {
      const taken = take(bucket, scope.limit, nowMs, priority);
      return { answer: taken, ...('bucket' in taken && { bucket: taken.bucket }) };
    });
    if (!('bucket' in result)) return { isGranted: false, retryAfterMs: result.retryAfterMs };
    this.#remember(name, { left: result.taken - 1, untilMs: this.#clock.now() + scope.limit.windowMs });
    return { isGranted: true };
  }

  async throttled(scope: LimitScope, retryAfterMs: number): Promise<void> {
    this.#slices.delete(bucketName(scope));
    await this.#change(scope, (bucket, nowMs) => ({
      answer: undefined,
      bucket: blocked(bucket, nowMs + retryAfterMs),
    }));
  }

  async correct(scope: LimitScope, { used, max }: VendorUsage): Promise<void> {
    await this.#change(scope, (bucket, nowMs) => {
      const next = corrected(bucket, used, max, nowMs);
      if (next !== undefined) this.#slices.delete(bucketName(scope));
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
        const { answer, bucket } = decide(stored ?? fullBucket(scope.limit, nowMs), nowMs);
        if (bucket === undefined) return { answer };
        return { answer, write: { data: bucket, expiresAt: Math.ceil((nowMs + KEEP_MS) / 1_000) } };
      },
      this.#known,
    );
  }

  #remember(name: string, slice: Slice): void {
    if (this.#slices.size >= MAX_REMEMBERED) {
      this.#slices.clear();
      this.#known.clear();
    }
    this.#slices.set(name, slice);
  }
}

function bucketName({ connection, limit, place }: LimitScope): string {
  return ['limit', connection, limit.name, ...(place === undefined ? [] : [place])].join('#');
}
