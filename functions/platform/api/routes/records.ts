import { listLosses, readFieldStory } from '../actions/records.ts';
import { restoreLoss } from '../actions/restore-conflict.ts';
import type { Route } from '../call.ts';
import { GET, POST, page } from './parts.ts';

/** Any record by its id: a ticket, a comment, a file, a customer or a company, whatever it hangs on. */
export const recordsRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/records/{record}/why/{field}',
    summary: 'Why a field of any record has its value: the chain of changes behind it, newest first',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'FieldStory' },
    action: readFieldStory,
  },
  {
    method: GET,
    path: '/v1/records/{record}/conflicts',
    summary: 'Values that lost in a record, newest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'ConflictPage' },
    action: listLosses,
  },
  {
    method: POST,
    path: '/v1/records/{record}/conflicts/{conflict}/restore',
    summary: 'Bring back a value that lost, or be told why it cannot come back',
    scope: 'tickets:write',
    isIdempotent: true,
    answer: { status: 200, schema: 'RestoreResult' },
    action: restoreLoss,
  },
];
