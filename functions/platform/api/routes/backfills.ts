import { cancelBackfill, listBackfills, readBackfill, startBackfill } from '../actions/backfills.ts';
import type { Route } from '../call.ts';
import { GET, POST } from './parts.ts';

/** Whole histories on their way in, or out. */
export const backfillsRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/connections/{connection}/backfills',
    summary: 'Backfills of a connection, newest first, with their progress',
    scope: 'connections:read',
    answer: { status: 200, schema: 'BackfillList' },
    action: listBackfills,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/backfills',
    summary:
      'Bring in everything the vendor has, or out what has no copy there, at a pace that leaves live changes theirs',
    scope: 'operations:write',
    body: 'NewBackfill',
    answer: { status: 202, schema: 'Backfill' },
    action: startBackfill,
  },
  {
    method: GET,
    path: '/v1/backfills/{backfill}',
    summary: 'Progress of one backfill: records, rate and time left',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Backfill' },
    action: readBackfill,
  },
  {
    method: POST,
    path: '/v1/backfills/{backfill}/cancel',
    summary: 'Stop a backfill; what it has enqueued is still taken in',
    scope: 'operations:write',
    answer: { status: 200, schema: 'Backfill' },
    action: cancelBackfill,
  },
];
