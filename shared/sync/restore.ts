import { type FieldValue, type RecordKind, referenceOf } from '../domain/record.ts';
import { InvalidInputError } from '../errors.ts';
import type { HubEdit } from '../ports/engine.ts';
import { refusalOfValue } from './hub-edit.ts';
import type { Places } from './places.ts';
import { hasVisibility } from './projection.ts';
import { type Surroundings, setValue, type Tree, treeWith } from './scene.ts';
import type { AnyRecord, Child, Root } from './state.ts';

interface Value {
  readonly field: string;
  readonly value: FieldValue;
}

/** What the value is judged by: where copies are, and the record that it refers to. */
interface Known {
  readonly places: Places;
  readonly named?: Root | undefined;
}

/** Whether a value of this field is the id of another record. */
export const isReference = (kind: RecordKind, field: string): boolean => referenceOf(kind)?.field === field;

/** Why a value that lost cannot stand there again; undefined where it can. */
export function whyNotRestored(
  { kind, deleted }: AnyRecord,
  { field, value }: Value,
  { places, named }: Known,
): string | undefined {
  if (deleted !== undefined) return `this ${kind} has been deleted`;
  const reference = referenceOf(kind);
  if (reference?.field === field) return refusalOfReference(reference.kind, value, named);
  if (hasVisibility(kind) && field === 'visibility') return refusalOfVisibility(kind, value);
  if (kind === 'attachment' && field !== 'name') return `the ${field} of a file is what its bytes are`;
  if (value === null && ALWAYS_THERE[field] !== undefined) return ALWAYS_THERE[field];
  if (value === null && MAY_BE_EMPTIED.includes(field)) return undefined;
  return refusalOfValue(kind, { field, value }, places);
}

const ALWAYS_THERE: Readonly<Record<string, string>> = {
  status: 'a ticket is never without a status',
  body: 'a comment is never without a text',
};
/** Nobody types in an empty one, and a vendor may have had one. */
const MAY_BE_EMPTIED: readonly string[] = ['subject'];

function refusalOfReference(
  wanted: RecordKind,
  value: FieldValue,
  named: Known['named'],
): string | undefined {
  if (value === null) return undefined;
  if (named === undefined || named.kind !== wanted) return `the ${wanted} it names is not here`;
  return named.deleted === undefined ? undefined : `the ${wanted} it names has been deleted`;
}

/**
 * No vendor is ever told that a copy it has is public now: restored, a note would go out to the customer while the
 * desk goes on showing it as internal. The other way round nobody sees more than before.
 */
function refusalOfVisibility(kind: RecordKind, value: FieldValue): string | undefined {
  if (value === 'internal') return undefined;
  return `a ${kind} that is internal is made public only where it was written: restored here, it would go to the customer while its own system keeps it internal`;
}

/** @throws InvalidInputError for a value that cannot stand there again */
export function applyRestore(
  root: Root,
  child: Child | undefined,
  { what, actor, named }: Pick<Known, 'named'> & { readonly what: Restore; readonly actor: string },
  around: Surroundings,
): Tree {
  const { tree, record } = treeWith(root, child);
  const { field, value } = what;
  const refusal = whyNotRestored(record, { field, value }, { places: around.places, named });
  if (refusal !== undefined) throw new InvalidInputError(refusal, { pointer: '/value' });
  const provenance = { source: 'hub', actor, fromMs: around.nowMs, toMs: around.nowMs } as const;
  // What was folded since goes on as the record it was folded into.
  const survivor = isReference(record.kind, field) && value !== null ? named!.id : value;
  setValue(tree, record, field, survivor, provenance);
  return tree;
}
type Restore = Extract<HubEdit, { edit: 'restore' }>;
