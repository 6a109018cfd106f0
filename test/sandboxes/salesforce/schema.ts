import { documentFields, linkFields, versionFields } from './files/schema.ts';

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'boolean'
  | 'reference'
  | 'double'
  | 'int'
  | 'base64'
  | 'date'
  | 'datetime';

export interface FieldSpec {
  readonly name: string;
  readonly type: FieldType;
  /** Characters; for CaseComment.CommentBody bytes. */
  readonly length?: number;
  readonly lengthIn?: 'bytes';
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly required?: boolean;
  readonly defaultValue?: string | boolean;
  readonly values?: readonly string[];
  /** Its picklist takes no other value, whatever the org's settings. */
  readonly isRestricted?: boolean;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  readonly caseSensitive?: boolean;
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string;
}

export interface ObjectSpec {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly isCustom: boolean;
  /** Objects Change Data Capture can announce; CaseComment is on none of its lists. */
  readonly hasChangeEvents: boolean;
  readonly canDelete: boolean;
  readonly fields: ReadonlyMap<string, FieldSpec>;
}

const both = { createable: true, updateable: true } as const;
const text = (name: string, length: number, more: Partial<FieldSpec> = {}): FieldSpec => ({
  name,
  type: 'string',
  length,
  ...both,
  ...more,
});
const reference = (name: string, to: string, relationshipName: string, more: Partial<FieldSpec> = {}) => ({
  name,
  type: 'reference' as const,
  referenceTo: [to],
  relationshipName,
  ...both,
  ...more,
});
const readOnly = (name: string, type: FieldType, more: Partial<FieldSpec> = {}): FieldSpec => ({
  name,
  type,
  ...more,
});

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/system_fields.htm */
const system: readonly FieldSpec[] = [
  readOnly('Id', 'id'),
  readOnly('IsDeleted', 'boolean'),
  readOnly('CreatedDate', 'datetime'),
  readOnly('CreatedById', 'reference', { referenceTo: ['User'], relationshipName: 'CreatedBy' }),
  readOnly('LastModifiedDate', 'datetime'),
  readOnly('LastModifiedById', 'reference', { referenceTo: ['User'], relationshipName: 'LastModifiedBy' }),
  readOnly('SystemModstamp', 'datetime'),
];

/** The package's field on Case, Contact and Account: unique and case-sensitive, or two hub ids could be one. */
const hubId = text('Deskbridge_Id__c', 128, { externalId: true, unique: true, caseSensitive: true });
const owner = reference('OwnerId', 'User', 'Owner');

function object(
  name: string,
  keyPrefix: string,
  fields: readonly FieldSpec[],
  more: Partial<Pick<ObjectSpec, 'hasChangeEvents' | 'canDelete' | 'label'>> = {},
): [string, ObjectSpec] {
  const spec: ObjectSpec = {
    name,
    label: more.label ?? name,
    keyPrefix,
    isCustom: name.endsWith('__c'),
    hasChangeEvents: more.hasChangeEvents ?? false,
    canDelete: more.canDelete ?? true,
    fields: new Map([...system, ...fields].map((field) => [field.name, field])),
  };
  return [name.toLowerCase(), spec];
}

/**
 * Fields and lengths of the object reference, those the hub and its tests meet:
 * https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-case.html,
 * …/object-casecomment.html, …/object-contact.html, …/object-account.html
 */
export const objects: ReadonlyMap<string, ObjectSpec> = new Map([
  object(
    'Case',
    '500',
    [
      readOnly('CaseNumber', 'string', { length: 30 }),
      readOnly('MasterRecordId', 'reference', { referenceTo: ['Case'], relationshipName: 'MasterRecord' }),
      reference('ContactId', 'Contact', 'Contact'),
      reference('AccountId', 'Account', 'Account'),
      reference('ParentId', 'Case', 'Parent'),
      text('SuppliedName', 80),
      { name: 'SuppliedEmail', type: 'email', length: 80, ...both },
      {
        name: 'Type',
        type: 'picklist',
        length: 255,
        values: ['Question', 'Problem', 'Feature Request'],
        ...both,
      },
      {
        name: 'Status',
        type: 'picklist',
        length: 255,
        values: ['New', 'Working', 'Escalated', 'On Hold', 'Closed'],
        defaultValue: 'New',
        ...both,
      },
      { name: 'Origin', type: 'picklist', length: 255, values: ['Phone', 'Email', 'Web'], ...both },
      text('Subject', 255),
      {
        name: 'Priority',
        type: 'picklist',
        length: 255,
        values: ['Low', 'Medium', 'High', 'Critical'],
        defaultValue: 'Medium',
        ...both,
      },
      { name: 'Description', type: 'textarea', length: 32_000, ...both },
      readOnly('IsClosed', 'boolean'),
      readOnly('ClosedDate', 'datetime'),
      { name: 'IsEscalated', type: 'boolean', defaultValue: false, ...both },
      // What an org's own administrator has added.
      {
        name: 'Severity__c',
        type: 'picklist',
        length: 255,
        values: ['S1', 'S2', 'S3'],
        isRestricted: true,
        ...both,
      },
      text('Product_Area__c', 40),
      { name: 'Impact_Score__c', type: 'double', ...both },
      { name: 'Due_On__c', type: 'date', ...both },
      { name: 'Is_Regulated__c', type: 'boolean', defaultValue: false, ...both },
      readOnly('Age_In_Days__c', 'double'),
      owner,
      hubId,
    ],
    { hasChangeEvents: true },
  ),
  object('CaseComment', '00a', [
    reference('ParentId', 'Case', 'Parent', { required: true, updateable: false }),
    { name: 'IsPublished', type: 'boolean', defaultValue: false, ...both },
    { name: 'CommentBody', type: 'textarea', length: 4_000, lengthIn: 'bytes', ...both },
  ]),
  object(
    'Contact',
    '003',
    [
      readOnly('MasterRecordId', 'reference', { referenceTo: ['Contact'], relationshipName: 'MasterRecord' }),
      reference('AccountId', 'Account', 'Account'),
      text('LastName', 80, { required: true }),
      text('FirstName', 40),
      readOnly('Name', 'string', { length: 121 }),
      { name: 'Email', type: 'email', length: 80, ...both },
      { name: 'Phone', type: 'phone', length: 40, ...both },
      text('Title', 128),
      owner,
      hubId,
    ],
    { hasChangeEvents: true },
  ),
  object(
    'Account',
    '001',
    [
      readOnly('MasterRecordId', 'reference', { referenceTo: ['Account'], relationshipName: 'MasterRecord' }),
      text('Name', 255, { required: true }),
      reference('ParentId', 'Account', 'Parent'),
      {
        name: 'Type',
        type: 'picklist',
        length: 255,
        values: ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Technology Partner', 'Other'],
        ...both,
      },
      { name: 'Phone', type: 'phone', length: 40, ...both },
      { name: 'Website', type: 'url', length: 255, ...both },
      text('Industry_Code__c', 20),
      owner,
      hubId,
    ],
    { hasChangeEvents: true },
  ),
  object(
    'Deskbridge_Comment_Link__c',
    'a00',
    [
      text('Key__c', 128, { required: true, externalId: true, unique: true, caseSensitive: true }),
      text('Comment_Id__c', 18, { required: true, externalId: true, unique: true, caseSensitive: true }),
      reference('Case__c', 'Case', 'Case__r'),
      owner,
    ],
    { label: 'Deskbridge Comment Link' },
  ),
  object('ContentVersion', '068', [...versionFields, owner], { canDelete: false }),
  object('ContentDocument', '069', [...documentFields, owner], { hasChangeEvents: true }),
  object('ContentDocumentLink', '06A', linkFields, { hasChangeEvents: true }),
  object(
    'User',
    '005',
    [
      readOnly('Username', 'string', { length: 80 }),
      readOnly('Name', 'string', { length: 121 }),
      readOnly('Email', 'email', { length: 128 }),
      readOnly('UserType', 'picklist', { values: ['Standard', 'CspLitePortal', 'AutomatedProcess'] }),
      readOnly('IsActive', 'boolean'),
    ],
    { canDelete: false },
  ),
  object(
    'Organization',
    '00D',
    [
      readOnly('Name', 'string', { length: 80 }),
      readOnly('OrganizationType', 'picklist', { values: ['Developer Edition'] }),
      readOnly('IsSandbox', 'boolean'),
    ],
    { canDelete: false },
  ),
]);

export const objectOfId = (id: string): ObjectSpec | undefined =>
  [...objects.values()].find((candidate) => candidate.keyPrefix === id.slice(0, 3));

/** Field names match whatever their letter case, as in the API. */
export function fieldOf(object: ObjectSpec, name: string): FieldSpec | undefined {
  const exact = object.fields.get(name);
  if (exact) return exact;
  const wanted = name.toLowerCase();
  return [...object.fields.values()].find((field) => field.name.toLowerCase() === wanted);
}

/** What there is of an object where the package, or the permission set that shows it, is missing. */
export function withoutPackage(object: ObjectSpec): ObjectSpec | undefined {
  if (object.name.startsWith('Deskbridge_')) return undefined;
  const fields = [...object.fields].filter(([name]) => !name.startsWith('Deskbridge_'));
  return { ...object, fields: new Map(fields) };
}

/**
 * Long text areas can be neither filtered nor sorted by; a comment's body, of an older make, can.
 * https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-casecomment.html
 */
export const isFilterable = (field: FieldSpec): boolean =>
  (field.type !== 'textarea' || field.name === 'CommentBody') && field.type !== 'base64';
