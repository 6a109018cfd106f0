import { type VirtualClock, virtualClock } from '../memory/index.ts';

interface Timed {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** Runs everything in one order that only the seed decides: no timer, no thread, no real clock. */
export class Scheduler {
  readonly clock: VirtualClock = virtualClock();
  readonly #heap: Timed[] = [];
  #sequence = 0;
  #steps = 0;

  get steps(): number {
    return this.#steps;
  }

  /** When the next thing happens; undefined when nothing will. */
  get nextAtMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  at(atMs: number, run: () => void): void {
    this.#sequence += 1;
    push(this.#heap, { atMs: Math.max(Math.ceil(atMs), this.clock.now()), sequence: this.#sequence, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.clock.now() + delayMs, run);
  }

  /** Runs all that is due up to then, and all that comes of it. The time is told in whole milliseconds, as anywhere. */
  async runUntil(dueMs: number): Promise<void> {
    const untilMs = Math.floor(dueMs);
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= untilMs) {
      const next = pop(this.#heap);
      this.clock.advanceTo(next.atMs);
      this.#steps += 1;
      next.run();
      await drained();
    }
    this.clock.advanceTo(untilMs);
  }
}

/** Node takes the next tick only when no microtask is left, so every task stands at a gate by then. */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}

function push(heap: Timed[], timed: Timed): void {
  let at = heap.length;
  heap.push(timed);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(timed, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = timed;
}

function pop(heap: Timed[]): Timed {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
