import type { Clock, VendorUsage } from '../../../../shared/ports/index.ts';

/** How a vendor counts: the last `windowMs` before each call, or windows that begin at moments of its own. */
export interface Counting {
  readonly by: 'sliding' | 'fixed';
  readonly tokens: number;
  readonly windowMs: number;
  /** When its fixed windows begin, after a whole one. */
  readonly phaseMs?: number;
  /** Says with each answer what is used, others' calls included. */
  readonly tells?: boolean;
}

export type Answer = { readonly status: 200 | 429; readonly usage?: VendorUsage };

/** A vendor that counts for itself, by its own clock, and refuses what is too much. */
export class QuotaVendor {
  served = 0;
  refused = 0;
  readonly #counting: Counting;
  readonly #clock: Clock;
  #times: number[] = [];

  constructor(counting: Counting, clock: Clock) {
    this.#counting = counting;
    this.#clock = clock;
  }

  call(): Answer {
    const nowMs = this.#clock.now();
    this.#times = this.#times.filter((atMs) => this.#counts(atMs, nowMs));
    const isServed = this.#times.length < this.#counting.tokens;
    if (isServed) this.#times.push(nowMs);
    if (isServed) this.served += 1;
    else this.refused += 1;
    const { tells = false, tokens: max } = this.#counting;
    return {
      status: isServed ? 200 : 429,
      ...(tells && { usage: { limit: 'calls', used: this.#times.length, max } }),
    };
  }

  #counts(atMs: number, nowMs: number): boolean {
    const { by, windowMs, phaseMs = 0 } = this.#counting;
    if (by === 'sliding') return atMs > nowMs - windowMs;
    return Math.floor((atMs - phaseMs) / windowMs) === Math.floor((nowMs - phaseMs) / windowMs);
  }
}
