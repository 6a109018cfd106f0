import {
  CANONICAL_FIELDS,
  type FieldValue,
  type MappedKind,
  referenceOf,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../domain/record.ts';
import type {
  FieldDescription,
  FieldRule,
  MappingDocument,
  MappingFault,
  MappingFaultCode,
} from '../ports/mapping-document.ts';
import { isNewPair } from './next.ts';
import { customName, rulesOf } from './rules.ts';
import { typeFaults } from './types.ts';
import { meansSame } from './values.ts';

export interface Grounds {
  /** The integration's default: it names the kinds there are, and the references no connection can change. */
  readonly standard: MappingDocument;
  /** What the connection maps by now. */
  readonly current: MappingDocument;
  readonly descriptions: Readonly<Partial<Record<MappedKind, readonly FieldDescription[]>>>;
}

/** Collects faults of one rule under its pointer. */
export type Complain = (path: string, code: MappingFaultCode, message: string) => void;

/** Each may take 300 ms before it is ended, here and for each record: so many leave a function its time. */
const MAX_EXPRESSIONS = 25;

const expressionsIn = (rules: readonly FieldRule[]): readonly string[] =>
  rules.flatMap(({ transforms = [] }) =>
    transforms.flatMap((each) => (each.use === 'expression' ? [each.in ?? [], each.out ?? []].flat() : [])),
  );

/** Every fault of a document at once, each with its path; an empty list says that it may be put. */
export function faultsOf(document: MappingDocument, grounds: Grounds): readonly MappingFault[] {
  const faults: MappingFault[] = [];
  const kinds = Object.keys(document.kinds) as MappedKind[];
  const expressions = kinds.flatMap((kind) => expressionsIn(rulesOf(document, kind))).length;
  if (expressions > MAX_EXPRESSIONS) {
    const message = `a mapping has at most ${MAX_EXPRESSIONS} expressions, saw ${expressions}`;
    return [{ pointer: '/kinds', code: 'bad_expression', message }];
  }
  if (Object.keys(document.custom ?? {}).length > 0 && Object.keys(grounds.standard.kinds).length === 0)
    faults.push({
      pointer: '/custom',
      code: 'unknown_kind',
      message: 'nothing of this vendor is for a mapping to pair',
    });
  for (const kind of kinds) {
    const at = `/kinds/${kind}`;
    const complain: Complain = (path, code, message) =>
      faults.push({ pointer: `${at}${path}`, code, message });
    if (grounds.standard.kinds[kind] === undefined)
      complain('', 'unknown_kind', `no ${kind} of this vendor is for a mapping to pair`);
    else kindFaults({ document, kind, grounds, complain });
  }
  return faults;
}

interface Subject {
  readonly document: MappingDocument;
  readonly kind: MappedKind;
  readonly grounds: Grounds;
  readonly complain: Complain;
}

function kindFaults(subject: Subject): void {
  const { document, kind, grounds, complain } = subject;
  const rules = rulesOf(document, kind);
  const described = grounds.descriptions[kind] ?? [];
  rules.forEach((rule, index) => {
    const own: Complain = (path, code, message) => complain(`/rules/${index}${path}`, code, message);
    const earlier = rules.slice(0, index);
    if (earlier.some(({ field }) => field === rule.field))
      own('/field', 'duplicate_field', `${rule.field} has a rule already`);
    if (earlier.some((other) => bothWrite(other, rule)))
      own('/vendorField', 'duplicate_target', `another rule writes ${rule.vendorField} already`);
    hubFaults(rule, { ...subject, complain: own });
    pairFaults(rule, { ...subject, complain: own });
    const field = described.find(({ name }) => name === rule.vendorField);
    if (field === undefined)
      own('/vendorField', 'unknown_field', `the vendor has no field ${rule.vendorField}`);
    else typeFaults({ rule, field, document, kind, complain: own });
  });
  for (const { name } of described.filter(isDemanded)) {
    const isWritten = rules.some((rule) => rule.vendorField === name && rule.direction !== 'in');
    if (!isWritten)
      complain('/rules', 'required_unmapped', `the vendor demands ${name}, and no rule writes it`);
  }
}

/** One field there may be read into several of the hub's; written it is from one alone. */
const bothWrite = (one: FieldRule, other: FieldRule): boolean =>
  one.direction !== 'in' &&
  other.direction !== 'in' &&
  one.vendorField.toLowerCase() === other.vendorField.toLowerCase();

export const isDemanded = (field: FieldDescription): boolean =>
  field.isCreateable && !field.isNillable && !field.isDefaulted;

const WORDS: Readonly<Record<string, readonly string[]>> = {
  status: TICKET_STATUSES,
  priority: TICKET_PRIORITIES,
};

function hubFaults(rule: FieldRule, { document, kind, complain }: Subject): void {
  const custom = customName(rule.field);
  const isKnown =
    custom === undefined
      ? (CANONICAL_FIELDS[kind] as readonly string[]).includes(rule.field)
      : document.custom?.[custom] !== undefined;
  if (!isKnown)
    complain('/field', 'unknown_hub_field', `${rule.field} is no field of a ${kind}, nor declared`);
  const words = WORDS[rule.field];
  rule.values?.forEach(({ hub }, index) => {
    if (words !== undefined && !words.includes(String(hub)))
      complain(`/values/${index}/hub`, 'unknown_hub_value', `expected one of ${words.join(', ')}`);
    if (rule.values?.findIndex((pair) => pair.hub === hub) !== index)
      complain(`/values/${index}/hub`, 'duplicate_field', `${hub} has its words already`);
  });
  const { default: standard } = rule;
  const known: readonly FieldValue[] | undefined = rule.values?.map(({ hub }) => hub) ?? words;
  if (standard !== undefined && known !== undefined && !known.includes(standard))
    complain('/default', 'unknown_hub_value', 'the default is no value that has a word');
}

/** References are the integration's own; a new pair has to be told where it starts from. */
function pairFaults(rule: FieldRule, { kind, grounds, complain }: Subject): void {
  if (rule.field === referenceOf(kind)?.field) {
    const fixed = rulesOf(grounds.standard, kind).find(({ field }) => field === rule.field);
    if (fixed?.vendorField !== rule.vendorField)
      complain(
        '/vendorField',
        'fixed_pair',
        `the ${rule.field} stands in ${fixed?.vendorField ?? 'no field'} there`,
      );
  }
  if (rule.first === 'hub' && rule.direction === 'in')
    complain('/first', 'wrong_first', 'nothing is written there: it can start from the vendor only');
  if (rule.first === 'vendor' && rule.direction === 'out')
    complain('/first', 'wrong_first', 'nothing is taken in from there: it can start from the hub only');
  if (isNewPair(rule, grounds.current, kind) && rule.first === undefined)
    complain('/first', 'needs_first', `${rule.field} is newly mapped: say whose value it starts from`);
}

/** What is written and read back as something else; asked for or not, it should be known. */
export function irreversibles(document: MappingDocument): readonly MappingFault[] {
  return (Object.keys(document.kinds) as MappedKind[]).flatMap((kind) =>
    rulesOf(document, kind).flatMap((rule, index) =>
      rule.direction === 'both' ? irreversiblePairs(rule, `/kinds/${kind}/rules/${index}`) : [],
    ),
  );
}

function irreversiblePairs({ values = [] }: FieldRule, at: string): readonly MappingFault[] {
  return values.flatMap(({ hub, vendor: [word] }, index) => {
    const read = values.find(({ vendor }) => vendor.some((each) => meansSame(each, word ?? null)));
    if (read === undefined || read.hub === hub) return [];
    const message = `${hub} is written as ${word}, which is understood as ${read.hub}`;
    return [{ pointer: `${at}/values/${index}`, code: 'irreversible' as const, message }];
  });
}
