import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Item } from '../../ports/store.ts';
import { isReference, whyNotRestored } from '../restore.ts';
import type { AnyRecord, Root } from '../state.ts';
import type { History, Telling } from './journal.ts';
import { placesIn, type ReadingDeps, rootAt } from './source.ts';

/** What it takes to say of the values that lost in these records whether they can be restored; nothing where none did. */
export async function refusalsFor(
  deps: ReadingDeps,
  organization: OrganizationId,
  records: ReadonlyMap<string, AnyRecord>,
  journal: readonly Item<History>[],
): Promise<Telling['refusalOf']> {
  const losses = journal.flatMap(({ data }) => data.losses).filter(({ record }) => records.has(record));
  if (losses.length === 0) return () => undefined;
  const ids = losses.flatMap(({ record, field, lost }) =>
    isReference(records.get(record)!.kind, field) && typeof lost === 'string' ? [lost] : [],
  );
  const [places, named] = await Promise.all([
    placesIn(deps, organization),
    rootsBy(deps, organization, [...new Set(ids)]),
  ]);
  return (record, { field, lost: value }) =>
    whyNotRestored(record, { field, value }, { places, named: named.get(String(value)) });
}

async function rootsBy(
  deps: ReadingDeps,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Root | undefined>> {
  const found = ids.map(async (id) => [id, await rootAt(deps, organization, id as RecordId)] as const);
  return new Map(await Promise.all(found));
}
