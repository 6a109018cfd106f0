import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError, NotFoundError } from '../errors.ts';
import type { Engine, EngineDeps, Platform, QueueMessage, WorkMessage } from '../ports/index.ts';
import { consume } from '../resilience/index.ts';
import { createEngine } from '../sync/index.ts';
import { checkNow } from './checks.ts';
import type { Directory } from './directory.ts';
import { engineDeps } from './engine-deps.ts';
import { type IntegrationCode, Opener } from './opener.ts';

/**
 * The function behind an integration's work queue: brings one link to its record, with everything around it.
 * It speaks to one vendor, and knows every mapping: what it reads there may concern every other copy.
 */
export function worker(code: IntegrationCode, integrations: EngineDeps['integrations'], platform: Platform) {
  const deps = engineDeps(platform, integrations);
  const engine = createEngine(deps);
  const opener = new Opener(platform);
  // The engine's own: it maps by what its adapter has been opened with, not by an older list.
  const directory = deps.connections;
  const handle = consume(platform, async (message, { deadlineMs }) => {
    if (message.type === 'change' || message.type === 'backfill' || message.type === 'transfer') {
      throw new InvariantError(`a work queue held a ${message.type}`);
    }
    const { organization, connection: id } = message;
    const [connection, ahead] = await Promise.all([
      directory.get(organization, id),
      message.type === 'reconcile' ? opener.lookAhead({ organization, id }) : undefined,
    ]);
    if (connection === undefined) return leave(directory, message);
    if (message.type === 'check') {
      const turn = await checkNow({ opener, code, platform }, connection);
      if (turn === 'back') await engine.drain(message.organization, message.connection);
      return;
    }
    let isBack = false;
    const onClosed = async () => {
      isBack = true;
    };
    const opened = await opener.open(connection, code, { priority: 'live', onClosed, ahead });
    await reconcileAndSettle(engine, message, { opened, deadlineMs });
    // Only now: what the call that closed the breaker brought is saved before any other's work is looked at.
    if (isBack) await engine.drain(message.organization, message.connection);
  });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

/** Of a removed connection nothing is left to do. @throws NotFoundError for one that never was */
async function leave(directory: Directory, { organization, connection }: QueueMessage): Promise<void> {
  if (await directory.wasRemoved(organization, connection)) return;
  throw new NotFoundError('there is no such connection');
}

async function reconcileAndSettle(
  engine: Engine,
  message: WorkMessage,
  given: { opened: Awaited<ReturnType<Opener['open']>>; deadlineMs: number },
): Promise<void> {
  try {
    await engine.reconcile(message, given.opened.integration, given.deadlineMs);
  } finally {
    await given.opened.settle();
  }
}
