import { Opener, workOpened } from '../../../shared/connections/index.ts';
import { NotFoundError } from '../../../shared/errors.ts';
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
  const opener = new Opener(platformFor(world, invocation));
  const code = codeFor(world, site.integration, invocation);
  const bench = { opener, code, directory: ports.connections, engine };
  const { deadlineMs } = invocation;
  const isThere = await workOpened(bench, message, { deadlineMs, content });
  if (!isThere) throw new NotFoundError('there is no such connection');
}
