import { type FieldValue, type MappedKind, referenceOf } from '../domain/record.ts';
import type { FieldDescription, FieldRule, MappingDocument, ValueType } from '../ports/mapping-document.ts';
import { faultIn } from './expressions/evaluate.ts';
import { customName } from './rules.ts';
import { failureOn } from './transforms.ts';
import type { Complain } from './validate.ts';

interface Given {
  readonly rule: FieldRule;
  readonly field: FieldDescription;
  readonly document: MappingDocument;
  readonly kind: MappedKind;
  readonly complain: Complain;
}

/** What stands between a rule and the vendor's field as it is described. */
export function typeFaults(given: Given): void {
  const { rule, field, kind, complain } = given;
  if (rule.direction !== 'in' && !(field.isCreateable && field.isUpdateable))
    complain('/direction', 'read_only', `the hub may not write ${field.name}`);
  const isReference = rule.field === referenceOf(kind)?.field;
  if (field.type === 'other' || (field.type === 'reference') !== isReference) {
    complain('/vendorField', 'wrong_type', `${field.name} holds what the hub cannot carry in ${rule.field}`);
    return;
  }
  expressionFaults(given);
  if (isReference || rule.direction === 'in') return;
  const type = writtenType(given);
  const expected = field.type === 'picklist' ? 'text' : field.type;
  if (type !== undefined && type !== expected)
    complain('/transforms', 'wrong_type', `${field.name} takes ${expected}, and ${type} would be written`);
  wordFaults(given);
  lengthFaults(given);
  if (
    !field.isNillable &&
    !field.isDefaulted &&
    customName(rule.field) !== undefined &&
    rule.default === undefined
  )
    complain(
      '/default',
      'no_default',
      `the vendor demands ${field.name}: say what is written where nothing is known`,
    );
}

/** Undefined: an expression's answer has any type. */
function writtenType({ rule, document }: Given): ValueType | undefined {
  const custom = customName(rule.field);
  const held = custom === undefined ? 'text' : (document.custom?.[custom]?.type ?? 'text');
  const words = rule.values?.flatMap(({ vendor }) => vendor.slice(0, 1));
  let type: ValueType | undefined =
    words === undefined || words.length === 0 ? plain(held) : typeOf(words[0]!);
  for (const transform of rule.transforms ?? []) {
    if (transform.use === 'expression') type = transform.out === undefined ? type : undefined;
    if (['number', 'boolean', 'date', 'text'].includes(transform.use)) type = transform.use as ValueType;
  }
  return type;
}

/** A day is only surely one after the transform of that name. */
const plain = (type: ValueType): ValueType => (type === 'date' ? 'text' : type);

const typeOf = (word: NonNullable<FieldValue>): ValueType =>
  typeof word === 'string' ? 'text' : (typeof word as 'number' | 'boolean');

function wordFaults({ rule, field, complain }: Given): void {
  if (field.values === undefined) return;
  if (rule.values === undefined && field.isRestricted === true)
    complain('/values', 'missing_value', `${field.name} takes only its own words: say which stands for what`);
  rule.values?.forEach(({ vendor }, pair) => {
    vendor.forEach((word, index) => {
      if (!field.values?.includes(String(word)))
        complain(`/values/${pair}/vendor/${index}`, 'missing_value', `${field.name} has no value ${word}`);
    });
  });
}

function lengthFaults({ rule, field, complain }: Given): void {
  const { length } = field;
  if (length === undefined || !['text', 'picklist'].includes(field.type)) return;
  const tooLong = (text: unknown) => typeof text === 'string' && text.length > length;
  rule.values?.forEach(({ vendor }, pair) => {
    vendor.forEach((word, index) => {
      if (tooLong(word))
        complain(`/values/${pair}/vendor/${index}`, 'too_long', `${field.name} takes ${length} characters`);
    });
  });
  if (rule.values !== undefined || field.isFitted === true || field.type === 'picklist') return;
  if (tooLong(rule.default)) complain('/default', 'too_long', `${field.name} takes ${length} characters`);
  const cuts = (rule.transforms ?? []).flatMap((each) => (each.use === 'truncate' ? [each.length] : []));
  if (cuts.length === 0 && !isBounded(rule))
    complain(
      '/transforms',
      'too_long',
      `${field.name} takes ${length} characters: truncate to that, or to less`,
    );
  else if (Math.min(...cuts) > length)
    complain('/transforms', 'too_long', `${field.name} takes ${length} characters, and more are left`);
}

const isBounded = ({ transforms = [] }: FieldRule): boolean =>
  transforms.some(({ use }) => ['number', 'boolean', 'date'].includes(use));

/** Tried on what may well stand there; an expression that never ends shows at once. */
function expressionFaults({ rule, field, complain }: Given): void {
  (rule.transforms ?? []).forEach((transform, index) => {
    if (transform.use !== 'expression') return;
    for (const direction of ['in', 'out'] as const) {
      const expression = transform[direction];
      if (expression === undefined) continue;
      const words = direction === 'in' ? undefined : rule.values?.map(({ vendor }) => vendor[0]!);
      const failures = (words ?? samplesOf(field)).map((each) =>
        failureOn([{ use: 'expression', [direction]: expression }], each, direction),
      );
      const why = faultIn(expression) ?? failures.find((each) => each !== undefined);
      if (why !== undefined) complain(`/transforms/${index}/${direction}`, 'bad_expression', why);
    }
  });
}

function samplesOf({ type, values }: FieldDescription): readonly NonNullable<FieldValue>[] {
  if (values !== undefined) return values.slice(0, 20);
  if (type === 'number') return [0, 1.5];
  if (type === 'boolean') return [true, false];
  return type === 'date' ? ['2026-01-31'] : ['a', 'Grace Hopper', 'a'.repeat(30)];
}
