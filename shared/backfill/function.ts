import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import {
  createDirectory,
  engineDeps,
  type IntegrationCode,
  inboundPorts,
  type OpenConnection,
  Opener,
} from '../connections/index.ts';
import { InvariantError } from '../errors.ts';
import type {
  BackfillMessage,
  Connection,
  EngineDeps,
  Exports,
  Integration,
  Platform,
} from '../ports/index.ts';
import { consume, createLeases } from '../resilience/index.ts';
import { createCopyingEngine, createReconciler } from '../sync/index.ts';
import { advance, type Next } from './advance.ts';
import { HeldWakes } from './held-wakes.ts';
import type { OutwardDeps } from './outward.ts';
import { backfillsOn } from './resending.ts';
import { createRows } from './rows.ts';

/** Kept back to finish the step under way: one call to the vendor, and a page's rows put at the door. */
const RESERVE_MS = 18_000;
const MAX_DELAY_MS = 900_000;

/** The function behind an integration's queue of jobs. */
export function backfiller(
  code: IntegrationCode,
  integrations: EngineDeps['integrations'],
  platform: Platform,
) {
  const work = new Work(code, integrations, platform);
  const handle = consume(platform, async (message, { deadlineMs }) => {
    if (message.type !== 'backfill') throw new InvariantError(`a queue of jobs held a ${message.type}`);
    await work.on(message, deadlineMs);
  });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

class Work {
  readonly #code: IntegrationCode;
  readonly #platform: Platform;
  readonly #opener: Opener;
  readonly #integrations: EngineDeps['integrations'];

  constructor(code: IntegrationCode, integrations: EngineDeps['integrations'], platform: Platform) {
    this.#integrations = integrations;
    this.#code = code;
    this.#platform = platform;
    this.#opener = new Opener(platform);
  }

  /** A second message of a job meets the lease and ends: its holder sends the next, or else the sweeper. */
  async on(message: BackfillMessage, deadlineMs: number): Promise<void> {
    const { clock, random, stores, queues } = this.#platform;
    const leases = createLeases({ store: stores.limits, clock, random });
    const lease = await leases.acquire(`backfill#${message.job}`, deadlineMs - clock.now());
    if (lease === undefined) return;
    let next: Next;
    try {
      next = await this.#advance(message, deadlineMs - RESERVE_MS);
    } finally {
      await leases.release(lease);
    }
    if (next === undefined) return;
    const delayMs = Math.min(Math.max(0, next.atMs - clock.now()), MAX_DELAY_MS);
    await queues.sendJob(this.#code.manifest.id, message, delayMs);
  }

  async #advance(message: BackfillMessage, untilMs: number): Promise<Next> {
    const { clock, stores } = this.#platform;
    const { manifest } = this.#code;
    const directory = createDirectory({ store: stores.connections, clock });
    const opened = new Opened(this.#opener, this.#code);
    const ports = inboundPorts(this.#platform);
    try {
      return await advance(
        {
          backfills: backfillsOn(this.#platform),
          rows: createRows({ ...ports, redeliveryMs: manifest.redeliveryMs }),
          pageRows: manifest.backfill?.pageRows ?? 1,
          now: () => clock.now(),
          pause: (ms) => this.#platform.pause(ms),
          connection: () => directory.get(message.organization, message.connection),
          exports: (connection) => opened.exports(connection),
          integration: (connection) => opened.integration(connection),
          ...this.#outward(untilMs + RESERVE_MS),
        },
        message,
        untilMs,
      );
    } finally {
      await opened.settle();
    }
  }

  #outward(deadlineMs: number): { readonly outward?: OutwardDeps } {
    const { outward } = this.#code.manifest.backfill ?? {};
    if (outward === undefined) return {};
    const { queues } = this.#platform;
    const wakes = new HeldWakes(queues);
    const ports = engineDeps(this.#platform, this.#integrations);
    const deps = {
      ...ports,
      queues: {
        sendChange: (...sent: Parameters<typeof queues.sendChange>) => queues.sendChange(...sent),
        sendWork: wakes.sendWork,
      },
    };
    const { reconcile } = createReconciler(deps);
    const engine = { ...createCopyingEngine(deps), reconcile };
    return { outward: { engine, wakes, together: outward, deadlineMs } };
  }
}

/** The connection as its first call of this invocation found it. */
class Opened {
  readonly #opener: Opener;
  readonly #code: IntegrationCode;
  #opened: OpenConnection | undefined;

  constructor(opener: Opener, code: IntegrationCode) {
    this.#opener = opener;
    this.#code = code;
  }

  async integration(connection: Connection): Promise<Integration> {
    this.#opened ??= await this.#opener.open(connection, this.#code, { priority: 'bulk' });
    return this.#opened.integration;
  }

  async exports(connection: Connection): Promise<Exports> {
    const { exports } = await this.integration(connection);
    if (exports === undefined) {
      throw new InvariantError(`${this.#code.manifest.id} declares a backfill and exports nothing`);
    }
    return exports;
  }

  async settle(): Promise<void> {
    await this.#opened?.settle();
  }
}
