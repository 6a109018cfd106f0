import type { Fault, FaultName, Opportunity } from './plan.ts';

/** Where each fault can strike; the n-th opportunity of its kind in a history is its address. */
export const STRIKES: Readonly<Record<FaultName, Opportunity>> = {
  'crash-before': 'gate',
  'crash-after': 'gate',
  'store-conflict': 'commit',
  'store-conflict-though-done': 'commit',
  'store-unavailable': 'commit',
  'send-fails': 'send',
  'work-twice': 'send',
  'bus-fails': 'publish',
  poison: 'receive',
  'write-throttled': 'write',
  'write-unavailable': 'write',
  'write-rejected': 'write',
  'write-unauthorized': 'write',
  'answer-lost': 'write',
  'request-lost': 'write',
  'late-landing': 'write',
  'edit-before-landing': 'write',
  'restore-before-landing': 'write',
  'edit-after-landing': 'write',
  'restore-after-landing': 'write',
  'stale-read': 'read',
  'read-throttled': 'read',
  'read-unavailable': 'read',
  'edit-after-read': 'read',
  'restore-after-read': 'read',
  'event-twice': 'event',
  'event-lost': 'event',
  'event-late': 'event',
  'event-early': 'event',
  'event-with-next': 'event',
  'event-unreadable': 'event',
  'store-unavailable-though-done': 'commit',
  'send-fails-though-sent': 'send',
  'bus-fails-though-taken': 'publish',
  'answer-lost-then-restored': 'write',
  'answer-lost-then-edited': 'write',
  'late-landing-after-restore': 'write',
  'late-landing-after-edit': 'write',
  'told-after-death': 'deletion',
  'lease-lost': 'lease',
  'renewal-unavailable': 'renew',
  'renewal-slow': 'renew',
  'renewal-answer-lost': 'renew',
  'killed-before-storing': 'renew',
  'grant-revoked': 'renew',
};

/** Hands each fault to the opportunity it was planned for, and counts what really happened. */
export class Injector {
  readonly happened = new Map<string, number>();
  /** Every error that a fault has caused. */
  readonly errors = new WeakSet<Error>();
  readonly #planned = new Map<string, FaultName>();
  readonly #seen = new Map<Opportunity, number>();
  #isOver = false;

  constructor(faults: readonly Fault[]) {
    for (const { fault, at } of faults) this.#planned.set(`${STRIKES[fault]} ${at}`, fault);
  }

  /** The fault planned for this opportunity, if any. Whoever carries it out calls `count`. */
  take(opportunity: Opportunity): FaultName | undefined {
    const at = this.#seen.get(opportunity) ?? 0;
    this.#seen.set(opportunity, at + 1);
    return this.#isOver ? undefined : this.#planned.get(`${opportunity} ${at}`);
  }

  count(what: string, times = 1): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + times);
  }

  /** An error that a function may fail of. */
  caused<Failure extends Error>(error: Failure): Failure {
    this.errors.add(error);
    return error;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** From here on nothing breaks any more: the history comes to rest. */
  end(): void {
    this.#isOver = true;
  }

  opportunities(opportunity: Opportunity): number {
    return this.#seen.get(opportunity) ?? 0;
  }
}
