import type { WantedDocument } from '../../../shared/connections/index.ts';
import type { FieldValue } from '../../../shared/domain/index.ts';
import { rulesOf } from '../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';
import { seededRandom } from '../../memory/index.ts';
import type { Operation, Plan } from '../plan.ts';
import type { Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import { drawnAmid } from './layer.ts';

/** A field of the organization's own, which nobody fills in by himself: what defaults are for. */
export const AREA = 'custom.area';
export const VENDOR_AREA = 'area';

/** Draws of their own: a history without such acts is what it was. */
const STREAM = { factor: 69_621, term: 83 } as const;
const SHARE = 0.6;
/** Numbers of these acts, apart from all others. */
const MARKS = 8_000;

export function areaActs(plan: Plan): readonly Operation[] {
  const random = seededRandom(plan.seed * STREAM.factor + STREAM.term);
  if (!random.chance(SHARE)) return [];
  const pairings = Array.from({ length: 2 + random.integer(4) }, (_, at) =>
    drawnAmid(plan, random, { operation: 'pair-area', value: MARKS + at }),
  );
  const fillings = Array.from({ length: 2 + random.integer(6) }, (_, at) =>
    drawnAmid(plan, random, { operation: 'fill-in', value: MARKS + 500 + at }),
  );
  return [...pairings, ...fillings];
}

/** What an operator makes of the pair: it comes and goes, and so do its default and what it requires. */
export function withArea(current: MappingDocument, { target, field, value }: Operation): WantedDocument {
  const { version: _version, ...rest } = current;
  const rules = rulesOf(current, 'ticket');
  const rule = rules.find((each) => each.field === AREA);
  const next = rule === undefined ? pairedAs(field, value) : changedArea(rule, target % 6, value);
  const others = rules.filter((each) => each !== rule);
  return {
    ...rest,
    custom: { ...current.custom, area: { type: 'text' } },
    kinds: {
      ...current.kinds,
      ticket: { rules: [...others, ...(next === undefined ? [] : [next])] },
    },
  };
}

function pairedAs(which: number, value: number): FieldRule {
  return {
    field: AREA,
    vendorField: VENDOR_AREA,
    direction: 'both',
    first: which % 2 === 0 ? 'hub' : 'vendor',
    ...(which % 3 === 0 ? {} : { default: defaultOf(value) }),
    ...(which % 5 === 0 ? { required: true } : {}),
  };
}

/** Nobody says it otherwise. */
const defaultOf = (value: number): string => `default ${value}`;

function changedArea(rule: FieldRule, change: number, value: number): FieldRule | undefined {
  const { default: standard, required, ...bare } = rule;
  const kept = { ...(standard === undefined ? {} : { default: standard }) };
  switch (change) {
    case 0:
      return undefined;
    case 1:
      return { ...bare, ...(required === true ? { required } : {}) };
    case 2:
      return { ...bare, ...kept, ...(required === true ? {} : { required: true }) };
    default:
      return { ...rule, default: defaultOf(value) };
  }
}

/** Somebody fills the field in, or empties it. */
export function fillIn(
  { vendor }: Site,
  ticket: VendorObject | undefined,
  { field, value }: Operation,
): boolean {
  const area: FieldValue = field % 3 === 0 ? null : `area ${value}`;
  return ticket !== undefined && vendor.change(ticket.id, { [VENDOR_AREA]: area }, 'person');
}
