import type { ConnectionId, OrganizationId } from '../../../../shared/domain/index.ts';
import { ConflictError } from '../../../../shared/errors.ts';
import type { Store, VendorLimit } from '../../../../shared/ports/index.ts';
import {
  createLimiter,
  type Limiter,
  type LimitScope,
  type Priority,
  type QuotaRules,
  spreadMs,
} from '../../../../shared/resilience/index.ts';
import { memoryStore, type SeededRandom, seededRandom } from '../../../memory/index.ts';
import { Scheduler } from '../../../simulation/scheduler.ts';
import { type Counting, QuotaVendor } from './vendor.ts';

export interface Tenant {
  readonly organization: string;
  readonly priority: Priority;
  /** Calls that always wait to be made; a greedy one has many. */
  readonly backlog?: number;
  /** Calls that come up by chance, so many in a window. */
  readonly perWindow?: number;
  readonly fromWindow?: number;
}

export interface Setting {
  readonly seed: number;
  readonly limit: Pick<VendorLimit, 'tokens' | 'windowMs' | 'per'>;
  readonly vendor: Counting;
  readonly tenants: readonly Tenant[];
  readonly functions: number;
  readonly windows: number;
  /** Calls of somebody else's with the same account, past the hub. */
  readonly foreignPerWindow?: number;
  readonly rules?: QuotaRules;
}

export interface Fate {
  asked: number;
  made: number;
  /** Longest from the first asking to the call, of those asked for once the start is over. */
  longestMs: number;
}

export interface Outcome {
  readonly served: number;
  readonly refused: number;
  /** Calls asked for and made in the measured windows, the hub's and others', for each window's allowance. */
  readonly used: number;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly storeWrites: number;
}

/** The first window is a start from rest; the measure begins after it. */
const UNMEASURED = 1;

/** Several functions, each with its own limiter over one store, and a vendor that counts by itself. */
export async function happen(setting: Setting): Promise<Outcome> {
  const quota = new Quota(setting);
  return quota.run();
}

class Quota {
  readonly #setting: Setting;
  readonly #scheduler = new Scheduler();
  readonly #random: SeededRandom;
  readonly #vendor: QuotaVendor;
  readonly #limiters: readonly Limiter[];
  readonly #fates = new Map<string, Fate>();
  readonly #measuredFromMs: number;
  #writes = 0;
  #refused = 0;

  constructor(setting: Setting) {
    const { clock } = this.#scheduler;
    this.#setting = setting;
    this.#measuredFromMs = clock.now() + UNMEASURED * setting.limit.windowMs;
    this.#random = seededRandom(setting.seed, clock);
    this.#vendor = new QuotaVendor(setting.vendor, clock);
    const store = this.#distant(memoryStore({ clock }));
    const rules = setting.rules === undefined ? {} : { rules: setting.rules };
    this.#limiters = Array.from({ length: setting.functions }, () =>
      createLimiter({ store, clock, ...rules }),
    );
  }

  async run(): Promise<Outcome> {
    const { windows, limit, tenants, foreignPerWindow = 0 } = this.#setting;
    const startMs = this.#scheduler.clock.now();
    for (const tenant of tenants) this.#start(tenant, startMs);
    if (foreignPerWindow > 0) this.#each(foreignPerWindow, () => this.#vendor.call());
    await this.#scheduler.runUntil(this.#measuredFromMs);
    const before = this.#vendor.served;
    await this.#scheduler.runUntil(startMs + windows * limit.windowMs);
    const allowed = (windows - UNMEASURED) * this.#setting.vendor.tokens;
    return {
      served: this.#vendor.served,
      refused: this.#refused,
      used: (this.#vendor.served - before) / allowed,
      fates: this.#fates,
      storeWrites: this.#writes,
    };
  }

  #start(tenant: Tenant, startMs: number): void {
    this.#fates.set(nameOf(tenant), { asked: 0, made: 0, longestMs: 0 });
    this.#scheduler.at(startMs + (tenant.fromWindow ?? 0) * this.#setting.limit.windowMs, () => {
      for (let at = 0; at < (tenant.backlog ?? 0); at += 1) this.#ask(tenant, () => this.#again(tenant));
      if (tenant.perWindow !== undefined) this.#each(tenant.perWindow, () => this.#ask(tenant));
    });
  }

  /** Whoever has a backlog has the next call ready as soon as one is made. */
  #again(tenant: Tenant): void {
    this.#scheduler.after(1 + this.#random.integer(20), () => this.#ask(tenant, () => this.#again(tenant)));
  }

  /** So many in a window, at moments of chance. */
  #each(perWindow: number, act: () => void): void {
    const meanMs = this.#setting.limit.windowMs / perWindow;
    this.#scheduler.after(-Math.log(1 - this.#random.next()) * meanMs, () => {
      act();
      this.#each(perWindow, act);
    });
  }

  #ask(tenant: Tenant, then: () => void = () => undefined): void {
    const fate = this.#fates.get(nameOf(tenant))!;
    fate.asked += 1;
    const askedAtMs = this.#scheduler.clock.now();
    void this.#attempt(tenant, { askedAtMs, fate, then });
  }

  async #attempt(tenant: Tenant, call: { askedAtMs: number; fate: Fate; then: () => void }): Promise<void> {
    const { clock } = this.#scheduler;
    const limiter = this.#random.pick(this.#limiters);
    const scope = this.#scopeOf(tenant);
    const comeBack = (afterMs: number) =>
      this.#scheduler.after(spreadMs(afterMs, this.#random), () => void this.#attempt(tenant, call));
    try {
      const permit = await limiter.take(scope, tenant.priority);
      if (!permit.isGranted) return comeBack(permit.retryAfterMs);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return comeBack(1_000);
    }
    const wayMs = 1 + this.#random.integer(Math.min(400, this.#setting.limit.windowMs / 100));
    this.#scheduler.after(wayMs, () => {
      const { status, usage } = this.#vendor.call();
      const atMs = clock.now();
      if (usage !== undefined) void limiter.correct(scope, { ...usage, atMs }).catch(ignoreConflict);
      if (status === 429) {
        this.#refused += 1;
        void limiter.throttled(scope, this.#setting.limit.windowMs / 10);
        return comeBack(this.#setting.limit.windowMs / 10);
      }
      call.fate.made += 1;
      if (call.askedAtMs >= this.#measuredFromMs)
        call.fate.longestMs = Math.max(call.fate.longestMs, atMs - call.askedAtMs);
      call.then();
    });
  }

  #scopeOf({ organization }: Tenant): LimitScope {
    const { limit } = this.#setting;
    return {
      connection: {
        id: (limit.per === 'app' ? `of ${organization}` : 'shared') as ConnectionId,
        organization: organization as OrganizationId,
        integration: 'model',
      },
      limit: { name: 'calls', ...limit },
    };
  }

  /** Reading and writing take a moment, so that functions meet each other. */
  #distant(store: Store): Store {
    const later = <Value>(perform: () => Promise<Value>) =>
      new Promise<Value>((resolve, reject) => {
        this.#scheduler.after(1 + this.#random.integer(6), () => void perform().then(resolve, reject));
      });
    return {
      ...store,
      get: (pk, sk) => later(() => store.get(pk, sk)),
      commit: (writes) => {
        this.#writes += 1;
        return later(() => store.commit(writes));
      },
    };
  }
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof ConflictError)) throw error;
}

export function nameOf({ organization, priority }: Tenant): string {
  return `${organization} ${priority}`;
}
