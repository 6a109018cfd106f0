import { InvariantError } from '../../../../shared/errors.ts';
import { canonicalId } from '../ids.ts';
import { unreferring } from '../mapping/text.ts';

/**
 * The columns the hub always asks for, by object; a connection's mapping adds fields by name, and nothing else gets
 * into a statement. Parents are read only where listed.
 */
const COLUMNS = {
  Case: [
    'Id',
    'IsDeleted',
    'MasterRecordId',
    'ContactId',
    'LastModifiedById',
    'SystemModstamp',
    'Deskbridge_Id__c',
  ],
  CaseComment: [
    'Id',
    'IsDeleted',
    'ParentId',
    'CommentBody',
    'IsPublished',
    'CreatedDate',
    'CreatedById',
    'CreatedBy.Name',
    'CreatedBy.UserType',
    'LastModifiedById',
    'SystemModstamp',
  ],
  Account: [
    'Id',
    'IsDeleted',
    'MasterRecordId',
    'CreatedDate',
    'LastModifiedById',
    'SystemModstamp',
    'Deskbridge_Id__c',
  ],
  Contact: [
    'Id',
    'IsDeleted',
    'MasterRecordId',
    'AccountId',
    'CreatedDate',
    'LastModifiedById',
    'SystemModstamp',
    'Deskbridge_Id__c',
  ],
  Deskbridge_Comment_Link__c: ['Id', 'IsDeleted', 'Key__c', 'Comment_Id__c'],
  ContentDocument: ['Id', 'IsDeleted', 'FileType', 'LastModifiedById', 'SystemModstamp'],
  ContentDocumentLink: ['Id', 'IsDeleted', 'ContentDocumentId', 'LinkedEntityId', 'Visibility'],
  ContentVersion: [
    'Id',
    'IsDeleted',
    'ContentDocumentId',
    'Title',
    'PathOnClient',
    'FileExtension',
    'ContentSize',
    'ContentLocation',
    'VersionNumber',
    'CreatedById',
    'Deskbridge_Id__c',
  ],
  Organization: ['Id'],
} as const;

export type SoqlObject = keyof typeof COLUMNS;

/** A piece of a WHERE clause whose values are escaped; made by the functions below and by nothing else. */
export interface Condition {
  readonly soql: string;
}

/**
 * The backslash first, then the quote: the other way round, a value ending in a backslash would free the
 * quote that closes it.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export function quoted(text: string): string {
  const escaped = unreferring(text)
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b')
    .replaceAll('\f', '\\f');
  return `'${escaped}'`;
}

const COLUMN_NAMES = new Set<string>([...Object.values(COLUMNS).flat(), 'Email', 'Name']);

function column(name: string): string {
  if (!COLUMN_NAMES.has(name)) throw new InvariantError(`saw column ${name}, expected a listed one`);
  return name;
}

/** A document may say anything: what is no name of a field gets into no statement. */
function field(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(name)) throw new InvariantError('saw what is no name of a field');
  return name;
}

/**
 * An address takes 16,384 bytes: so many ids stand in one query. A composite takes five queries, so that a page of up
 * to a thousand rows costs one call.
 */
export const IDS_AT_ONCE = 200;
export const QUERIES_AT_ONCE = 5;

function idLiteral(id: string): string {
  const canonical = canonicalId(id);
  if (canonical === undefined) throw new InvariantError('saw something that is no salesforce id');
  return `'${canonical}'`;
}

export const textIs = (name: string, text: string): Condition => ({
  soql: `${column(name)} = ${quoted(text)}`,
});
export const textIn = (name: string, texts: readonly string[]): Condition => ({
  soql: `${column(name)} IN (${texts.map(quoted).join(', ')})`,
});
export const idIs = (name: string, id: string): Condition => ({ soql: `${column(name)} = ${idLiteral(id)}` });
export const idIn = (name: string, ids: readonly string[]): Condition => ({
  soql: `${column(name)} IN (${ids.map(idLiteral).join(', ')})`,
});

export const both = (one: Condition, other: Condition): Condition => ({
  soql: `(${one.soql}) AND (${other.soql})`,
});

/** The row an earlier part of the same composite made, or one of its rows; the vendor fills the reference in. */
export const madeBy = (reference: string): Condition => ({ soql: `Id = ${referenceTo(reference)}` });
export const madeByAny = (references: readonly string[]): Condition => ({
  soql: `Id IN (${references.map(referenceTo).join(', ')})`,
});

function referenceTo(reference: string): string {
  if (!/^[A-Za-z]\w*(\[\d+\])?$/.test(reference)) throw new InvariantError('saw what is no reference');
  return `'@{${reference}.id}'`;
}

/** Of accounts, where persons may be among them. */
export const COMPANIES: Condition = { soql: 'IsPersonAccount = false' };

/** Everything in (SystemModstamp, Id) order from a moment on, or behind one row. */
export function changedFrom(stampMs: number): Condition {
  return { soql: `SystemModstamp >= ${moment(stampMs)}` };
}
export function changedAfter(stampMs: number, id: string): Condition {
  const at = moment(stampMs);
  return { soql: `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${idLiteral(id)}))` };
}

/** Datetimes stand without quotes, in whole seconds. */
const moment = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export interface Selection {
  /** Fields a mapping names. */
  readonly fields?: readonly string[];
  readonly where?: Condition;
  readonly orderBy?: readonly string[];
  readonly limit?: number;
}

/** Every one of an object, by its id alone. */
export const selectIds = (object: SoqlObject): string => `SELECT Id FROM ${object}`;

export function select(
  object: SoqlObject,
  { fields = [], where, orderBy = [], limit }: Selection = {},
): string {
  return [
    `SELECT ${[...new Set([...COLUMNS[object], ...fields.map(field)])].join(', ')} FROM ${object}`,
    ...(where === undefined ? [] : [`WHERE ${where.soql}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.map(column).join(', ')}`]),
    ...(limit === undefined ? [] : [`LIMIT ${Math.trunc(limit)}`]),
  ].join(' ');
}
