import type { Scalar } from './client.ts';

/** A mapping as /v1 tells it; what this page does not edit is carried along as it came. */
export interface Rule {
  readonly field: string;
  readonly vendorField: string;
  readonly direction: 'both' | 'in' | 'out';
  readonly values?: readonly { readonly hub: Scalar; readonly vendor: readonly Scalar[] }[];
  readonly default?: Scalar;
  readonly required?: boolean;
  readonly transforms?: readonly Transform[];
  readonly policy?: Policy;
  readonly since?: number;
  readonly reworded?: number;
  readonly first?: 'hub' | 'vendor';
}
export interface Transform {
  readonly use: string;
  readonly length?: number;
  readonly in?: string;
  readonly out?: string;
}
/** A part set to undefined is taken out. */
export type RuleChange = { readonly [Part in keyof Rule]?: Rule[Part] | undefined } | 'removed';

export interface MappingDocument {
  readonly version: number;
  readonly custom?: Readonly<Record<string, CustomField>>;
  readonly kinds: Readonly<Record<string, { readonly rules: readonly Rule[] }>>;
  readonly conflicts?: { readonly comment?: { readonly body?: Policy } };
  readonly deletions?: Readonly<Record<string, string>>;
}
/** What happens where both sides set a field: `use` names it. */
export type Policy = Readonly<Record<string, unknown>>;
export interface CustomField {
  readonly type: string;
  readonly label?: string;
}
export interface VendorField {
  readonly name: string;
  readonly label?: string;
}
/** A mapping to begin with, and what the vendor has, by kind. */
export interface Suggestion {
  readonly document: MappingDocument;
  readonly fields: Readonly<Record<string, readonly VendorField[]>>;
}
export interface Mapping {
  /** Its fields are paired by the integration itself: what is left to choose are policies. */
  readonly isFixed: boolean;
  readonly isDefault: boolean;
  /** Of which kinds the vendor tells that they were deleted. */
  readonly deletable: readonly string[];
  readonly document: MappingDocument;
  readonly run?: {
    readonly version: number;
    readonly startedAt: string;
    readonly finishedAt?: string;
    readonly looked: number;
    readonly woken: number;
  };
}
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}
export interface Verdict {
  readonly faults: readonly Fault[];
  readonly notices: readonly Fault[];
}
export interface Preview {
  readonly record: string;
  readonly kind: string;
  readonly externalId: string;
  readonly takes: readonly { readonly field: string; readonly from: Scalar; readonly to: Scalar }[];
  readonly replaces: readonly { readonly field: string; readonly lost: Scalar; readonly kept: Scalar }[];
  readonly writes: readonly {
    readonly connection: string;
    readonly fields: readonly {
      readonly field: string;
      readonly vendorField: string;
      readonly from: Scalar;
      readonly to: Scalar;
    }[];
  }[];
}

/** `open = Working | Escalated`, a line for each value: what people type is what they read. */
export const wordsOf = ({ values = [] }: Rule): string =>
  values.map(({ hub, vendor }) => `${hub} = ${vendor.join(' | ')}`).join('\n');

/** Undefined where nothing is written: both sides then say the same. */
export function valuesFrom(text: string): Rule['values'] {
  const pairs = text.split('\n').flatMap((line) => {
    const [hub = '', words = ''] = line.split(/=(.*)/s).map((side) => side.trim());
    const vendor = words
      .split('|')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    return hub === '' || vendor.length === 0 ? [] : [{ hub, vendor }];
  });
  return pairs.length === 0 ? undefined : pairs;
}

export function withRule(
  document: MappingDocument,
  { kind, index }: { readonly kind: string; readonly index: number },
  change: RuleChange,
): MappingDocument {
  const rules = document.kinds[kind]?.rules ?? [];
  const changed =
    change === 'removed'
      ? rules.filter((_, each) => each !== index)
      : rules.map((rule, each) => (each === index ? cleaned({ ...rule, ...change }) : rule));
  return { ...document, kinds: { ...document.kinds, [kind]: { rules: changed } } };
}

const cleaned = (rule: object): Rule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as unknown as Rule;

/** Faults by the rule they are in, or the policies; what is in none stands under an empty key. */
export function faultsByPlace(faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  const found = new Map<string, Fault[]>();
  for (const fault of faults) {
    const at = /^\/(?:kinds\/\w+\/rules\/\d+|conflicts|deletions)/.exec(fault.pointer)?.[0] ?? '';
    found.set(at, [...(found.get(at) ?? []), fault]);
  }
  return found;
}

export const placeOfRule = (kind: string, index: number): string => `/kinds/${kind}/rules/${index}`;

/** What happens where both sides set the field, in words; the key is the option's own. */
export const POLICIES: Readonly<Record<string, { readonly words: string; readonly policy?: Policy }>> = {
  newest: { words: 'the newest wins' },
  here: { words: 'this system wins', policy: { use: 'side', side: 'this connection' } },
  hub: { words: 'the hub’s value wins', policy: { use: 'side', side: 'hub record' } },
  set: { words: 'keep what either side added', policy: { use: 'set' } },
  text: { words: 'merge line by line', policy: { use: 'text' } },
  ask: { words: 'ask a person', policy: { use: 'ask' } },
};

export const POLICY_WORDS = Object.entries(POLICIES).map(([key, { words }]) => [key, words] as const);

/** Of a text, which has no members. */
export const BODY_POLICY_WORDS = POLICY_WORDS.filter(([key]) => key !== 'set');

export function policyKey({ policy }: { readonly policy?: Policy | undefined }): string {
  if (policy?.use !== 'side') return String(policy?.use ?? 'newest');
  return policy.side === 'hub record' ? 'hub' : 'here';
}
