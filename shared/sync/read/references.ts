import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { FieldValue } from '../../domain/record.ts';
import type { Root } from '../state.ts';
import { type ReadingDeps, rootAt } from './source.ts';

export type Referred = ReadonlyMap<FieldValue, Root>;

/** The records that values of a reference name, by those values: each as the one that goes on for it. */
export async function referredBy(
  deps: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  values: readonly FieldValue[],
): Promise<Referred> {
  const ids = [...new Set(values)].filter((value) => typeof value === 'string');
  const roots = ids.map(async (id) => [id, await rootAt(deps, organization, id as RecordId)] as const);
  const found = await Promise.all(roots);
  return new Map(found.flatMap(([id, root]) => (root === undefined ? [] : [[id, root] as const])));
}

/** What people call the records that such values name; nothing for other values. */
export function namesAmong(
  referred: Referred,
  values: readonly FieldValue[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const { name, email } = referred.get(value)?.fields ?? {};
      const called = [name, email].find((each) => typeof each === 'string' && each !== '');
      return called === undefined ? [] : [[value, called]];
    }),
  );
}
