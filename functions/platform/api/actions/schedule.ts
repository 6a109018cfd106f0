import {
  inForce,
  nextRuns,
  runsAhead,
  type Schedule,
  type ScheduleData,
} from '../../../../shared/connections/schedules.ts';
import { ConflictError } from '../../../../shared/errors.ts';
import type { Connection, Manifest } from '../../../../shared/ports/index.ts';
import type { Action, Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { isoTime } from '../views/time.ts';
import { findConnection } from './find-connection.ts';

function bodyOf(schedule: Schedule | undefined, kept: ScheduleData | undefined, nowMs: number) {
  if (schedule === undefined) return { isPolled: false, isOwn: false, nextRuns: [] };
  const runs = nextRuns(schedule, { sinceMs: kept?.sinceMs ?? nowMs, afterMs: nowMs });
  const isOwn = kept?.own !== undefined;
  return { isPolled: true, isOwn, ...schedule, nextRuns: runs.map((atMs) => isoTime(atMs)) };
}

function polled(connection: Connection, { catalog }: ApiDeps): Manifest {
  const manifest = catalog.find(({ id }) => id === connection.integration);
  if (manifest?.poll !== undefined) return manifest;
  throw new ConflictError(
    `${connection.integration} has no list of changes to ask for: it tells everything by itself`,
  );
}

function wantedIn({ body }: Call): Schedule {
  const { expression, timeZone = 'UTC' } = body as unknown as { expression: string; timeZone?: string };
  return { expression, timeZone };
}

export const readSchedule: Action = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const manifest = deps.catalog.find(({ id }) => id === connection.integration);
  const kept = await deps.schedules.read(connection);
  const body = bodyOf(manifest && inForce(manifest, kept), kept, deps.clock.now());
  return { status: 200, body };
};

/** What it would do, with nothing changed. */
export const previewSchedule: Action = async (call, deps) => {
  polled(await findConnection(call, deps), deps);
  const nowMs = deps.clock.now();
  const own = wantedIn(call);
  runsAhead(own, nowMs);
  return { status: 200, body: bodyOf(own, { own, sinceMs: nowMs, ranAtMs: nowMs }, nowMs) };
};

async function choose(call: Call, deps: ApiDeps, own: Schedule | undefined) {
  const connection = await findConnection(call, deps);
  const manifest = polled(connection, deps);
  const kept = await deps.schedules.choose(connection, own);
  const { organization, id } = connection;
  const atMs = deps.clock.now();
  const facts = own === undefined ? {} : { expression: own.expression, timeZone: own.timeZone };
  const deed = { organization, connection: id, actor: call.caller.actor, action: 'connection.scheduled' };
  await deps.audit.append({ ...deed, outcome: 'done', atMs, facts });
  return { status: 200, body: bodyOf(inForce(manifest, kept), kept, atMs) };
}

export const chooseSchedule: Action = (call, deps) => choose(call, deps, wantedIn(call));

export const dropSchedule: Action = (call, deps) => choose(call, deps, undefined);
