import type { WantedDocument } from '../../../shared/connections/index.ts';
import {
  type Fields,
  type FieldValue,
  isMapped,
  type RecordKind,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../../../shared/domain/index.ts';
import { ruleFor, rulesOf } from '../../../shared/mapping/index.ts';
import type {
  FieldDescription,
  FieldPolicy,
  FieldRule,
  MappingDocument,
  ValuePair,
} from '../../../shared/ports/index.ts';
import type { Operation, VendorPlan } from '../plan.ts';
import type { Profile } from '../vendor/profile.ts';
import { AREA, VENDOR_AREA } from './areas.ts';
import { BRACKETS, through } from './transforms.ts';

/** Where a vendor's field stands beside another for the same thing, words of its own. */
const WORDS: Readonly<Record<string, { readonly hub: readonly string[]; readonly letter: string }>> = {
  status: { hub: TICKET_STATUSES, letter: 'S' },
  priority: { hub: TICKET_PRIORITIES, letter: 'P' },
  severity: { hub: TICKET_PRIORITIES, letter: 'V' },
};

const both = (field: string, more: Partial<FieldRule> = {}): FieldRule => ({
  field,
  vendorField: field,
  direction: 'both',
  ...more,
});

/** `turned`: each word stands for what one `turned` places before it stood for. */
function wordsOf(vendorField: string, turned: number): readonly ValuePair[] {
  const { hub, letter } = WORDS[vendorField]!;
  return hub.map((each, at) => ({ hub: each, vendor: [`${letter}${((at + turned) % hub.length) + 1}`] }));
}

/** Two words of the vendor's for one of the hub's, and none for its neighbour. */
function merged(pairs: readonly ValuePair[], at: number): readonly ValuePair[] {
  const [one, other] = [pairs[at % pairs.length]!, pairs[(at + 1) % pairs.length]!];
  return pairs
    .filter((pair) => pair !== other)
    .map((pair) => (pair === one ? { ...pair, vendor: [...pair.vendor, ...other.vendor] } : pair));
}

/** As the fixed mapping of a model vendor has it. */
export const STANDARD: MappingDocument = {
  version: 0,
  kinds: {
    ticket: {
      rules: [
        both('subject'),
        both('description'),
        both('status', { values: wordsOf('status', 0) }),
        both('priority', { values: wordsOf('priority', 0) }),
        both('requester'),
      ],
    },
    contact: { rules: [both('name'), both('email')] },
  },
};

/** With its companies, where a vendor knows any, and who belongs to which. */
export function standardFor({ hasAccounts }: Profile): MappingDocument {
  if (hasAccounts !== true) return STANDARD;
  const contact = { rules: [...rulesOf(STANDARD, 'contact'), both('account')] };
  return { ...STANDARD, kinds: { ...STANDARD.kinds, contact, account: { rules: [both('name')] } } };
}

/** What a connection begins with, where its owner has chosen something. */
export function firstDocument(planned: VendorPlan): MappingDocument | undefined {
  const { profile, document, policies, deletions, subject } = planned;
  if (document !== undefined) return document;
  if (policies === undefined && deletions === undefined && subject === undefined) return undefined;
  const rules = rulesOf(STANDARD, 'ticket').map((rule) => ({
    ...withPolicy(rule, policies?.[rule.field]),
    ...(rule.field === 'subject' && subject !== undefined ? { transforms: subject } : {}),
  }));
  return {
    version: 1,
    kinds: profile.hasDocument === true ? { ...standardFor(profile).kinds, ticket: { rules } } : {},
    ...withBody(policies?.body),
    ...(deletions === undefined ? {} : { deletions }),
  };
}

const withBody = (body: FieldPolicy | undefined): Pick<MappingDocument, 'conflicts'> =>
  body === undefined || body.use === 'set' ? {} : { conflicts: { comment: { body } } };

const withPolicy = (rule: FieldRule, policy: FieldPolicy | undefined): FieldRule =>
  policy === undefined ? rule : { ...rule, policy };

const POLICIES: readonly FieldPolicy[] = [
  { use: 'newest' },
  { use: 'side', side: 'this connection' },
  { use: 'side', side: 'hub record' },
  { use: 'ask' },
];

/** What an operator makes of the present document; which change it is the act's numbers say. */
export function changed(
  current: MappingDocument,
  { target, field, value }: Operation,
  { normaliser }: Profile,
): WantedDocument {
  const change = target % 8;
  // Cut to a length, a text has less room between brackets than without.
  const name =
    change === TURNS_BRACKETS && normaliser !== 'cut' ? 'subject' : field % 2 === 0 ? 'status' : 'priority';
  const rules = rulesOf(current, 'ticket');
  const rule = rules.find((each) => each.field === name);
  const first = value % 2 === 0 ? 'hub' : 'vendor';
  const next = rule === undefined ? pairedAs(name, value) : changedRule(rule, change, value);
  const others = rules.filter((each) => each !== rule);
  const { version: _version, ...rest } = current;
  return {
    ...rest,
    ...(change === 3 ? withBody(POLICIES[field % POLICIES.length]) : {}),
    kinds: {
      ...current.kinds,
      ticket: { rules: [...others, ...(next === undefined ? [] : [{ ...next, first } as FieldRule])] },
    },
  };
}

function changedRule(rule: FieldRule, change: number, value: number): FieldRule | undefined {
  if (rule.field === 'subject') return withOrWithoutBrackets(rule);
  const turned = 1 + (value % 3);
  switch (change) {
    case 0:
    case 1:
      return { ...rule, values: wordsOf(rule.vendorField, turned) };
    case 2:
      return { ...rule, values: merged(wordsOf(rule.vendorField, turned), value) };
    case 3:
      return { ...rule, policy: POLICIES[value % POLICIES.length]! };
    case 4:
      return undefined;
    default:
      return rule.field === 'status'
        ? undefined
        : pairedAs(rule.field, rule.vendorField === 'priority' ? 1 : 0);
  }
}

const TURNS_BRACKETS = 7;
function withOrWithoutBrackets({ transforms, ...rule }: FieldRule): FieldRule {
  return transforms === undefined ? { ...rule, transforms: [BRACKETS] } : rule;
}

const URGENCY = both('priority', {
  vendorField: 'urgency',
  values: wordsOf('priority', 0),
  default: 'normal',
});

/** Priorities stand in a field that nobody fills in, and that is to hold one. */
export const WITH_DEFAULT: MappingDocument = {
  ...STANDARD,
  version: 1,
  kinds: {
    ...STANDARD.kinds,
    ticket: {
      rules: rulesOf(STANDARD, 'ticket').map((rule) => (rule.field === 'priority' ? URGENCY : rule)),
    },
  },
};

function pairedAs(field: string, which: number): FieldRule {
  if (WORDS[field] === undefined) return both(field);
  const vendorField = field === 'priority' && which % 2 === 1 ? 'severity' : field;
  return both(field, { vendorField, values: wordsOf(vendorField, 0) });
}

/** The hub's name of what a vendor's field may be paired with. */
export const fieldOf = (vendorField: string): string =>
  ({ severity: 'priority', urgency: 'priority', [VENDOR_AREA]: AREA })[vendorField] ?? vendorField;

/** Of anything by the vendor's names: what the document has in step, by the hub's. */
export function asRead(
  document: MappingDocument | undefined,
  kind: RecordKind,
  fields: Fields,
  isComplete = true,
): Fields {
  if (document === undefined || !isMapped(kind)) return fields;
  const known = rulesOf(document, kind).filter(({ vendorField }) => isComplete || vendorField in fields);
  return Object.fromEntries(known.map(({ field, vendorField }) => [field, fields[vendorField] ?? null]));
}

/** By the hub's names what is to stand in the vendor's fields. */
export function asWritten(document: MappingDocument | undefined, kind: RecordKind, fields: Fields): Fields {
  if (document === undefined || !isMapped(kind)) return fields;
  const names = new Map(rulesOf(document, kind).map(({ field, vendorField }) => [field, vendorField]));
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [names.get(field) ?? field, value]),
  );
}

const NAMES = {
  ticket: [...rulesOf(STANDARD, 'ticket').map(({ field }) => field), 'severity', VENDOR_AREA],
  contact: ['name', 'email', 'account'],
  account: ['name'],
} as const;

/** How a model vendor describes the fields of an object. */
export function descriptionOf(kind: RecordKind): readonly FieldDescription[] {
  const names = NAMES[kind as keyof typeof NAMES] ?? [];
  const usual = { isCreateable: true, isUpdateable: true, isNillable: true, isDefaulted: false };
  return names.map((name): FieldDescription => {
    if (name === 'requester' || name === 'account') return { name, type: 'reference', ...usual };
    if (WORDS[name] === undefined) return { name, type: 'text', ...usual };
    const values = wordsOf(name, 0).map(({ vendor }) => String(vendor[0]));
    return { name, type: 'picklist', values, isRestricted: true, ...usual };
  });
}

/** What a value of a vendor's field means by a document; undefined where it is not in step, or means nothing. */
export function meaningBy(
  document: MappingDocument,
  kind: RecordKind,
  vendorField: string,
  value: FieldValue,
): FieldValue | undefined {
  const rule = rulesOf(document, kind).find((each) => each.vendorField === vendorField);
  if (rule === undefined) return undefined;
  const meant = through(rule.transforms, value, 'in');
  if (rule.values === undefined || meant === null) return meant;
  return rule.values.find(({ vendor }) => vendor.some((word) => word === meant))?.hub;
}

/** What is to stand in a vendor's field for a value of the record's, by a document; undefined where nothing is written. */
export function writtenBy(
  document: MappingDocument,
  kind: RecordKind,
  field: string,
  value: FieldValue,
): FieldValue | undefined {
  const rule = ruleFor(document, kind, field);
  if (rule === undefined) return undefined;
  const held = value ?? rule.default ?? null;
  const word = rule.values === undefined ? held : rule.values.find(({ hub }) => hub === held)?.vendor[0];
  return word && through(rule.transforms, word, 'out');
}
