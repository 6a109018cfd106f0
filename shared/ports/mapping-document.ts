import type { FieldValue, MappedKind, RecordKind } from '../domain/record.ts';

/**
 * How one connection's fields stand to the hub's: data, and the connection's own once it has been put; until then
 * its integration's default. Comments are not paired in it: a comment is its body and its visibility, everywhere.
 */
export interface MappingDocument {
  /** Counts the puts; 0 is an integration's default. */
  readonly version: number;
  /** Fields of the organization's own, by the name behind `custom.`. */
  readonly custom?: Readonly<Record<string, CustomField>>;
  readonly kinds: Readonly<Partial<Record<MappedKind, KindMapping>>>;
  readonly conflicts?: ConflictPolicies;
  readonly deletions?: DeletionPolicies;
}

/** What decides where two edits meet of what no rule pairs; the newest stands where nothing is said. */
export interface ConflictPolicies {
  readonly comment?: { readonly body?: BodyPolicy };
}
/** A text has no members. */
export type BodyPolicy = Exclude<FieldPolicy, { readonly use: 'set' }>;

/**
 * What a copy deleted here means for its record, on positive evidence. `tombstone`, where nothing is said: the record
 * is deleted too, a root only with the copy it came from. `close`: the ticket is closed, and reopened should its
 * copy be brought back. `ignore`: the copy alone is gone; a file of which the hub has no bytes yet is gone with it.
 */
export type DeletionPolicies = { readonly ticket?: 'tombstone' | 'close' | 'ignore' } & {
  readonly [Kind in Exclude<RecordKind, 'ticket'>]?: 'tombstone' | 'ignore';
};

export type ValueType = 'text' | 'number' | 'boolean' | 'date';
export interface CustomField {
  readonly type: ValueType;
  readonly label?: string;
}

export interface KindMapping {
  readonly rules: readonly FieldRule[];
}

/** One of the hub's fields and one of the vendor's; in a document no field of the hub has two, and none of the vendor's is written by two. */
export interface FieldRule {
  /** A canonical field, or `custom.NAME` as the document declares it. */
  readonly field: string;
  readonly vendorField: string;
  /** `out`: only the hub writes, what happens there is of no interest; `in`: the hub never writes there. */
  readonly direction: 'both' | 'in' | 'out';
  /** In order: what a vendor's value stands for first is what it means. Without it values are the same on both sides. */
  readonly values?: readonly ValuePair[];
  /**
   * What stands there where the record holds nothing, in the hub's own form. The record does not take it over; a copy
   * that is emptied has it again.
   */
  readonly default?: FieldValue;
  /**
   * Neither side empties the other: an empty value is not written, and none that is met says anything. A copy that is
   * emptied is filled again where there is something to fill it with.
   */
  readonly required?: boolean;
  /** On the way out in this order, on the way in in reverse, next to the vendor's side of `values`. */
  readonly transforms?: readonly Transform[];
  readonly policy?: FieldPolicy;
  /** The version of the document that first had this pair: what a link read under an older one says nothing about it. */
  readonly since?: number;
  /** The version that last changed what a value there means: what means the same by an older one may do so no more. */
  readonly reworded?: number;
  /** Whose value stands where both have one when the pair is first met. An empty side takes the other's. */
  readonly first?: 'hub' | 'vendor';
}

/** The first of the vendor's values is written, all of them are understood. */
export interface ValuePair {
  readonly hub: string | number | boolean;
  readonly vendor: readonly (string | number | boolean)[];
}

export type Transform =
  | { readonly use: 'trim' | 'lowercase' | 'uppercase' }
  | { readonly use: 'truncate'; readonly length: number }
  /** The vendor's type; the other side keeps the custom field's own. */
  | { readonly use: 'number' | 'boolean' | 'date' | 'text' }
  /** JSONata over the value alone, `$`. A direction without an expression passes the value on. */
  | { readonly use: 'expression'; readonly in?: string; readonly out?: string };

/** What decides where two edits of this field meet (`shared/sync/policy.ts`). */
export type FieldPolicy =
  | { readonly use: 'newest' }
  | { readonly use: 'side'; readonly side: 'this connection' | 'hub record' }
  /** Values that hold several, with what stands between them. */
  | { readonly use: 'set'; readonly separator?: string }
  | { readonly use: 'text' }
  | { readonly use: 'ask' };

/** One field of an object as the vendor itself describes it. */
export interface FieldDescription {
  readonly name: string;
  readonly label?: string;
  /** `other`: nothing the hub can carry. */
  readonly type: ValueType | 'picklist' | 'reference' | 'other';
  /** Characters. */
  readonly length?: number;
  /** Of a picklist, as written there; where it is restricted, no other is taken. */
  readonly values?: readonly string[];
  readonly isRestricted?: true;
  readonly isCreateable: boolean;
  readonly isUpdateable: boolean;
  readonly isNillable: boolean;
  readonly isDefaulted: boolean;
  /** The organization's own, not the vendor's. */
  readonly isCustom?: true;
  /** The integration itself brings values into the form and length this field takes. */
  readonly isFitted?: true;
}

/** What is wrong in a document, and where: a JSON pointer into it. */
export interface MappingFault {
  readonly pointer: string;
  readonly code: MappingFaultCode;
  readonly message: string;
}
export type MappingFaultCode =
  | 'unknown_kind'
  | 'unknown_hub_field'
  | 'duplicate_field'
  | 'duplicate_target'
  | 'fixed_pair'
  | 'unknown_field'
  | 'read_only'
  | 'wrong_type'
  | 'missing_value'
  | 'unknown_hub_value'
  | 'too_long'
  | 'required_unmapped'
  | 'no_default'
  | 'needs_first'
  | 'wrong_first'
  | 'bad_expression'
  | 'custom_differs'
  | 'never_told'
  | 'cycle'
  /** No fault, but to be known: what is written is read back as something else. */
  | 'irreversible';
