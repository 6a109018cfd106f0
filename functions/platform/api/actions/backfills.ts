import type { JobId, RecordKind } from '../../../../shared/domain/index.ts';
import { InvariantError } from '../../../../shared/errors.ts';
import type { Manifest } from '../../../../shared/ports/index.ts';
import type { Action } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { backfillBody } from '../views/backfill.ts';
import { findConnection } from './find-connection.ts';

/** Once a connection's history is on its way, its live changes keep a lane of their own. */
export const startBackfill: Action = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const { direction, kinds, since } = call.body as {
    direction?: 'in' | 'out';
    kinds?: readonly RecordKind[];
    since?: string;
  };
  const job = await deps.backfills.start({
    connection,
    manifest: manifestOf(connection.integration, deps),
    actor: call.caller.actor,
    ...(direction === undefined ? {} : { direction }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
  });
  return { status: 202, body: backfillBody(job) };
};

export const listBackfills: Action = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const { backfill } = manifestOf(connection.integration, deps);
  const offers = { isOffered: backfill !== undefined, isOfferedOut: backfill?.outward !== undefined };
  const items = (await deps.backfills.of(connection)).map(backfillBody);
  return { status: 200, body: { ...offers, items } };
};

export const readBackfill: Action = async ({ caller, path }, { backfills }) => {
  const job = await backfills.get(caller.organization, path.backfill as JobId);
  return { status: 200, body: backfillBody(job) };
};

export const cancelBackfill: Action = async ({ caller, path }, { backfills }) => {
  const job = await backfills.cancel(caller.organization, path.backfill as JobId, caller.actor);
  return { status: 200, body: backfillBody(job) };
};

function manifestOf(integration: string, { catalog }: ApiDeps): Manifest {
  const manifest = catalog.find(({ id }) => id === integration);
  if (manifest === undefined) throw new InvariantError('a connection of no integration there is');
  return manifest;
}
