import type { ConnectionId, ExternalId, InboxId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { RecordKind, RootKind } from '../domain/record.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Every key and list name begins with the organization: no key of one can name another's item. */
const under = (organization: OrganizationId, ...parts: readonly string[]): string =>
  `${organization}#${parts.join('#')}`;

const REVISION_DIGITS = 9;
const counted = (number: number): string => String(number).padStart(REVISION_DIGITS, '0');

export const rootPk = (organization: OrganizationId, root: RecordId): string =>
  under(organization, 'root', root);
export const rootKey = (organization: OrganizationId, root: RecordId): Key => ({
  pk: rootPk(organization, root),
  sk: 'root',
});
export const childKey = (organization: OrganizationId, root: RecordId, child: RecordId): Key => ({
  pk: rootPk(organization, root),
  sk: `child#${child}`,
});
/** That a file hangs on something in this root; the attachment is a root of its own. */
export const attachedKey = (organization: OrganizationId, root: RecordId, attachment: RecordId): Key => ({
  pk: rootPk(organization, root),
  sk: `${ATTACHED}${attachment}`,
});
export const ATTACHED = 'attached#';
/** Bytes of a file, by record and the transfer that brought them: two of them never write the same object. */
export const contentKey = (organization: OrganizationId, attachment: RecordId, transfer: string): string =>
  [organization, attachment, transfer].join('/');
/** Every line of a root begins before this place. */
export const LINE = 'line#';
/**
 * A child's place in the lines of its root: sorts by position, then by id. As hexadecimal digits a vendor's own order
 * stays one, and is never taken for a long value (`long-values/`).
 */
export const placeOf = ({ position, id }: { readonly position: string; readonly id: RecordId }): string =>
  `${LINE}${Buffer.from(position).toString('hex')}#${id}`;
export const lineKey = (
  organization: OrganizationId,
  root: RecordId,
  child: Parameters<typeof placeOf>[0],
): Key => ({ pk: rootPk(organization, root), sk: placeOf(child) });
export const historyKey = (organization: OrganizationId, root: RecordId, revision: number): Key => ({
  pk: rootPk(organization, root),
  sk: `history#${counted(revision)}`,
});
/** By the request that made it: who settles it again says the same. */
export const effectKey = (organization: OrganizationId, root: RecordId, request: string): Key => ({
  pk: rootPk(organization, root),
  sk: `effect#${request}`,
});
export const claimKey = (
  organization: OrganizationId,
  connection: ConnectionId,
  kind: RecordKind,
  externalId: ExternalId,
): Key => ({ pk: under(organization, 'claim', connection, kind, externalId), sk: 'claim' });
export const creatingPk = (
  organization: OrganizationId,
  connection: ConnectionId,
  kind: RecordKind,
): string => under(organization, 'creating', connection, kind);
export const inboxKey = (organization: OrganizationId, connection: ConnectionId, inbox: InboxId): Key => ({
  pk: under(organization, 'inbox', connection, inbox),
  sk: 'row',
});
/** Parts of a body too large for its row, in order. */
export const bodyKey = (row: Key, part: number): Key => ({
  pk: row.pk,
  sk: `body#${String(part).padStart(4, '0')}`,
});
/** Partitions whose items hold customers' texts as they are; a row's body is sealed, and has parts of its own. */
export function holdsTexts(pk: string): boolean {
  const [, kind] = pk.split('#');
  return kind === 'root' || kind === 'creating';
}

export const parkedKey = (organization: OrganizationId, parked: string): Key => ({
  pk: under(organization, 'parked', parked),
  sk: 'parked',
});
/** A replay in bulk. */
export const replayKey = (organization: OrganizationId, replay: string): Key => ({
  pk: under(organization, 'replay', replay),
  sk: 'replay',
});
/** Which replay in bulk an organization has begun last. */
export const replayingKey = (organization: OrganizationId): Key => ({
  pk: under(organization, 'replaying'),
  sk: 'replaying',
});
/** An audit entry on its way. */
export const unauditedKey = (organization: OrganizationId, atMs: number, id: string): Key => ({
  pk: under(organization, 'unaudited'),
  sk: `${String(atMs).padStart(15, '0')}#${id}`,
});
export const editKey = (organization: OrganizationId, idempotencyKey: string): Key => ({
  pk: under(organization, 'edit', idempotencyKey),
  sk: 'edit',
});

/** Newest change first: `tickets`, `contacts`, `accounts`, `attachments`. */
export const recordList = (organization: OrganizationId, kind: RootKind): string =>
  under(organization, `${kind}s`);
export const parkedList = (organization: OrganizationId): string => under(organization, 'parked');
export const replayList = (organization: OrganizationId): string => under(organization, 'replays');
export const effectList = (organization: OrganizationId, connection: ConnectionId): string =>
  under(organization, 'effects', connection);
export const inboxList = (organization: OrganizationId, connection: ConnectionId): string =>
  under(organization, 'inbox', connection);

/** Due-lists of the sweeper, over all organizations. */
export const DUE = { inbox: 'inbox', wakes: 'wakes', outbox: 'outbox', replays: 'replays' } as const;

/** A child's id begins with its root's, so that a marker found at a vendor leads to both. */
export const childId = (root: RecordId, id: string): RecordId => `${root}.${id}` as RecordId;
export const rootOf = (record: RecordId): RecordId => record.split('.')[0] as RecordId;
