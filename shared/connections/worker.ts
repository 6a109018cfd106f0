import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvariantError, NotFoundError } from '../errors.ts';
import type {
  CheckMessage,
  ContentStore,
  EngineDeps,
  Platform,
  QueueMessage,
  WorkMessage,
} from '../ports/index.ts';
import { consume } from '../resilience/index.ts';
import { createReconciler, createWaitingRoom } from '../sync/index.ts';
import { checkNow } from './checks.ts';
import type { Directory } from './directory.ts';
import { engineDeps } from './engine-deps.ts';
import { type IntegrationCode, Opener } from './opener.ts';
import { workOpened } from './work-opened.ts';

/**
 * The function behind an integration's work queue: brings one link to its record, with everything around it.
 * It speaks to one vendor, and knows every mapping: what it reads there may concern every other copy.
 */
export function worker(code: IntegrationCode, integrations: EngineDeps['integrations'], platform: Platform) {
  const handle = reconciler({ code, integrations, platform, takes: ['reconcile', 'check'] });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

/** The one behind its queue of files, which alone is given their bytes. */
export function filesWorker(
  code: IntegrationCode,
  integrations: EngineDeps['integrations'],
  platform: Platform,
  content: ContentStore,
) {
  const handle = reconciler({ code, integrations, platform, content, takes: ['transfer'] });
  return middy<SQSEvent, SQSBatchResponse>().handler(handle);
}

type Taken = WorkMessage | CheckMessage;
interface Given {
  readonly code: IntegrationCode;
  readonly integrations: EngineDeps['integrations'];
  readonly platform: Platform;
  readonly content?: ContentStore;
  readonly takes: readonly Taken['type'][];
}

function reconciler({ code, integrations, platform, content, takes }: Given) {
  const deps = engineDeps(platform, integrations);
  const engine = { ...createReconciler(deps), ...createWaitingRoom(deps) };
  const opener = new Opener(platform);
  // The engine's own: it maps by what its adapter has been opened with, not by an older list.
  const directory = deps.connections;
  const isTaken = (message: QueueMessage): message is Taken => takes.some((type) => type === message.type);
  const check = async ({ organization, connection: id }: CheckMessage): Promise<boolean> => {
    const connection = await directory.get(organization, id);
    if (connection === undefined) return false;
    const turn = await checkNow({ opener, code, platform }, connection);
    if (turn === 'back') await engine.drain(organization, id);
    return true;
  };
  return consume(platform, async (message, { deadlineMs }) => {
    if (!isTaken(message))
      throw new InvariantError(`a ${message.type} reached a queue of ${takes.join(', ')}`);
    const isThere =
      message.type === 'check'
        ? await check(message)
        : await workOpened({ opener, code, directory, engine }, message, { deadlineMs, content });
    if (!isThere) await leave(directory, message);
  });
}

/** Of a removed connection nothing is left to do. @throws NotFoundError for one that never was */
async function leave(directory: Directory, { organization, connection }: QueueMessage): Promise<void> {
  if (await directory.wasRemoved(organization, connection)) return;
  throw new NotFoundError('there is no such connection');
}
