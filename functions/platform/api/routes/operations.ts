import { changeFeatures, readFeatures } from '../actions/features.ts';
import { listAudit } from '../actions/list-audit.ts';
import type { Route } from '../call.ts';
import { GET, page } from './parts.ts';

/** What runs the hub: switches, the audit. */
export const operationsRoutes: readonly Route[] = [
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
];
