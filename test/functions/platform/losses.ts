import type { FieldValue, OrganizationId, RecordId } from '../../../shared/domain/index.ts';
import { historyKey, rootKey, rootOf } from '../../../shared/sync/keys.ts';
import type { History, Root } from '../../../shared/sync/state.ts';
import type { MemoryHub } from './hub.ts';

interface Lost {
  readonly record: RecordId;
  readonly field: string;
  readonly lost: FieldValue;
  readonly kept: FieldValue;
}

/** A value that lost, in the journal of its root, as the commit of a merge leaves it. */
export async function loses(hub: MemoryHub, value: Lost): Promise<void> {
  const organization = 'acme' as OrganizationId;
  const { records } = hub.stores;
  const at = rootKey(organization, rootOf(value.record));
  const root = await records.get<Root>(at.pk, at.sk);
  if (root === undefined) throw new Error('no such root');
  const revision = root.data.revision + 1;
  const by = { lostBy: 'vendor:slack', lostAtMs: hub.clock.now(), keptBy: 'vendor:salesforce' };
  const loss = { ...value, ...by, policy: 'newest', why: 'set later' };
  const atMs = hub.clock.now();
  const history: History = { revision, atMs, changes: [], losses: [loss], events: [] };
  const { version: expect, ...item } = root;
  await records.commit([
    { put: { ...item, data: { ...root.data, revision } }, expect },
    { put: { ...historyKey(organization, root.data.id, revision), data: history }, expect: 0 },
  ]);
}

/** One record is another's signpost, as a fold leaves it. */
export async function folded(hub: MemoryHub, gone: RecordId, kept: RecordId): Promise<void> {
  const { records } = hub.stores;
  const at = rootKey('acme' as OrganizationId, gone);
  const root = await records.get<Root>(at.pk, at.sk);
  if (root === undefined) throw new Error('no such root');
  const { version: expect, ...item } = root;
  await records.commit([{ put: { ...item, data: { ...root.data, foldedInto: kept } }, expect }]);
}
