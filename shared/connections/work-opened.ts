import type { Connections, ContentStore, Engine, WorkMessage } from '../ports/index.ts';
import type { IntegrationCode, Opener } from './opener.ts';

/** What a worker has at hand, whatever message it takes up. */
export interface Bench {
  readonly opener: Opener;
  readonly code: IntegrationCode;
  readonly directory: Pick<Connections, 'get'>;
  readonly engine: Pick<Engine, 'reconcile' | 'drain' | 'drainRoot'>;
}

/** Until when, and where the bytes of files are kept, if it works on those. */
interface Given {
  readonly deadlineMs: number;
  readonly content: ContentStore | undefined;
}

/**
 * Brings one link to its record, with everything around its connection; false: there is no such connection. The
 * simulation works by it too: what it plays is the order that is deployed.
 */
export async function workOpened(
  { opener, code, directory, engine }: Bench,
  message: WorkMessage,
  { deadlineMs, content }: Given,
): Promise<boolean> {
  const { organization, connection: id, root } = message;
  const [connection, ahead] = await Promise.all([
    directory.get(organization, id),
    opener.lookAhead({ organization, id }),
  ]);
  if (connection === undefined) return false;
  let isBack = false;
  const onClosed = async () => {
    isBack = true;
  };
  const opened = await opener.open(connection, code, { priority: 'live', onClosed, ahead });
  try {
    await engine.reconcile(message, opened.integration, deadlineMs, content);
  } finally {
    await opened.settle();
  }
  // Only now: what the call that closed the breaker brought is saved before any other's work is looked at.
  if (isBack) await engine.drain(organization, id);
  if (await opened.isAuthorizedSince(directory)) await engine.drainRoot(organization, id, root);
  return true;
}
