import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError } from '../errors.ts';
import type { EngineDeps, Platform } from '../ports/index.ts';
import { consume, countOpenBreakers } from '../resilience/index.ts';
import { createEngine, createMappingEngine, createObserver, createParker } from '../sync/index.ts';
import { storeAudit } from './audit.ts';
import { orderChecks } from './checks.ts';
import { createDirectory } from './directory.ts';
import { engineDeps } from './engine-deps.ts';
import { createRegister } from './register.ts';
import { runRemaps } from './remaps.ts';

type Integrations = EngineDeps['integrations'];

const ANNOUNCE_AT_ONCE = 100;
/** A run a minute looks at each of 2,000 connections in its time. */
const LOOKS_AT_ONCE = 200;
const RUNS_AT_ONCE = 5;

/** Behind the queues of live changes and of deltas: takes in one event, and calls no vendor. */
export function observer(integrations: Integrations, platform: Platform) {
  const { observe } = createObserver(engineDeps(platform, integrations));
  const handle = consume(platform, async (message) => {
    if (message.type !== 'change') throw new InvariantError(`a queue of changes held a ${message.type}`);
    await observe(message);
  });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

/** What else the sweep is the net under; the log tells how much of it there was. */
export interface Chore {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** On a schedule: sends again what is open, overdue or unpublished, of records and of connections. */
export function sweeper(integrations: Integrations, platform: Platform, chores: readonly Chore[] = []) {
  const { clock, random, bus, queues, stores, telemetry } = platform;
  const directory = createDirectory({ store: stores.connections, clock });
  const deps = engineDeps(platform, integrations);
  const engine = createEngine(deps);
  const { remap } = createMappingEngine(deps);
  const audit = storeAudit({ store: stores.audit, random });
  const register = createRegister({ store: stores.connections, clock, random, audit, bus });
  const checks = { store: stores.connections, records: stores.records, directory, queues, clock, random };
  const remaps = { store: stores.connections, clock, audit, remap };
  // A replay in bulk may be long, and any number of them under way: nobody waits behind them.
  const parts: readonly Chore[] = [
    { name: 'announced', run: () => register.announceDue(ANNOUNCE_AT_ONCE) },
    { name: 'checked', run: () => orderChecks(checks, LOOKS_AT_ONCE) },
    { name: 'remapped', run: () => runRemaps(remaps, RUNS_AT_ONCE) },
    ...chores,
    { name: 'replayed', run: () => engine.advanceReplays() },
  ];
  return middy<unknown, void>().handler(async () => {
    const report = await engine.sweep();
    // Told at every sweep, also when there are none: an alarm stands on it.
    telemetry.metric('OpenBreakers', await countOpenBreakers(stores.limits, clock.now()), {});
    const done: Record<string, number> = {};
    const failures: unknown[] = [];
    for (const { name, run } of parts) {
      try {
        done[name] = await run();
      } catch (error) {
        failures.push(error);
      }
    }
    telemetry.log('info', 'swept', {}, { ...report, ...done });
    if (failures.length > 0) throw new AggregateError(failures, 'parts of the sweep failed');
  });
}

/** Behind every dead-letter queue: what landed there is parked, visible and replayable. */
export function deadLetterParker(integrations: Integrations, platform: Platform) {
  const { deadLetter } = createParker(engineDeps(platform, integrations));
  const handle = consume(platform, async (message, { record }) => {
    // The sweeper asks again anyway.
    if (message.type === 'check' || message.type === 'backfill') return;
    await deadLetter(message, `dead-lettered by ${queueName(record.eventSourceARN)}`);
  });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

function queueName(arn: string): string {
  return arn.split(':').at(-1) ?? 'a queue';
}
