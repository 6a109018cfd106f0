import type { OrganizationId } from '../../domain/ids.ts';
import type { Item } from '../../ports/store.ts';
import { isReference, whyNotRestored } from '../restore.ts';
import type { AnyRecord } from '../state.ts';
import type { History, Telling } from './journal.ts';
import { namesAmong, referredBy } from './references.ts';
import { placesIn, type ReadingDeps } from './source.ts';

type Told = Pick<Telling, 'refusalOf' | 'namesOf'>;

/** What it takes to tell of the values that lost in these records; where none did, nothing is read. */
export async function toldOfLosses(
  deps: ReadingDeps,
  organization: OrganizationId,
  records: ReadonlyMap<string, AnyRecord>,
  journal: readonly Item<History>[],
): Promise<Told> {
  const losses = journal.flatMap(({ data }) => data.losses).filter(({ record }) => records.has(record));
  if (losses.length === 0) return { refusalOf: () => undefined, namesOf: () => ({}) };
  const ids = losses.flatMap(({ record, field, lost, kept }) =>
    isReference(records.get(record)!.kind, field) ? [lost, kept] : [],
  );
  const [places, referred] = await Promise.all([
    placesIn(deps, organization),
    referredBy(deps, organization, ids),
  ]);
  return {
    refusalOf: (record, { field, lost: value }) =>
      whyNotRestored(record, { field, value }, { places, named: referred.get(value) }),
    namesOf: ({ kind }, { field, lost, kept }) =>
      isReference(kind, field) ? namesAmong(referred, [lost, kept]) : {},
  };
}
