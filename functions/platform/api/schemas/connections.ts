import { FEATURES } from '../../../../shared/config/index.ts';
import type { Schema } from '../call.ts';
import { count, fields, id, list, object, oneOf, pageOf, ref, text, time } from './parts.ts';

const fault = oneOf(['organization', 'vendor', 'hub']);

const Health = object(
  {
    state: oneOf(['healthy', 'unproven', 'behind', 'silent', 'degraded', 'parked', 'pending']),
    reason: text,
    fault,
    since: time,
  },
  ['fault', 'since'],
);

const Accounting = object({
  since: {
    ...time,
    description:
      'Only what was accepted from here on is counted: as long as closed events are kept, which is an hour longer than the vendor may send them again, or the newest thousand of a busy connection.',
  },
  accepted: { ...count, description: 'Counted at the door, apart from what became of each event.' },
  applied: count,
  merged: count,
  echo: count,
  filtered: count,
  parked: count,
  open: count,
  isBalanced: {
    type: 'boolean',
    description:
      'accepted = applied + merged + echo + filtered + parked + open; false when an accepted event has vanished.',
  },
});

const milliseconds: Schema = { type: 'number', minimum: 0 };
const Lag = object(
  {
    p50Ms: milliseconds,
    p99Ms: milliseconds,
    samples: list(object({ at: time, ms: milliseconds })),
  },
  ['p50Ms', 'p99Ms'],
);

const Connection = object(
  {
    id,
    integration: text,
    kind: oneOf(['channel', 'connector']),
    name: text,
    baseUrl: text,
    account: text,
    webhookUrl: text,
    secretName: { ...text, description: 'Its secret in Secrets Manager, for its owner to fill.' },
    settings: fields,
    health: ref('Health'),
    lastProofAt: time,
    lag: ref('Lag'),
    breaker: object({ state: oneOf(['closed', 'open', 'half-open']), until: time }, ['until']),
    accounting: ref('Accounting'),
    parkedWork: count,
    oldestOpenAt: time,
    createdAt: time,
  },
  ['account', 'webhookUrl', 'lastProofAt', 'oldestOpenAt'],
);

const Integration = object({
  id: text,
  kind: oneOf(['channel', 'connector']),
  name: text,
  version: text,
  capabilities: list(text),
  auth: list(text),
  isCustomerVisible: { type: 'boolean' },
  secrets: { ...list(text), description: 'Names of the values a connection’s secret holds.' },
  settingsSchema: { type: 'object' },
});

const Features = object(Object.fromEntries(FEATURES.map((name) => [name, { type: 'boolean' }])));

const AuditEntry = object({
  at: time,
  connection: text,
  actor: text,
  action: text,
  outcome: oneOf(['done', 'refused', 'uncertain']),
  facts: fields,
});

const secretValues: Schema = {
  type: 'object',
  additionalProperties: { type: 'string', minLength: 1, maxLength: 16_384 },
  maxProperties: 20,
};

export const CONNECTION_REQUESTS: Readonly<Record<string, Schema>> = {
  FeatureChange: { ...Features, required: [], minProperties: 1 },
  ScheduleChoice: object(
    {
      expression: {
        type: 'string',
        maxLength: 200,
        description:
          '`rate(15 minutes)` or `cron(30 2 * * ? *)`: minute, hour, day of month, month, day of week, year, as EventBridge Scheduler reads them. A time that summer time skips runs as soon as there is one; one that comes twice runs once.',
      },
      timeZone: { type: 'string', maxLength: 64, default: 'UTC', description: 'As Europe/Berlin.' },
    },
    ['timeZone'],
  ),
  NewConnection: object(
    {
      integration: { type: 'string', minLength: 1, maxLength: 64 },
      name: { type: 'string', minLength: 1, maxLength: 120, pattern: '\\S' },
      baseUrl: { type: 'string', format: 'uri', maxLength: 2_048 },
      settings: fields,
      secrets: {
        ...secretValues,
        description: 'Write only; `GET /v1/integrations` names them. More can be given later.',
      },
    },
    ['baseUrl', 'settings', 'secrets'],
  ),
  SecretValues: { ...secretValues, minProperties: 1 },
};

export const CONNECTION_ANSWERS: Readonly<Record<string, Schema>> = {
  Health,
  Accounting,
  Lag,
  Connection,
  Integration,
  Features,
  AuditEntry,
  ConnectionList: object({ items: list(ref('Connection')) }),
  IntegrationList: object({ items: list(ref('Integration')) }),
  AuditPage: pageOf('AuditEntry'),
  AuthorizationStart: {
    ...object({ state: oneOf(['needs-person', 'authorized']), authorizeUrl: text }, ['authorizeUrl']),
    description: '`needs-person`: somebody must visit `authorizeUrl` in the browser that made this request.',
  },
  Schedule: object(
    {
      isPolled: { type: 'boolean', description: 'False where the vendor has no list of changes to ask for.' },
      isOwn: { type: 'boolean', description: 'Chosen for this connection.' },
      expression: text,
      timeZone: text,
      nextRuns: list(time),
    },
    ['expression', 'timeZone'],
  ),
  CheckResult: object({ state: oneOf(['healthy', 'unhealthy']), account: text, reason: text, code: text }, [
    'account',
    'reason',
    'code',
  ]),
};
