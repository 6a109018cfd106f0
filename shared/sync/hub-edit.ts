import type { RecordId } from '../domain/ids.ts';
import {
  CANONICAL_FIELDS,
  type FieldValue,
  type RecordKind,
  referenceOf,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../domain/record.ts';
import { InvalidInputError } from '../errors.ts';
import { customName } from '../mapping/index.ts';
import type { HubEdit } from '../ports/engine.ts';
import type { ValueType } from '../ports/mapping-document.ts';
import { positionAmong } from './creation.ts';
import { fileFrom } from './hub-file.ts';
import { childId } from './keys.ts';
import { documentOf, type Places } from './places.ts';
import { type Surroundings, setValue, type Tree, treeOf, treeWith } from './scene.ts';
import type { Child, Root } from './state.ts';

export interface Edited {
  readonly tree: Tree;
  /** The comment that was made. */
  readonly comment?: RecordId;
}

/** @throws InvalidInputError for a field or value that is none of this record's to have */
export function applyEdit(
  root: Root,
  child: Child | undefined,
  request: { readonly actor: string; readonly edit: Exclude<HubEdit, { edit: 'restore' }> },
  around: Surroundings,
): Edited {
  const { actor, edit: what } = request;
  if (what.edit === 'comment') return applyComment(root, what, actor, around);
  if (what.edit === 'attachment') return { tree: fileFrom({ root, child }, what, actor, around) };
  const { tree, record } = treeWith(root, child);
  for (const [field, value] of Object.entries(what.fields)) {
    validateField(record.kind, field, value, around);
    const provenance = { source: 'hub', actor, fromMs: around.nowMs, toMs: around.nowMs } as const;
    setValue(tree, record, field, value, provenance);
  }
  return { tree };
}

function applyComment(
  root: Root,
  { body, visibility, authorName }: Extract<HubEdit, { edit: 'comment' }>,
  actor: string,
  around: Surroundings,
): Edited {
  if (body.trim() === '') throw new InvalidInputError('a comment needs a body', { pointer: '/body' });
  const tree = treeOf(root);
  const provenance = { source: 'hub', actor, fromMs: around.nowMs, toMs: around.nowMs } as const;
  tree.root.childCount += 1;
  const child: Child = {
    id: childId(root.id, around.newId()),
    kind: 'comment',
    root: root.id,
    fields: { body },
    provenance: { body: { ...provenance }, visibility: { ...provenance } },
    revision: 0,
    createdAtMs: around.nowMs,
    updatedAtMs: around.nowMs,
    visibility,
    author: { role: 'agent', name: authorName },
    position: positionAmong(tree.root, { atMs: around.nowMs }),
    links: {},
  };
  tree.children.set(child.id, child);
  const created = { record: child.id, kind: 'comment', what: 'created', fields: {} } as const;
  tree.changes.push({ ...created, source: 'hub', actor });
  return { tree, comment: child.id };
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  status: TICKET_STATUSES,
  priority: TICKET_PRIORITIES,
};
const MAY_BE_EMPTY = ['description', 'priority', 'name', 'email', 'phone', 'website'];

/** Why such a record cannot be given this value through the hub; undefined where it can. */
export function refusalOfValue(
  kind: RecordKind,
  { field, value }: { readonly field: string; readonly value: FieldValue },
  places: Places,
): string | undefined {
  return complaint(kind, field, value) ?? customComplaint(field, value, places);
}

function complaint(kind: RecordKind, field: string, value: FieldValue): string | undefined {
  if (kind !== 'comment' && customName(field) !== undefined) return undefined;
  const isKnown = (CANONICAL_FIELDS[kind] as readonly string[]).includes(field);
  // What a record refers to is known by its copy somewhere: not to be typed in.
  if (!isKnown || field === referenceOf(kind)?.field) return `not a field of a ${kind} that can be edited`;
  if (value === null && MAY_BE_EMPTY.includes(field)) return undefined;
  if (typeof value !== 'string') return 'expected a string';
  const allowed = ALLOWED[field];
  if (allowed !== undefined && !allowed.includes(value)) return `expected one of ${allowed.join(', ')}`;
  return undefined;
}

function validateField(kind: RecordKind, field: string, value: FieldValue, { places }: Surroundings): void {
  const why = refusalOfValue(kind, { field, value }, places);
  if (why === undefined) return;
  const pointer = `/fields/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  throw new InvalidInputError(why, { pointer });
}

/** A field of the organization's own is one that the mapping of a connection declares, of that type. */
function customComplaint(field: string, value: FieldValue, places: Places): string | undefined {
  const name = customName(field);
  if (name === undefined) return undefined;
  const [type] = [...places.values()].flatMap((place) => documentOf(place)?.custom?.[name]?.type ?? []);
  if (type === undefined) return 'no connection’s mapping declares such a field';
  if (value === null || IS_OF[type](value)) return undefined;
  return `expected a ${type}`;
}

const MAX_TEXT = 32_000;
const IS_OF: Readonly<Record<ValueType, (value: FieldValue) => boolean>> = {
  // Stryker disable next-line ConditionalExpression: for the compiler alone, no other value has a length
  text: (value) => typeof value === 'string' && value.length <= MAX_TEXT,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(String(value)),
};
