import { authorizeConnection } from '../actions/authorize-connection.ts';
import { checkConnection } from '../actions/check-connection.ts';
import { createConnection } from '../actions/create-connection.ts';
import { finishAuthorization } from '../actions/finish-authorization.ts';
import { keepSecrets } from '../actions/keep-secrets.ts';
import { removeConnection } from '../actions/remove-connection.ts';
import type { Route } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { mappingRoutes } from './mapping.ts';
import { GET, POST } from './parts.ts';

/**
 * What calls vendors or holds what they have entrusted, in a function of its own. `desk-paths.ts` says so to the public
 * API.
 */
export const deskRoutes: readonly Route<DeskDeps>[] = [
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
    path: '/oauth/callback',
    summary: 'Where a vendor sends a person back to after authorizing a connection',
    query: {
      state: { type: 'string', description: 'As it was given to the vendor.' },
      code: { type: 'string', description: 'RFC 6749 §4.1.2' },
      error: { type: 'string', description: 'RFC 6749 §4.1.2.1, instead of a code' },
    },
    asksVendor: true,
    answer: { status: 303, location: 'The console, with what became of it' },
    action: finishAuthorization,
  },
  ...mappingRoutes,
];
