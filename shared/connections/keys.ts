import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Every key but an address and a state begins with the organization: no key of one names another's item. */
export const connectionsPk = (organization: OrganizationId): string => `${organization}#connections`;
export const connectionKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: connectionsPk(organization),
  sk: id,
});
/** Beside its connection: one query reads both. */
export const mappingKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: connectionsPk(organization),
  sk: `${id}#mapping`,
});
/** The run that takes a connection's records to its newest mapping. */
export const remapKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: `${organization}#remap#${id}`,
  sk: 'remap',
});
export const addressKey = (address: string): Key => ({ pk: `address#${address}`, sk: 'address' });
export const grantKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: `${organization}#grant#${id}`,
  sk: 'grant',
});
export const proofKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: `${organization}#proof#${id}`,
  sk: 'proof',
});
export const cursorKey = (organization: OrganizationId, id: ConnectionId, kind: RecordKind): Key => ({
  pk: `${organization}#cursor#${id}`,
  sk: kind,
});
/** When somebody should look whether the connection has been proven lately. */
export const checkKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: `${organization}#check#${id}`,
  sk: 'check',
});
/** When it is asked for what no event has told, where that was chosen or has to be remembered. */
export const scheduleKey = (organization: OrganizationId, id: ConnectionId): Key => ({
  pk: `${organization}#schedule#${id}`,
  sk: 'schedule',
});
/** `hash` of the state: what is stored cannot be replayed. */
export const stateKey = (hash: string): Key => ({ pk: `state#${hash}`, sk: 'state' });

export const integrationList = (integration: string): string => `integration#${integration}`;
/** Connections with events the bus has not taken yet. */
export const ANNOUNCEMENTS = 'announcements';
/** Connections by when their proof is looked at next. */
export const CHECKS = 'checks';
/** Mapping changes that are still being carried out. */
export const REMAPS = 'remaps';
/**
 * The hub's own secret of a connection, beside the one its owner fills: who overwrites theirs takes no key of the
 * hub's with it.
 */
export const bodySecretOf = (id: ConnectionId): ConnectionId => `${id}/body` as ConnectionId;
