import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { newLane, newLink } from '../../../shared/sync/scene.ts';
import type { Child, Lane, Link, Root } from '../../../shared/sync/state.ts';

export const [OLD, YOUNG] = ['old' as RecordId, 'young' as RecordId];
export const [OLD_NOTE, YOUNG_NOTE] = ['old.note' as RecordId, 'young.note' as RecordId];
export const OBJECT = 'object-1' as ExternalId;

export const link = (externalId: string | undefined, over: Partial<Link> = {}): Link => ({
  ...newLink('theirs'),
  ...(externalId !== undefined && { externalId: externalId as ExternalId }),
  ...over,
});
export const lane = (own: Link, over: Partial<Lane> = {}): Lane => ({
  ...newLane('theirs'),
  ...over,
  link: own,
});
export const root = (id: RecordId, lanes: Record<string, Lane>, over: Partial<Root> = {}): Root => ({
  id,
  kind: 'ticket',
  fields: { subject: 'printer' },
  provenance: {},
  revision: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  childCount: 0,
  isFannedOut: true,
  lanes,
  ...over,
});
export const note = (
  id: RecordId,
  of: RecordId,
  links: Record<string, Link>,
  over: Partial<Child> = {},
): Child => ({
  id,
  kind: 'comment',
  root: of,
  fields: { body: 'It burns' },
  provenance: {},
  revision: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  visibility: 'public',
  author: { role: 'agent', name: 'Ada' },
  position: '1',
  links,
  ...over,
});
export const parked = { id: 'parked-1', cause: 'doubtful', reason: 'nobody knows', fault: 'vendor' } as never;
