import { adapter } from '../../../../functions/connectors/salesforce/adapter.ts';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { guardedFetch } from '../../../../shared/connections/fetch.ts';
import { guardedTransfer } from '../../../../shared/connections/transfer.ts';
import type {
  ConnectionId,
  ExternalId,
  Fields,
  OrganizationId,
  RecordId,
} from '../../../../shared/domain/index.ts';
import type {
  Connection,
  MappingDocument,
  Opening,
  RemoteChange,
  VendorUsage,
} from '../../../../shared/ports/index.ts';
import { type BusEntry, startSalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';

export const START = Date.parse('2026-11-22T12:00:00.400Z');
/** As long as the hub's own: a child's is its root's, a dot, and one of its own. */
export const RECORD = '019f2b0c7a5e00112233445566778899.019f2b0c7a5f99887766554433221100' as RecordId;

/** The adapter against a fresh sandbox, over the fetch it is given in production, on a clock that stands still. */
export async function connected(settings: Connection['settings'] = {}, mapping?: MappingDocument) {
  const clock = { nowMs: START, now: () => clock.nowMs };
  const entries: BusEntry[] = [];
  const usages: VendorUsage[] = [];
  const sandbox = await startSalesforceSandbox({
    clock,
    eventDelayMs: 0,
    publishEvents: async (batch) => {
      entries.push(...batch);
    },
  });
  const connection: Connection = {
    id: 'c1' as ConnectionId,
    organization: 'acme' as OrganizationId,
    integration: 'salesforce',
    name: 'sandbox',
    baseUrl: sandbox.url,
    state: { kind: 'active' },
    hubUserId: sandbox.hubUserId,
    account: sandbox.orgId,
    settings,
    createdAtMs: START,
    ...(mapping === undefined ? {} : { mapping }),
  };
  const sockets = { policy: { allowedHosts: manifest.allowedHosts, isLocal: true }, clock };
  const opening: Opening = {
    connection,
    secrets: {
      consumerKey: sandbox.consumerKey,
      privateKey: sandbox.privateKey,
      username: sandbox.username,
      clientSecret: sandbox.clientSecret,
    },
    fetch: guardedFetch({ ...sockets, timeoutMs: 10_000 }),
    transfer: guardedTransfer({ ...sockets, silenceMs: 10_000 }),
    clock,
    reportUsage: (usage) => usages.push(usage),
  };
  const grant = await adapter.authorization(opening).renew(undefined);
  const integration = adapter.open(opening, grant);
  /** Bodies of what was relayed since the last call, as the inbound function keeps them. */
  const relayed = async () => {
    await sandbox.flush();
    return entries.splice(0).map((entry) =>
      Buffer.from(
        JSON.stringify({
          id: 'delivery',
          source: entry.Source,
          'detail-type': entry.DetailType,
          detail: JSON.parse(entry.Detail),
        }),
      ),
    );
  };
  return { sandbox, clock, connection, opening, grant, integration, usages, relayed };
}
export type Connected = Awaited<ReturnType<typeof connected>>;

export const ticket = (fields: Fields, record: RecordId = RECORD): RemoteChange => ({
  record,
  kind: 'ticket',
  operation: 'create',
  fields,
});

export const note = (
  rootExternalId: string,
  body: string,
  visibility: 'public' | 'internal' = 'public',
  record: RecordId = RECORD,
): RemoteChange => ({
  record,
  kind: 'comment',
  operation: 'create',
  fields: { body },
  rootExternalId: rootExternalId as ExternalId,
  comment: { visibility, body, author: { role: 'agent', name: 'Ada' } },
});
