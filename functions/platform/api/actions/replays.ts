import type { ReplayJob } from '../../../../shared/ports/index.ts';
import type { Action } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { filterBody, filterFrom } from '../views/parked-filter.ts';
import { isoTime } from '../views/time.ts';
import { nothingThere } from './find-ticket.ts';

function replayBody({ startedAtMs, endedAtMs, filter, ...rest }: ReplayJob) {
  return {
    ...rest,
    filter: filterBody(filter),
    startedAt: isoTime(startedAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: isoTime(endedAtMs) }),
  };
}

export const startReplay: Action = async ({ caller, body }, { engine }) => {
  const job = await engine.startReplay(caller.organization, filterFrom(body), caller.actor);
  return { status: 202, body: replayBody(job) };
};

export const listReplays: Action = async (call, { reading }) => {
  const slice = await reading.replays(call.caller.organization, sliceOf(call));
  return { status: 200, body: pageBody(slice, replayBody) };
};

export const readReplay: Action = async ({ caller, path }, { reading }) => {
  const job = await reading.replay(caller.organization, path.replay as string);
  if (job === undefined) throw nothingThere();
  return { status: 200, body: replayBody(job) };
};

export const cancelReplay: Action = async ({ caller, path }, { engine }) => {
  const job = await engine.cancelReplay(caller.organization, path.replay as string);
  return { status: 200, body: replayBody(job) };
};
