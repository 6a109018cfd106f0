import { finishAuthorization } from '../actions/finish-authorization.ts';
import { publishDocument, publishEventSchemas } from '../actions/publish-schemas.ts';
import type { Route } from '../call.ts';
import { GET } from './parts.ts';

/** What asks for no token. */
export const publicRoutes: readonly Route[] = [
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
