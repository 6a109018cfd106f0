import { listParked } from '../actions/list-parked.ts';
import { replayParked } from '../actions/replay-parked.ts';
import { cancelReplay, listReplays, readReplay, startReplay } from '../actions/replays.ts';
import type { Route } from '../call.ts';
import { parkedFilter } from '../schemas/parked.ts';
import { GET, POST, page } from './parts.ts';

/** Work set aside, and what brings it back. */
export const parkedRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/parked',
    summary: 'Work set aside, with the reason, whose fault it is, and what a replay would write',
    scope: 'connections:read',
    query: { ...page, ...parkedFilter },
    answer: { status: 200, schema: 'ParkedPage' },
    action: listParked,
  },
  {
    method: POST,
    path: '/v1/parked/replays',
    summary: 'Put back all parked work that is meant, oldest first, at a pace',
    scope: 'operations:write',
    body: 'ReplayFilter',
    answer: { status: 202, schema: 'Replay' },
    action: startReplay,
  },
  {
    method: GET,
    path: '/v1/parked/replays',
    summary: 'Replays in bulk, newest first',
    scope: 'connections:read',
    query: page,
    answer: { status: 200, schema: 'ReplayPage' },
    action: listReplays,
  },
  {
    method: GET,
    path: '/v1/parked/replays/{replay}',
    summary: 'How far a replay in bulk is',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Replay' },
    action: readReplay,
  },
  {
    method: POST,
    path: '/v1/parked/replays/{replay}/cancel',
    summary: 'Stop a replay in bulk; what has gone back stays back',
    scope: 'operations:write',
    answer: { status: 200, schema: 'Replay' },
    action: cancelReplay,
  },
  {
    method: POST,
    path: '/v1/parked/{parked}/replay',
    summary: 'Put one parked piece of work back',
    scope: 'operations:write',
    answer: { status: 202, schema: 'ReplayResult' },
    action: replayParked,
  },
];
