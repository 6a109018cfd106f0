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
];
