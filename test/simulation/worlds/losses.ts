import type { WantedDocument } from '../../../shared/connections/index.ts';
import { rulesOf } from '../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';
import { type SeededRandom, seededRandom } from '../../memory/index.ts';
import type { Operation, Plan, VendorPlan } from '../plan.ts';
import { drawnAmid } from './layer.ts';
import { LOSSY } from './transforms.ts';

/** Draws of their own: a history without such transforms is what it was. */
const STREAM = { factor: 92_821, term: 31 } as const;
const SHARE = 0.5;
/** Numbers of these acts, apart from all others. */
const MARKS = 9_000;

interface Losses {
  /** Some connections begin with one. */
  readonly vendors: readonly VendorPlan[];
  readonly acts: readonly Operation[];
}

/** Subjects stand at some connectors in capitals, cut or trimmed: what is written there is less than the record holds. */
export function withLosses(plan: Plan): Losses {
  const random = seededRandom(plan.seed * STREAM.factor + STREAM.term);
  if (!random.chance(SHARE)) return { vendors: plan.vendors, acts: [] };
  const vendors = plan.vendors.map((vendor): VendorPlan => {
    const [isFirst, subject] = [random.chance(0.4), random.pick(LOSSY)];
    return isFirst && vendor.profile.hasDocument === true ? { ...vendor, subject } : vendor;
  });
  const shortenings = Array.from({ length: 1 + random.integer(4) }, (_, at) =>
    drawnAmid(plan, random, { operation: 'shorten', value: MARKS + at }),
  );
  const changes = Array.from({ length: 2 + random.integer(4) }, (_, at) =>
    putBack(drawnAmid(plan, random, { operation: 'edit', value: MARKS + 500 + at }), random),
  );
  return { vendors, acts: [...shortenings, ...changes.flat()] };
}

/** Somebody sets a subject, and soon puts back what stood there. */
function putBack(edit: Operation, random: SeededRandom): readonly Operation[] {
  const atMs = edit.atMs + 200 + random.integer(random.pick([500, 4_000]));
  return [
    { ...edit, field: 0 },
    { ...edit, operation: 'restore', atMs },
  ];
}

/** What an operator makes of the pair: it loses this or that, or nothing, or is taken out and begins anew. */
export function shortened(current: MappingDocument, { target, field, value }: Operation): WantedDocument {
  const { version: _version, ...rest } = current;
  const rules = rulesOf(current, 'ticket');
  const rule = rules.find((each) => each.field === 'subject');
  const next = rule === undefined ? pairedAnew(field, value) : changedRule(rule, target % 8, field);
  const others = rules.filter((each) => each !== rule);
  const all = [...others, ...(next === undefined ? [] : [next])];
  return { ...rest, kinds: { ...current.kinds, ticket: { rules: all } } };
}

const pairedAnew = (which: number, value: number): FieldRule => ({
  field: 'subject',
  vendorField: 'subject',
  direction: 'both',
  transforms: LOSSY[which % LOSSY.length]!,
  first: value % 2 === 0 ? 'hub' : 'vendor',
});

function changedRule(rule: FieldRule, change: number, which: number): FieldRule | undefined {
  const { transforms: _transforms, ...bare } = rule;
  if (change === 0) return undefined;
  return change === 1 ? bare : { ...bare, transforms: LOSSY[which % LOSSY.length]! };
}
