import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { conclude } from '../../../shared/sync/conclude.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { Loss, ParkedWork, RecordChange, Root } from '../../../shared/sync/state.ts';
import type { Cause } from '../../../shared/sync/told.ts';
import { ACME } from './hub.ts';

export const root: Root = {
  id: 'r1' as RecordId,
  kind: 'ticket',
  fields: {},
  provenance: {},
  revision: 4,
  createdAtMs: 1,
  updatedAtMs: 1,
  lanes: {},
  childCount: 0,
};
export const change = (what: RecordChange['what'], source: ConnectionId): RecordChange => ({
  record: root.id,
  kind: 'ticket',
  what,
  fields: { subject: { from: 'a secret', to: 'another secret' } },
  source,
  actor: 'vendor:left',
});
export const loss: Loss = {
  record: root.id,
  field: 'subject',
  lost: 'a secret',
  lostBy: 'user:ada',
  lostAtMs: 1,
  kept: 'another secret',
  keptBy: 'vendor:left',
  policy: 'newest',
  why: 'it is older',
};

export interface Given {
  changes?: RecordChange[];
  losses?: Loss[];
  parked?: ParkedWork[];
  unparked?: string[];
}
export const decided = (news: Given, cause?: Cause, given: Root = root) => {
  const tree = { ...treeOf(given), ...news };
  const around = { places: new Map(), rules: {} as never, nowMs: 9, newId: () => 'new' };
  return conclude(tree, ACME, { ...around, ...(cause === undefined ? {} : { cause }) });
};
