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
  readonly onDelivered: (id: string) => void;
  readonly onLost: (id: string) => void;
}

interface Shown {
  readonly id: string;
  readonly type: string;
  state: 'waiting' | 'delivered' | 'lost';
  attempts: number;
}

const RETRY_MS = [50, 200, 1_000, 5_000];

/**
 * Event Relay: in commit order, at least once, for as long as it takes.
 * https://developer.salesforce.com/docs/platform/event-relay/guide/event-relay-config.html
 */
export class Relay {
  publish: Publish | undefined;
  delayMs = 20;
  readonly #options: RelayOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #stop = new AbortController();
  #held: Delivery[] = [];
  #chain: Promise<void> = Promise.resolve();
  #aside = new Set<Promise<void>>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  static delivery(event: RelayedEvent): Delivery {
    return { id: randomUUID(), event };
  }

  send(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.#shown.set(delivery.id, {
        id: delivery.id,
        type: delivery.event.type,
        state: 'waiting',
        attempts: 0,
      });
      this.#chain = this.#chain.then(() => this.#relay(delivery)).catch(() => undefined);
    }
  }

  deliveries(): readonly Shown[] {
    return [...this.#shown.values()];
  }

  /** Until nothing is under way or held back for a later one to overtake it. */
  async flush(): Promise<void> {
    let chain: Promise<void> | undefined;
    while (chain !== this.#chain) {
      chain = this.#chain;
      await chain;
      for (const held of this.#held.splice(0)) await this.#deliver(held);
      await Promise.all(this.#aside);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#chain, ...this.#aside]);
  }

  async #relay(delivery: Delivery): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await sleep(this.delayMs, undefined, { signal: this.#stop.signal });
    const fault = this.#options.faults.takeEvent(delivery.event.type);
    switch (fault?.effect) {
      case 'lose':
        this.#mark(delivery.id, 'lost');
        this.#options.onLost(delivery.id);
        return;
      case 'late':
        this.#beside(
          sleep(fault.ms ?? 1_000, undefined, { signal: this.#stop.signal }).then(() =>
            this.#deliver(delivery),
          ),
        );
        return;
      case 'reorder':
        this.#held.push(delivery);
        return;
      case 'twice':
        await this.#deliver(delivery);
        break;
      case 'gap':
        return await this.#deliver({ ...delivery, event: asGap(delivery.event) });
    }
    await this.#deliver(delivery);
    for (const held of this.#held.splice(0)) await this.#deliver(held);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const shown = this.#shown.get(delivery.id);
    const { type, payload, atMs } = delivery.event;
    const entry: BusEntry = {
      Source: this.#options.source(),
      DetailType: type,
      Detail: JSON.stringify({ payload }),
      Time: Math.floor(atMs / 1_000),
    };
    for (let attempt = 0; this.publish && !this.#stop.signal.aborted; attempt += 1) {
      if (shown) shown.attempts += 1;
      try {
        await this.publish([entry]);
        this.#mark(delivery.id, 'delivered');
        this.#options.onDelivered(delivery.id);
        return;
      } catch {
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], undefined, {
          signal: this.#stop.signal,
        });
      }
    }
  }

  #beside(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.#aside.delete(settled));
    this.#aside.add(settled);
  }

  #mark(id: string, state: Shown['state']): void {
    const shown = this.#shown.get(id);
    if (shown) shown.state = state;
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
