import { authorizeConnection } from '../actions/authorize-connection.ts';
import { checkConnection } from '../actions/check-connection.ts';
import { createConnection } from '../actions/create-connection.ts';
import { keepSecrets } from '../actions/keep-secrets.ts';
import { listConnections } from '../actions/list-connections.ts';
import { listIntegrations } from '../actions/list-integrations.ts';
import { readConnection } from '../actions/read-connection.ts';
import { removeConnection } from '../actions/remove-connection.ts';
import { chooseSchedule, dropSchedule, previewSchedule, readSchedule } from '../actions/schedule.ts';
import type { Route } from '../call.ts';
import { GET, POST } from './parts.ts';

/** Connections and what they can be made to. */
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
    method: POST,
    path: '/v1/connections',
    summary: 'Create a connection; it waits for its authorization',
    scope: 'connections:write',
    body: 'NewConnection',
    takesKey: true,
    answer: { status: 201, schema: 'Connection', location: 'The connection' },
    action: createConnection,
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
    method: 'DELETE',
    path: '/v1/connections/{connection}',
    summary: 'Remove a connection: its tokens are given back and its secrets deleted, the records stay',
    scope: 'connections:write',
    answer: { status: 204 },
    action: removeConnection,
  },
  {
    method: 'PUT',
    path: '/v1/connections/{connection}/secrets',
    summary: 'Fill in secrets of the vendor’s app; write only, those not named stay',
    scope: 'connections:write',
    body: 'SecretValues',
    answer: { status: 204 },
    action: keepSecrets,
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
    method: POST,
    path: '/v1/connections/{connection}/authorize',
    summary: 'Begin the authorization at the vendor',
    scope: 'connections:write',
    asksVendor: true,
    answer: { status: 200, schema: 'AuthorizationStart' },
    action: authorizeConnection,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/check',
    summary: 'Ask the vendor, now, whether the connection lives',
    scope: 'connections:write',
    asksVendor: true,
    answer: { status: 200, schema: 'CheckResult' },
    action: checkConnection,
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
