import type { Verb } from '../options.ts';
import { type FieldSpec, isFilterable, type ObjectSpec, objects } from '../schema.ts';
import type { Call, Reply } from './context.ts';

const urls = (call: Call, object: ObjectSpec) => ({
  sobject: `/services/data/v${call.version}/sobjects/${object.name}`,
  describe: `/services/data/v${call.version}/sobjects/${object.name}/describe`,
  rowTemplate: `/services/data/v${call.version}/sobjects/${object.name}/{ID}`,
});

const may = (call: Call, object: ObjectSpec, verb: Verb) => call.org.may(call.userId, object, verb);

const summary = (call: Call, object: ObjectSpec) => ({
  name: object.name,
  label: object.label,
  labelPlural: `${object.label}s`,
  keyPrefix: object.keyPrefix,
  custom: object.isCustom,
  createable: [...object.fields.values()].some((field) => field.createable) && may(call, object, 'create'),
  updateable: [...object.fields.values()].some((field) => field.updateable) && may(call, object, 'update'),
  deletable: object.canDelete && may(call, object, 'delete'),
  undeletable: object.canDelete,
  queryable: true,
  retrieveable: true,
  replicateable: true,
  mergeable: object.name === 'Contact' || object.name === 'Account' || object.name === 'Case',
  urls: urls(call, object),
});

const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  datetime: 'xsd:dateTime',
  date: 'xsd:date',
  double: 'xsd:double',
  int: 'xsd:int',
  base64: 'xsd:base64Binary',
};

const describedField = (field: FieldSpec) => ({
  name: field.name,
  label: field.name,
  type: field.type,
  soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
  length: field.length ?? (field.type === 'id' || field.type === 'reference' ? 18 : 0),
  byteLength: (field.length ?? 0) * (field.lengthIn === 'bytes' ? 1 : 3),
  custom: field.name.endsWith('__c'),
  createable: field.createable === true,
  updateable: field.updateable === true,
  nillable: field.required !== true && field.type !== 'boolean' && field.type !== 'id',
  defaultedOnCreate: field.defaultValue !== undefined || field.type === 'boolean',
  externalId: field.externalId === true,
  idLookup: field.externalId === true || field.type === 'id',
  unique: field.unique === true,
  caseSensitive: field.caseSensitive === true,
  filterable: isFilterable(field),
  sortable: isFilterable(field),
  referenceTo: field.referenceTo ?? [],
  relationshipName: field.relationshipName ?? null,
  restrictedPicklist: field.isRestricted === true,
  picklistValues: (field.values ?? []).map((value) => ({
    active: true,
    defaultValue: value === field.defaultValue,
    label: value,
    value,
  })),
});

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm */
export const describe = (call: Call, object: ObjectSpec): Reply => ({
  status: 200,
  body: {
    ...summary(call, object),
    fields: [...object.fields.values()].map(describedField),
    childRelationships: [],
  },
});

export const basicInfo = (call: Call, object: ObjectSpec): Reply => ({
  status: 200,
  body: { objectDescribe: summary(call, object), recentItems: [] },
});

export const describeGlobal = (call: Call): Reply => ({
  status: 200,
  body: {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: [...objects.values()].map((object) => summary(call, object)),
  },
});
