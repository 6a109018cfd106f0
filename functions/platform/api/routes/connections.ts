import { listConnections } from '../actions/list-connections.ts';
import { listIntegrations } from '../actions/list-integrations.ts';
import { readConnection } from '../actions/read-connection.ts';
import { chooseSchedule, dropSchedule, previewSchedule, readSchedule } from '../actions/schedule.ts';
import type { Route } from '../call.ts';
import { GET, POST } from './parts.ts';

/** Connections as they stand, and when they are asked. */
export const connectionsRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/connections',
    summary: 'Connections with their honest health, lag and accounting',
    scope: 'connections:read',
    answer: { status: 200, schema: 'ConnectionList' },
    action: listConnections,
  },
  {
    method: GET,
    path: '/v1/connections/{connection}',
    summary: 'One connection',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Connection' },
    action: readConnection,
  },
  {
    method: GET,
    path: '/v1/connections/{connection}/schedule',
    summary: 'When the vendor is asked for what no event has told, and the next times',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Schedule' },
    action: readSchedule,
  },
  {
    method: 'PUT',
    path: '/v1/connections/{connection}/schedule',
    summary: 'Choose when the vendor is asked: a six-field cron or a rate, in a time zone',
    scope: 'connections:write',
    body: 'ScheduleChoice',
    answer: { status: 200, schema: 'Schedule' },
    action: chooseSchedule,
  },
  {
    method: 'DELETE',
    path: '/v1/connections/{connection}/schedule',
    summary: 'Back to the integration’s own schedule',
    scope: 'connections:write',
    answer: { status: 200, schema: 'Schedule' },
    action: dropSchedule,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/schedule/preview',
    summary: 'The next times of a schedule, with nothing changed',
    scope: 'connections:read',
    body: 'ScheduleChoice',
    answer: { status: 200, schema: 'Schedule' },
    action: previewSchedule,
  },
  {
    method: GET,
    path: '/v1/integrations',
    summary: 'What the hub can connect to',
    scope: 'connections:read',
    answer: { status: 200, schema: 'IntegrationList' },
    action: listIntegrations,
  },
];
