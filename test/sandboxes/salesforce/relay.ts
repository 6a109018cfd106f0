import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';

/** One entry as PutEvents takes it. */
export interface BusEntry {
  readonly EventBusName?: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: number;
}
export interface RelayedEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}
export interface Delivery {
  readonly id: string;
  readonly event: RelayedEvent;
}
export type Publish = (entries: readonly BusEntry[]) => Promise<void>;

export interface RelayOptions {
  readonly source: () => string;
  readonly faults: Faults;
  /** The bus has taken these, or a fault has lost them: nobody is to send them again. */
  readonly onDone: (ids: readonly string[]) => void;
}

interface Shown {
  readonly id: string;
  readonly type: string;
  state: 'waiting' | 'delivered' | 'lost';
  attempts: number;
}
interface Waiting {
  readonly delivery: Delivery;
  readonly dueAtMs: number;
}

const RETRY_MS = [50, 200, 1_000, 5_000];
/** As many entries as one PutEvents takes. */
const BATCH = 10;

/**
 * Event Relay: in commit order, at least once, for as long as it takes.
 * https://developer.salesforce.com/docs/platform/event-relay/guide/event-relay-config.html
 */
export class Relay {
  delayMs = 20;
  readonly #options: RelayOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #stop = new AbortController();
  readonly #aside = new Set<Promise<void>>();
  #publish: Publish | undefined;
  #queue: Waiting[] = [];
  #held: Delivery[] = [];
  #pump: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  static delivery(event: RelayedEvent): Delivery {
    return { id: randomUUID(), event };
  }

  /** Where events go; until it is told they wait. */
  relayTo(publish: Publish | undefined): void {
    this.#publish = publish;
    this.#start();
  }

  send(deliveries: readonly Delivery[]): void {
    const dueAtMs = performance.now() + this.delayMs;
    for (const delivery of deliveries) {
      const { id, event } = delivery;
      this.#shown.set(id, { id, type: event.type, state: 'waiting', attempts: 0 });
      this.#queue.push({ delivery, dueAtMs });
    }
    this.#start();
  }

  deliveries(): readonly Shown[] {
    return [...this.#shown.values()];
  }

  /** Until nothing is under way or held back for a later one to overtake it. */
  async flush(): Promise<void> {
    while (this.#pump !== undefined || this.#aside.size > 0 || (this.#publish && this.#held.length > 0)) {
      await this.#pump;
      await this.#deliver(this.#held.splice(0));
      await Promise.all(this.#aside);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#pump, ...this.#aside]);
  }

  #start(): void {
    if (this.#pump !== undefined || this.#publish === undefined || this.#queue.length === 0) return;
    this.#pump = this.#drain()
      .catch(() => undefined)
      .finally(() => {
        this.#pump = undefined;
        if (!this.#stop.signal.aborted) this.#start();
      });
  }

  async #drain(): Promise<void> {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const waitMs = head.dueAtMs - performance.now();
      if (waitMs > 0) await this.#sleep(waitMs);
      const nowMs = performance.now();
      const due = this.#queue.slice(0, BATCH).filter(({ dueAtMs }) => dueAtMs <= nowMs);
      const taken = due.flatMap(({ delivery }) => this.#afterFault(delivery));
      await this.#deliver(taken);
      this.#queue.splice(0, due.length);
    }
  }

  /** What of one event goes out now. */
  #afterFault(delivery: Delivery): Delivery[] {
    const fault = this.#options.faults.takeEvent(delivery.event.type);
    switch (fault?.effect) {
      case 'lose':
        this.#done([delivery.id], 'lost');
        return [];
      case 'late':
        this.#beside(this.#sleep(fault.ms ?? 1_000).then(() => this.#deliver([delivery])));
        return [];
      case 'reorder':
        this.#held.push(delivery);
        return [];
      case 'twice':
        return [delivery, delivery, ...this.#held.splice(0)];
      case 'gap':
        return [{ ...delivery, event: asGap(delivery.event) }];
      default:
        return [delivery, ...this.#held.splice(0)];
    }
  }

  async #deliver(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const entries = deliveries.map(({ event }) => this.#entry(event));
    const ids = [...new Set(deliveries.map(({ id }) => id))];
    for (let attempt = 0; !this.#stop.signal.aborted; attempt += 1) {
      for (const id of ids) this.#attempted(id);
      try {
        await this.#publish?.(entries);
        return this.#done(ids, 'delivered');
      } catch {
        await this.#sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0);
      }
    }
  }

  #entry({ type, payload, atMs }: RelayedEvent): BusEntry {
    return {
      Source: this.#options.source(),
      DetailType: type,
      Detail: JSON.stringify({ payload }),
      Time: Math.floor(atMs / 1_000),
    };
  }

  #beside(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.#aside.delete(settled));
    this.#aside.add(settled);
  }

  #sleep(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stop.signal });
  }

  #attempted(id: string): void {
    const shown = this.#shown.get(id);
    if (shown) shown.attempts += 1;
  }

  #done(ids: readonly string[], state: Shown['state']): void {
    for (const id of ids) {
      const shown = this.#shown.get(id);
      if (shown) shown.state = state;
    }
    this.#options.onDone(ids);
  }
}

/** The same change without its values: https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_other_events_gap.htm */
export function asGap(event: RelayedEvent): RelayedEvent {
  const header = event.payload.ChangeEventHeader as Record<string, unknown> | undefined;
  if (!header) return event;
  return {
    ...event,
    payload: {
      ChangeEventHeader: {
        ...header,
        changeType: `GAP_${header.changeType}`,
        changedFields: [],
        nulledFields: [],
      },
    },
  };
}

export const putEvents =
  (endpoint: string, busName: string): Publish =>
  async (entries) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: entries.map((entry) => ({ ...entry, EventBusName: busName })) }),
    });
    const answer = (await response.json()) as { FailedEntryCount?: number };
    if (!response.ok || (answer.FailedEntryCount ?? 0) > 0) {
      throw new Error(`the bus took not all events: ${response.status}`);
    }
  };
