import type { Fields, FieldValue } from '../domain/record.ts';
import type { FieldRule } from '../ports/mapping-document.ts';
import { failureOn, transformed } from './transforms.ts';
import { toHub, toVendor } from './values.ts';

/** One value on its way out. Undefined: nothing is written. */
export function outward(rule: FieldRule, held: FieldValue | undefined): FieldValue | undefined {
  if (rule.direction === 'in') return undefined;
  const value = isEmpty(held) ? (rule.default ?? held) : held;
  if (value === undefined) return undefined;
  const word = rule.values === undefined || isEmpty(value) ? value : toVendor(rule.values, value);
  const result = word === undefined ? undefined : transformed(rule.transforms ?? [], word, 'out');
  return rule.required === true && isEmpty(result) ? undefined : result;
}

/** One value on its way in. Undefined: it has no meaning here, and the hub's stays. */
export function inward(rule: FieldRule, raw: FieldValue | undefined): FieldValue | undefined {
  if (rule.direction === 'out' || raw === undefined) return undefined;
  const value = transformed(rule.transforms ?? [], raw, 'in');
  if (value === undefined) return undefined;
  if (isEmpty(value)) return rule.required === true ? undefined : value;
  return rule.values === undefined ? value : toHub(rule.values, value);
}

/** Why a record cannot be mapped: an expression that fails on a value it holds, or on one that stands there. */
export function failureIn(rules: readonly FieldRule[], fields: Fields, raw: Fields): string | undefined {
  for (const { field, vendorField, direction, values, transforms = [] } of rules) {
    if (!transforms.some(({ use }) => use === 'expression')) continue;
    const held = fields[field] ?? null;
    const word = values === undefined || isEmpty(held) ? held : (toVendor(values, held) ?? null);
    const why =
      (direction === 'in' ? undefined : failureOn(transforms, word, 'out')) ??
      (direction === 'out' ? undefined : failureOn(transforms, raw[field] ?? null, 'in'));
    if (why !== undefined) return `${field} ↔ ${vendorField}: ${why}`;
  }
  return undefined;
}

const isEmpty = (value: FieldValue | undefined): boolean =>
  value === undefined || value === null || value === '';

export const allOutward = (rules: readonly FieldRule[], fields: Fields): Record<string, FieldValue> =>
  each(rules, (rule) => outward(rule, fields[rule.field]));

export const allInward = (rules: readonly FieldRule[], raw: Fields): Record<string, FieldValue> =>
  each(rules, (rule) => inward(rule, raw[rule.field]));

function each(
  rules: readonly FieldRule[],
  of: (rule: FieldRule) => FieldValue | undefined,
): Record<string, FieldValue> {
  return Object.fromEntries(
    rules.flatMap((rule) => {
      const value = of(rule);
      return value === undefined ? [] : [[rule.field, value] as const];
    }),
  );
}
