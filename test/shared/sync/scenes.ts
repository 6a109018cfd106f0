import type { ConnectionId, ExternalId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';
import type {
  KindCapability,
  MappingDocument,
  Observation,
  RemoteChange,
} from '../../../shared/ports/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { newLane, type Scene, type Surroundings, sceneAt, treeOf } from '../../../shared/sync/scene.ts';
import type { Lane, Link, Pending, Root } from '../../../shared/sync/state.ts';

export const NOW_MS = 100_000;
const CONNECTION = 'desk' as ConnectionId;

const KIND: KindCapability = {
  vendorName: 'Case',
  facet: 'ticket',
  creation: { by: 'unique' },
  fields: { subject: { writable: 'always' }, priority: { writable: 'always' } },
  canRead: true,
  canDelete: 'own',
  hasConditionalWrites: true,
  hasAuthorship: true,
};

/** A place whose vendor speaks the hub's own words and trims every text. */
export function deskPlace(kind: Partial<KindCapability> = {}): Place {
  const capability = { ...KIND, ...kind };
  return {
    connection: {
      id: CONNECTION,
      organization: 'acme' as OrganizationId,
      integration: 'desk',
      name: 'desk',
      baseUrl: 'https://desk.example',
      state: { kind: 'active' },
      settings: {},
      createdAtMs: 0,
    },
    manifest: {
      id: 'desk',
      kind: 'connector',
      name: 'Desk',
      version: '1.0.0',
      kinds: { ticket: capability, comment: { ...capability, facet: 'comment' } },
      capabilities: [],
      auth: ['token'],
      secrets: [],
      settingsSchema: {},
      limits: [],
      requestLifetimeMs: 60_000,
      redeliveryMs: 1_000,
      allowedHosts: [],
      isCustomerVisible: false,
    },
    mapping: {
      decode: () => ({ outcome: 'filtered', reason: 'not asked' }),
      project: ({ fields }) => fields,
      interpret: (_kind, raw) => raw,
      canonicalForm: (_kind, _field, raw) => (typeof raw === 'string' ? raw.trim() : raw),
    },
  };
}

/** The same place, its connection with a document of its own beside its integration's default. */
export const documentedBy = (place: Place, mapping: MappingDocument): Place => ({
  ...place,
  connection: { ...place.connection, mapping },
  manifest: { ...place.manifest, mapping: { version: 0, kinds: mapping.kinds } },
});

/** A desk that knows requesters: a ticket's copy names its contact's, or nobody. */
export function contactDesk(fields: KindCapability['fields'] = { requester: { writable: 'always' } }): Place {
  const place = deskPlace({ fields: { subject: { writable: 'always' }, ...fields } });
  const { kinds } = place.manifest;
  return {
    ...place,
    manifest: { ...place.manifest, kinds: { ...kinds, contact: { ...kinds.ticket!, facet: 'contact' } } },
    mapping: {
      ...place.mapping,
      project: ({ fields, referredExternalId }) => ({ ...fields, requester: referredExternalId ?? null }),
    },
  };
}

/** The same place of an integration that has no word for some kinds. */
export const knowing = (place: Place, kinds: Place['manifest']['kinds']): Place => ({
  ...place,
  manifest: { ...place.manifest, kinds },
});

export function around(place: Place): Surroundings {
  let made = 0;
  const newId = () => {
    made += 1;
    return `id-${made}`;
  };
  return { places: new Map([[CONNECTION, place]]), rules: standardRules, nowMs: NOW_MS, newId };
}

interface Given {
  readonly place?: Place;
  /** The record's own values; the link is in step with them unless it says otherwise. */
  readonly fields?: Root['fields'];
  readonly provenance?: Root['provenance'];
  readonly link?: Partial<Link>;
  readonly lane?: Partial<Lane>;
}

/** A ticket with one copy, in step and at version 5 of 50 seconds, unless told otherwise. */
export function ticketScene({ place = deskPlace(), fields = {}, provenance = {}, link, lane }: Given): Scene {
  const values = { subject: 'printer', priority: 'low', ...fields };
  const root: Root = {
    id: 'ticket-1' as RecordId,
    kind: 'ticket',
    fields: values,
    provenance,
    revision: 1,
    createdAtMs: 10_000,
    updatedAtMs: 10_000,
    childCount: 0,
    isFannedOut: true,
    lanes: {},
  };
  const copy: Link = {
    origin: 'ours',
    externalId: 'case-1' as ExternalId,
    sent: { ...values },
    got: { ...values },
    gotVersion: { source: 'desk', value: 5 },
    gotAtMs: 50_000,
    ...link,
  };
  root.lanes[CONNECTION] = { ...newLane('ours'), ...lane, link: copy };
  const tree = treeOf(root);
  return sceneAt(tree, tree.root, place, around(place));
}

export function seenTicket(observation: Partial<Observation>): Observation {
  return {
    kind: 'ticket',
    externalId: 'case-1' as ExternalId,
    authorship: 'other',
    atMs: 60_000,
    version: { source: 'desk', value: 6 },
    fields: { subject: 'printer', priority: 'low' },
    isComplete: true,
    ...observation,
  };
}

export function pendingUpdate(fields: Root['fields'], pending: Partial<Pending> = {}): Pending {
  const change: RemoteChange = {
    kind: 'ticket',
    operation: 'update',
    record: 'ticket-1' as RecordId,
    externalId: 'case-1' as ExternalId,
    fields,
  };
  return {
    id: 'pending-1',
    record: 'ticket-1' as RecordId,
    change,
    base: { subject: 'printer', priority: 'low' },
    baseVersion: { source: 'desk', value: 5 },
    baseAtMs: 50_000,
    startedAtMs: 55_000,
    leaseUntilMs: 70_000,
    settleAtMs: 90_000,
    revision: 1,
    ...pending,
  };
}
