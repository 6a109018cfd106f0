import { vendorFields } from '../../../../functions/connectors/salesforce/adapter/fields.ts';
import { adapter } from '../../../../functions/connectors/salesforce/adapter/files.ts';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { mapping } from '../../../../functions/connectors/salesforce/mapping.ts';
import type { ExternalId, Fields, RecordKind } from '../../../../shared/domain/index.ts';
import type { CopyRef } from '../../../../shared/ports/index.ts';
import { describeIntegration, type FilesWorld, type VendorWorld } from '../../../contracts/integration.ts';
import { connected, RECORD } from './world.ts';

const OBJECTS: Record<RecordKind, string> = {
  ticket: 'Case',
  comment: 'CaseComment',
  contact: 'Contact',
  account: 'Account',
  attachment: 'ContentDocument',
};
const COLUMNS: Record<RecordKind, Record<string, string>> = {
  ticket: {
    subject: 'Subject',
    description: 'Description',
    status: 'Status',
    priority: 'Priority',
    requester: 'ContactId',
  },
  comment: { body: 'CommentBody' },
  contact: { name: 'Name', email: 'Email', phone: 'Phone', account: 'AccountId' },
  account: { name: 'Name', website: 'Website', phone: 'Phone' },
  attachment: {},
};
const FAILURES = {
  throttled: { effect: 'throttle' },
  unavailable: { effect: 'fail' },
  rejected: { effect: 'error', error: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', status: 400 },
  unauthorized: { effect: 'error', error: 'INVALID_SESSION_ID', status: 401 },
} as const;

async function openWorld(): Promise<VendorWorld> {
  const { sandbox, clock, integration, relayed, opening, grant } = await connected();
  const { human, faults } = sandbox;
  const context = () => ({ hubUserId: sandbox.hubUserId, settings: {}, receivedAtMs: clock.now() });
  const raw = (kind: RecordKind, fields: Fields): Record<string, unknown> => {
    const comment = { visibility: 'public', body: String(fields.body), author: { role: 'agent' } } as const;
    const record = { id: RECORD, kind, fields, copy: 'ours' as const, comment };
    return vendorFields(kind, mapping.project(record, context()) ?? {}, manifest.mapping!);
  };
  const living = (kind: RecordKind, where: string) => {
    const columns = Object.values(COLUMNS[kind]).join(', ');
    return human.find(`SELECT ${columns} FROM ${OBJECTS[kind]} WHERE IsDeleted = false${where}`);
  };
  const truth = ({ kind, externalId }: CopyRef): Fields | undefined => {
    const [row] = living(kind, ` AND Id = '${externalId}'`);
    if (row === undefined) return undefined;
    return Object.fromEntries(
      Object.entries(COLUMNS[kind]).map(([name, column]) => [name, row[column]]),
    ) as Fields;
  };
  const files: FilesWorld = {
    integration: adapter.open(opening, grant),
    async shares(bytes) {
      const caseId = human.createCase({ subject: 'My lamp is dark' }).id;
      const content = Buffer.from(bytes).toString();
      sandbox.settings({ hasSites: false });
      const { documentId } = await human.attach(caseId, { name: 'photo.png', content });
      return {
        file: { kind: 'attachment', externalId: documentId as ExternalId },
        parent: { kind: 'ticket', externalId: caseId as ExternalId },
      };
    },
    removes: async ({ externalId }) => human.remove(externalId),
    async seenAt({ externalId }) {
      const where = `LinkedEntityId = '${externalId}' AND IsDeleted = false`;
      const links = human.find(`SELECT ContentDocumentId FROM ContentDocumentLink WHERE ${where}`);
      return links.map(({ ContentDocumentId }) => String(ContentDocumentId)).sort();
    },
    loseNextAnswer: async () => faults.add({ on: 'call', path: '/composite', effect: 'drop-after' }),
  };
  return {
    integration,
    files,
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
      edits: async ({ kind, externalId }, fields) => human.edit(externalId, raw(kind, fields)),
      deletes: async ({ externalId }) => human.remove(externalId),
      undeletes: async ({ externalId }) => human.undelete(externalId),
    },
    control: {
      truth: async (copy) => truth(copy),
      count: async (kind, root) =>
        living(kind, root === undefined ? '' : ` AND ParentId = '${root.externalId}'`).length,
      loseNextAnswer: async () => faults.add({ on: 'call', path: '/composite', effect: 'drop-after' }),
      failNextWrite: async (failure) => faults.add({ on: 'call', path: '/composite', ...FAILURES[failure] }),
      hide: async ({ externalId }) => sandbox.settings({ hidden: [externalId] }),
      advance: async (byMs) => {
        clock.nowMs += byMs;
      },
      deliveries: async () => (await relayed()).map((body) => ({ body, contentType: 'application/json' })),
    },
    close: () => sandbox.close(),
  };
}

// CaseComment has no `after undelete`: one brought back is seen by the next pull.
describeIntegration(manifest, mapping, { open: openWorld, revivable: ['ticket', 'contact', 'account'] });
