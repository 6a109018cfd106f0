import type { FieldValue } from '../../domain/record.ts';
import type { ConflictPolicy } from '../policy.ts';

/**
 * As Salesforce writes a multi-select picklist
 * (https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/field_types.htm).
 */
const SEPARATOR = ';';

/** Both sides' additions and removals, each member for itself: nobody's is lost, and it does not matter who was first. */
export const setMerge = (separator = SEPARATOR): ConflictPolicy => ({
  name: 'set',
  decide(record, edit, base) {
    const value = mergedSet(base ?? null, record.value, edit.value, separator);
    return { winner: 'merge', value, why: 'what either side added or took away' };
  },
});

type Three = [Set<string>, Set<string>, Set<string>];

/** What was there and nobody took away, in its order; then what anybody added, in order of the alphabet. */
export function mergedSet(
  base: FieldValue,
  one: FieldValue,
  other: FieldValue,
  separator = SEPARATOR,
): FieldValue {
  const [before, a, b] = [base, one, other].map((value) => new Set(membersOf(value, separator))) as Three;
  const kept = [...before].filter((member) => a.has(member) && b.has(member));
  const added = [...new Set([...a, ...b])].filter((member) => !before.has(member)).sort();
  const members = [...kept, ...added];
  return members.length === 0 ? null : members.join(separator);
}

export function membersOf(value: FieldValue, separator = SEPARATOR): readonly string[] {
  if (value === null) return [];
  const members = String(value).split(separator);
  return [...new Set(members.map((member) => member.trim()).filter((member) => member !== ''))];
}
