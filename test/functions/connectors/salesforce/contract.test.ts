import { vendorFields } from '../../../../functions/connectors/salesforce/adapter/write.ts';
import { adapter } from '../../../../functions/connectors/salesforce/adapter.ts';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { mapping } from '../../../../functions/connectors/salesforce/mapping.ts';
import type {
  ConnectionId,
  ExternalId,
  Fields,
  OrganizationId,
  RecordKind,
} from '../../../../shared/domain/index.ts';
import type { Connection, CopyRef, Opening } from '../../../../shared/ports/index.ts';
import { describeIntegration, type VendorWorld } from '../../../contracts/integration.ts';
import { type BusEntry, startSalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';

const START = Date.parse('2026-11-22T12:00:00.400Z');
const OBJECTS: Record<RecordKind, string> = { ticket: 'Case', comment: 'CaseComment', contact: 'Contact' };
const FAILURES = {
  throttled: { effect: 'throttle' },
  unavailable: { effect: 'fail' },
  rejected: { effect: 'error', error: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', status: 400 },
  unauthorized: { effect: 'error', error: 'INVALID_SESSION_ID', status: 401 },
} as const;

async function openWorld(): Promise<VendorWorld> {
  let nowMs = START;
  const clock = { now: () => nowMs };
  const entries: BusEntry[] = [];
  const sandbox = await startSalesforceSandbox({
    clock,
    eventDelayMs: 0,
    publishEvents: async (batch) => {
      entries.push(...batch);
    },
  });
  const { human } = sandbox;
  const connection: Connection = {
    id: 'c1' as ConnectionId,
    organization: 'acme' as OrganizationId,
    integration: 'salesforce',
    name: 'sandbox',
    baseUrl: sandbox.url,
    state: { kind: 'active' },
    hubUserId: sandbox.hubUserId,
    account: sandbox.orgId,
    settings: {},
    createdAtMs: START,
  };
  const opening: Opening = {
    connection,
    secrets: { consumerKey: sandbox.consumerKey, privateKey: sandbox.privateKey, username: sandbox.username },
    fetch,
    clock,
    reportUsage: () => undefined,
  };
  const grant = await adapter.authorization(opening).renew(undefined);
  const context = () => ({ hubUserId: sandbox.hubUserId, settings: {}, receivedAtMs: nowMs });
  const raw = (kind: RecordKind, fields: Fields): Record<string, unknown> => {
    const comment = { visibility: 'public', body: String(fields.body), author: { role: 'agent' } } as const;
    const record = { id: 'none' as never, kind, fields, copy: 'ours' as const, comment };
    return vendorFields(kind, mapping.project(record, context()) ?? {});
  };
  const find = (copy: CopyRef) =>
    human.find(
      `SELECT ${COLUMNS[copy.kind]} FROM ${OBJECTS[copy.kind]} WHERE Id = '${copy.externalId}' AND IsDeleted = false`,
    )[0];
  return {
    integration: adapter.open(opening, grant),
    get context() {
      return context();
    },
    person: {
      async creates({ kind, fields, root, visibility }) {
        const parent =
          root === undefined ? {} : { ParentId: root.externalId, IsPublished: visibility === 'public' };
        const { id } = human.create(OBJECTS[kind], { ...raw(kind, fields), ...parent });
        const copy = { kind, externalId: id as ExternalId };
        return root === undefined ? copy : { ...copy, rootExternalId: root.externalId };
      },
      edits: async (copy, fields) => human.edit(copy.externalId, raw(copy.kind, fields)),
      deletes: async (copy) => human.remove(copy.externalId),
      undeletes: async (copy) => human.undelete(copy.externalId),
    },
    control: {
      async truth(copy) {
        const row = find(copy);
        return row && (TRUTHS[copy.kind](row) as Fields);
      },
      async count(kind, root) {
        const where = root === undefined ? '' : ` AND ParentId = '${root.externalId}'`;
        return human.find(`SELECT Id FROM ${OBJECTS[kind]} WHERE IsDeleted = false${where}`).length;
      },
      loseNextAnswer: async () =>
        sandbox.faults.add({ on: 'call', path: '/composite', effect: 'drop-after' }),
      failNextWrite: async (failure) =>
        sandbox.faults.add({ on: 'call', path: '/composite', ...FAILURES[failure] }),
      hide: async (copy) => sandbox.settings({ hidden: [copy.externalId] }),
      advance: async (byMs) => {
        nowMs += byMs;
      },
      async deliveries() {
        await sandbox.flush();
        return entries.splice(0).map((entry) => ({
          body: Buffer.from(
            JSON.stringify({
              source: entry.Source,
              'detail-type': entry.DetailType,
              detail: JSON.parse(entry.Detail),
            }),
          ),
          contentType: 'application/json',
        }));
      },
    },
    close: () => sandbox.close(),
  };
}

const COLUMNS: Record<RecordKind, string> = {
  ticket: 'Subject, Description, Status, Priority, ContactId',
  comment: 'CommentBody',
  contact: 'Name, Email, Phone',
};
const TRUTHS: Record<RecordKind, (row: Record<string, unknown>) => Record<string, unknown>> = {
  ticket: (row) => ({
    subject: row.Subject,
    description: row.Description,
    status: row.Status,
    priority: row.Priority,
    requester: row.ContactId,
  }),
  comment: (row) => ({ body: row.CommentBody }),
  contact: (row) => ({ name: row.Name, email: row.Email, phone: row.Phone }),
};

describeIntegration(manifest, mapping, { open: openWorld });
