import {
  previewMapping,
  putMapping,
  readMapping,
  suggestMapping,
  validateMapping,
} from '../actions/mapping.ts';
import type { Route } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { GET, POST } from './parts.ts';

export const mappingRoutes: readonly Route<DeskDeps>[] = [
  {
    method: GET,
    path: '/v1/connections/{connection}/mapping',
    summary: 'How a connection’s fields stand to the hub’s, and where its last change stands',
    scope: 'connections:read',
    answer: { status: 200, schema: 'Mapping' },
    action: readMapping,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/mapping/suggestion',
    summary: 'What the vendor has, and a mapping to begin with',
    scope: 'connections:write',
    asksVendor: true,
    answer: { status: 200, schema: 'MappingSuggestion' },
    action: suggestMapping,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/mapping/validation',
    summary: 'Every fault of a mapping at once, each with its path',
    scope: 'connections:write',
    body: 'MappingValidation',
    asksVendor: true,
    answer: { status: 200, schema: 'MappingVerdict' },
    action: validateMapping,
  },
  {
    method: POST,
    path: '/v1/connections/{connection}/mapping/preview',
    summary: 'What a mapping would write where, on the newest records; writes nothing',
    scope: 'connections:write',
    alsoScope: 'tickets:read',
    body: 'MappingTrial',
    asksVendor: true,
    answer: { status: 200, schema: 'MappingPreview' },
    action: previewMapping,
  },
  {
    method: 'PUT',
    path: '/v1/connections/{connection}/mapping',
    summary: 'Change a connection’s mapping; its records take it up in the background',
    scope: 'connections:write',
    body: 'MappingChange',
    asksVendor: true,
    answer: { status: 200, schema: 'Mapping' },
    action: putMapping,
  },
];
