import { TICKET_STATUSES } from '../../../shared/domain/index.ts';
import { addComment } from './actions/add-comment.ts';
import { authorizeConnection } from './actions/authorize-connection.ts';
import { changeTicket } from './actions/change-ticket.ts';
import { checkConnection } from './actions/check-connection.ts';
import { createConnection } from './actions/create-connection.ts';
import { changeFeatures, readFeatures } from './actions/features.ts';
import { finishAuthorization } from './actions/finish-authorization.ts';
import { keepSecrets } from './actions/keep-secrets.ts';
import { listAudit } from './actions/list-audit.ts';
import { listComments } from './actions/list-comments.ts';
import { listConnections } from './actions/list-connections.ts';
import { listIntegrations } from './actions/list-integrations.ts';
import { listParked } from './actions/list-parked.ts';
import { listConversations, listTickets } from './actions/list-tickets.ts';
import { publishDocument, publishEventSchemas } from './actions/publish-schemas.ts';
import { readConnection } from './actions/read-connection.ts';
import { readTicket } from './actions/read-ticket.ts';
import { readTimeline } from './actions/read-timeline.ts';
import { readWhy } from './actions/read-why.ts';
import { removeConnection } from './actions/remove-connection.ts';
import { replayParked } from './actions/replay-parked.ts';
import { restoreConflict } from './actions/restore-conflict.ts';
import type { Route, Schema } from './call.ts';

const page: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
  cursor: { type: 'string', minLength: 1, maxLength: 2_048, description: '`next` of the page before.' },
};
const status: Schema = { type: 'string', enum: TICKET_STATUSES };
const connection: Schema = { type: 'string', minLength: 1, maxLength: 128 };

const GET = 'GET' as const;
const POST = 'POST' as const;

/** The whole API: its dispatcher, its OpenAPI document and its tenancy attack are all read from here. */
export const routes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/conversations',
    summary: 'Tickets that a channel holds as conversations, newest activity first',
    scope: 'tickets:read',
    query: { ...page, status },
    answer: { status: 200, schema: 'TicketPage' },
    action: listConversations,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}',
    summary: 'One conversation',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Ticket' },
    action: readTicket,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}/messages',
    summary: 'Messages and notes of a conversation, oldest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'CommentPage' },
    action: listComments,
  },
  {
    method: POST,
    path: '/v1/conversations/{conversation}/messages',
    summary: 'Reply to the customer, or leave an internal note',
    scope: 'tickets:write',
    body: 'NewComment',
    isIdempotent: true,
    answer: { status: 201, schema: 'Comment' },
    action: addComment,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}/timeline',
    summary: 'Everything that happened in a conversation, oldest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'TimelinePage' },
    action: readTimeline,
  },
  {
    method: GET,
    path: '/v1/tickets',
    summary: 'All tickets, newest activity first',
    scope: 'tickets:read',
    query: { ...page, status },
    answer: { status: 200, schema: 'TicketPage' },
    action: listTickets,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}',
    summary: 'One ticket',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Ticket' },
    action: readTicket,
  },
  {
    method: 'PATCH',
    path: '/v1/tickets/{ticket}',
    summary: 'Change status, priority or subject',
    scope: 'tickets:write',
    body: 'TicketChange',
    isIdempotent: true,
    answer: { status: 200, schema: 'Ticket' },
    action: changeTicket,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/comments',
    summary: 'Comments and notes of a ticket, oldest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'CommentPage' },
    action: listComments,
  },
  {
    method: POST,
    path: '/v1/tickets/{ticket}/comments',
    summary: 'Add a public reply or an internal note',
    scope: 'tickets:write',
    body: 'NewComment',
    isIdempotent: true,
    answer: { status: 201, schema: 'Comment' },
    action: addComment,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/timeline',
    summary: 'Everything that happened to a ticket, oldest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'TimelinePage' },
    action: readTimeline,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/why/{field}',
    summary: 'Why a field has its value: the chain of changes behind it, newest first',
    scope: 'tickets:read',
    query: {
      record: {
        type: 'string',
        minLength: 1,
        maxLength: 128,
        description: 'A comment of the ticket, or its customer; left out, the ticket itself.',
      },
    },
    answer: { status: 200, schema: 'FieldStory' },
    action: readWhy,
  },
  {
    method: POST,
    path: '/v1/tickets/{ticket}/conflicts/{conflict}/restore',
    summary: 'Bring back a value that lost, of the ticket, a comment or its customer',
    scope: 'tickets:write',
    isIdempotent: true,
    answer: { status: 200, schema: 'RestoreResult' },
    action: restoreConflict,
  },
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
    path: '/v1/parked',
    summary: 'Work set aside, with the reason and whose fault it is',
    scope: 'connections:read',
    query: { ...page, connection },
    answer: { status: 200, schema: 'ParkedPage' },
    action: listParked,
  },
  {
    method: POST,
    path: '/v1/parked/{parked}/replay',
    summary: 'Put one parked piece of work back',
    scope: 'operations:write',
    answer: { status: 202, schema: 'ReplayResult' },
    action: replayParked,
  },
  {
    method: GET,
    path: '/v1/integrations',
    summary: 'What the hub can connect to',
    scope: 'connections:read',
    answer: { status: 200, schema: 'IntegrationList' },
    action: listIntegrations,
  },
  {
    method: GET,
    path: '/v1/features',
    summary: 'What is switched on for your organization',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Features' },
    action: readFeatures,
  },
  {
    method: 'PATCH',
    path: '/v1/features',
    summary: 'Switch features on or off for your organization',
    scope: 'connections:write',
    body: 'FeatureChange',
    answer: { status: 200, schema: 'Features' },
    action: changeFeatures,
  },
  {
    method: GET,
    path: '/v1/audit',
    summary: 'Every operation on a connection, newest first',
    scope: 'connections:read',
    query: page,
    answer: { status: 200, schema: 'AuditPage' },
    action: listAudit,
  },
  {
    method: GET,
    path: '/v1/events/schemas',
    summary: 'JSON Schemas of the events on the bus',
    answer: { status: 200, schema: 'EventSchemas' },
    action: publishEventSchemas,
  },
  {
    method: GET,
    path: '/openapi.json',
    summary: 'This document',
    answer: { status: 200, schema: 'Document' },
    action: publishDocument,
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
];
