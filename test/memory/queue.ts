import { InvariantError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/index.ts';
import type { SeededRandom } from './random.ts';
import { frozen } from './store/frozen.ts';

/** SQS: a FIFO queue forgets a deduplication id after five minutes. */
const DEDUPLICATION_MS = 5 * 60_000;
const MAX_DELAY_MS = 900_000;

export interface QueueSettings {
  readonly name: string;
  readonly isFifo: boolean;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  /** After so many receives without a delete, the next look moves the message to `deadLetters`. */
  readonly maxReceives?: number;
  readonly deadLetters?: MemoryQueue;
}

export interface Sent<Body> {
  readonly body: Body;
  readonly group?: string;
  /** FIFO only, and required there: the queue is never content-deduplicated. */
  readonly deduplication?: string;
  readonly delayMs?: number;
}

export interface Received<Body = unknown> {
  readonly body: Body;
  readonly receipt: string;
  readonly receives: number;
  readonly group: string | undefined;
  /** Since when it could have been received. */
  readonly visibleSinceMs: number;
}

interface Held {
  readonly sequence: number;
  readonly body: unknown;
  readonly group: string | undefined;
  readonly expiresAtMs: number;
  visibleAtMs: number;
  receives: number;
  receipt: string | undefined;
  isInFlight: boolean;
}

export interface QueueOptions {
  readonly clock: Clock;
  /** A standard queue gives out any visible message of the groups whose turn it is, chosen by this; without it, the oldest. */
  readonly random?: SeededRandom;
  /** Called when retention has taken a message nobody deleted. */
  readonly onExpired?: (body: unknown) => void;
}

/** One SQS queue: groups, deduplication, visibility, receive counts, redrive, retention, delays. */
export class MemoryQueue {
  readonly settings: QueueSettings;
  readonly #options: QueueOptions;
  readonly #remembered = new Map<string, number>();
  #held: Held[] = [];
  #sequence = 0;

  constructor(settings: QueueSettings, options: QueueOptions) {
    this.settings = settings;
    this.#options = options;
  }

  get size(): number {
    return this.#held.length;
  }

  /** How many messages of a group somebody has, and has neither deleted nor let go of. */
  inFlight(group: string): number {
    const nowMs = this.#now();
    return this.#held.filter((held) => held.group === group && held.isInFlight && held.visibleAtMs > nowMs)
      .length;
  }

  bodies(): readonly unknown[] {
    return this.#held.map(({ body }) => body);
  }

  send<Body>({ body, group, deduplication, delayMs = 0 }: Sent<Body>): void {
    const nowMs = this.#now();
    if (delayMs < 0 || delayMs > MAX_DELAY_MS)
      throw new InvariantError(`a queue delays up to 900000 ms, saw ${delayMs}`);
    if (this.settings.isFifo) {
      if (group === undefined || deduplication === undefined)
        throw new InvariantError('a FIFO message has a group');
      if (delayMs > 0) throw new InvariantError('a FIFO queue delays no single message');
      if (this.#isDuplicate(deduplication, nowMs)) return;
    }
    this.#sequence += 1;
    this.#held.push({
      sequence: this.#sequence,
      body: frozen(body).data,
      group,
      expiresAtMs: nowMs + this.settings.retentionMs,
      visibleAtMs: nowMs + delayMs,
      receives: 0,
      receipt: undefined,
      isInFlight: false,
    });
  }

  receive<Body = unknown>(): Received<Body> | undefined {
    if (this.#held.length === 0) return undefined;
    this.#settle();
    const candidates = this.#receivable();
    if (candidates.length === 0) return undefined;
    const { random } = this.#options;
    const held = this.settings.isFifo || random === undefined ? candidates[0]! : random.pick(candidates);
    const visibleSinceMs = held.visibleAtMs;
    const receives = held.receives + 1;
    const receipt = `${this.settings.name}:${held.sequence}:${receives}`;
    const visibleAtMs = this.#now() + this.settings.visibilityMs;
    Object.assign(held, { receives, receipt, visibleAtMs, isInFlight: true });
    return { body: held.body as Body, receipt, receives, group: held.group, visibleSinceMs };
  }

  /** A receipt that has been overtaken by a later receive deletes nothing on a FIFO queue. */
  delete(receipt: string): void {
    this.#held = this.#held.filter((held) => held.receipt !== receipt);
  }

  changeVisibility(receipt: string, visibilityMs: number): void {
    const held = this.#held.find((each) => each.receipt === receipt);
    if (held === undefined) return;
    held.visibleAtMs = this.#now() + visibilityMs;
    held.isInFlight = visibilityMs > 0;
  }

  /** When something can next be received; undefined when nothing ever will. */
  nextAtMs(): number | undefined {
    if (this.#held.length === 0) return undefined;
    this.#settle();
    const nowMs = this.#now();
    if (this.#receivable().length > 0) return nowMs;
    const times = this.#held.map(({ visibleAtMs }) => visibleAtMs).filter((atMs) => atMs > nowMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #receivable(): readonly Held[] {
    const nowMs = this.#now();
    const visible = this.#held.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    if (!this.settings.isFifo) return this.#fair(visible);
    const taken = new Set<string | undefined>();
    return this.#held.filter((held) => {
      if (taken.has(held.group)) return false;
      taken.add(held.group);
      return held.visibleAtMs <= nowMs;
    });
  }

  /**
   * Fair queues: while a group has more in flight than another, the other's messages come first; a message without a
   * group is a group of its own. AWS has a share of all in flight decide, from some 30 on: here any difference does.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  #fair(visible: readonly Held[]): readonly Held[] {
    if (visible.length < 2) return visible;
    const groups = new Set(visible.map(({ group }) => group));
    if (groups.size < 2) return visible;
    const loads = new Map(
      [...groups].map((group) => [group, group === undefined ? 0 : this.inFlight(group)]),
    );
    const least = Math.min(...loads.values());
    return visible.filter(({ group }) => loads.get(group) === least);
  }

  /** What retention, an expired visibility and the redrive policy have done by now. */
  #settle(): void {
    const nowMs = this.#now();
    const kept: Held[] = [];
    for (const held of this.#held) {
      if (held.expiresAtMs <= nowMs) this.#options.onExpired?.(held.body);
      else if (this.#isSpent(held, nowMs)) this.#redrive(held);
      else kept.push(held);
    }
    this.#held = kept;
  }

  #isSpent(held: Held, nowMs: number): boolean {
    const { maxReceives } = this.settings;
    if (held.visibleAtMs > nowMs) return false;
    held.isInFlight = false;
    return maxReceives !== undefined && held.receives >= maxReceives;
  }

  #redrive({ body, group, sequence }: Held): void {
    const deduplication = `${this.settings.name}:${sequence}`;
    this.settings.deadLetters?.send({ body, ...(group === undefined ? {} : { group }), deduplication });
  }

  #isDuplicate(deduplication: string, nowMs: number): boolean {
    const untilMs = this.#remembered.get(deduplication);
    if (untilMs !== undefined && untilMs > nowMs) return true;
    this.#remembered.set(deduplication, nowMs + DEDUPLICATION_MS);
    return false;
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
