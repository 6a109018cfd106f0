import { Opener } from '../../../shared/connections/index.ts';
import type { ContentStore, Engine, WorkMessage } from '../../../shared/ports/index.ts';
import type { Invocation, Ports } from '../invocation.ts';
import { codeFor, platformFor } from '../platform.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';

interface Given {
  readonly engine: Engine;
  readonly ports: Ports;
  readonly message: WorkMessage;
  readonly content: ContentStore;
}

/** A worker whose connection is opened with all that stands around an adapter in production, its tokens among it. */
export async function reconcileOpened(
  world: World,
  site: Site,
  invocation: Invocation,
  { engine, ports, message, content }: Given,
): Promise<void> {
  const { organization, connection: id, integration } = site;
  const opener = new Opener(platformFor(world, invocation));
  const [connection, ahead] = await Promise.all([
    ports.connections.get(organization, id),
    opener.lookAhead({ organization, id }),
  ]);
  let isBack = false;
  const onClosed = async () => {
    isBack = true;
  };
  const code = codeFor(world, integration, invocation);
  const opened = await opener.open(connection!, code, { priority: 'live', onClosed, ahead });
  try {
    await engine.reconcile(message, opened.integration, invocation.deadlineMs, content);
  } finally {
    await opened.settle();
  }
  if (isBack) await engine.drain(organization, id);
  if (await opened.isAuthorizedSince(ports.connections))
    await engine.drainRoot(organization, id, message.root);
}
