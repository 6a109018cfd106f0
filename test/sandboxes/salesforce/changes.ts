import { type ObjectSpec, objectOfId } from './schema.ts';
import type { Row } from './values.ts';

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';

/** The net change of one row over a whole transaction. */
export interface Change {
  readonly object: ObjectSpec;
  readonly id: string;
  readonly type: ChangeType;
  readonly changed: readonly string[];
  readonly row: Row;
}

function typeOf(before: Row | undefined, after: Row): ChangeType {
  if (!before) return 'CREATE';
  if (before.IsDeleted === after.IsDeleted) return 'UPDATE';
  return after.IsDeleted ? 'DELETE' : 'UNDELETE';
}

export function netChanges(
  before: ReadonlyMap<string, Row | undefined>,
  read: (id: string) => Row | undefined,
): Change[] {
  const changes: Change[] = [];
  for (const [id, old] of before) {
    const row = read(id);
    const object = objectOfId(id);
    if (!row || !object || (!old && row.IsDeleted)) continue;
    const changed = [...object.fields.keys()].filter((name) => (old?.[name] ?? null) !== (row[name] ?? null));
    changes.push({ object, id, type: typeOf(old, row), changed, row });
  }
  return changes;
}
