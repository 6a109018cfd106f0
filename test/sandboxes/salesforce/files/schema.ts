import type { FieldSpec } from '../schema.ts';

const system = { createable: false, updateable: false } as const;

/** Which objects a file may be shared with here: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentdocumentlink.htm */
const SHARED_WITH = ['Case', 'User'];

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentversion.htm */
export const versionFields: readonly FieldSpec[] = [
  {
    name: 'ContentDocumentId',
    type: 'reference',
    referenceTo: ['ContentDocument'],
    relationshipName: 'ContentDocument',
    createable: true,
  },
  { name: 'Title', type: 'string', length: 255, createable: true, updateable: true },
  { name: 'PathOnClient', type: 'string', length: 500, createable: true, required: true },
  {
    name: 'FirstPublishLocationId',
    type: 'reference',
    referenceTo: SHARED_WITH,
    relationshipName: 'FirstPublishLocation',
    createable: true,
  },
  { name: 'VersionData', type: 'base64', createable: true },
  { name: 'VersionNumber', type: 'string', length: 20, ...system },
  { name: 'IsLatest', type: 'boolean', ...system },
  { name: 'ContentSize', type: 'int', ...system },
  { name: 'FileType', type: 'string', length: 20, ...system },
  { name: 'FileExtension', type: 'string', length: 40, ...system },
  { name: 'Checksum', type: 'string', length: 50, ...system },
  { name: 'ContentLocation', type: 'picklist', values: ['S', 'E', 'L'], defaultValue: 'S', ...system },
  // The package's own: whose copy it is. Not unique, for every later version of the document takes it over.
  {
    name: 'Deskbridge_Id__c',
    type: 'string',
    length: 128,
    caseSensitive: true,
    createable: true,
    updateable: true,
  },
];

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentdocument.htm */
export const documentFields: readonly FieldSpec[] = [
  { name: 'Title', type: 'string', length: 255, updateable: true },
  { name: 'FileType', type: 'string', length: 20, ...system },
  { name: 'FileExtension', type: 'string', length: 40, ...system },
  { name: 'ContentSize', type: 'int', ...system },
  {
    name: 'LatestPublishedVersionId',
    type: 'reference',
    referenceTo: ['ContentVersion'],
    relationshipName: 'LatestPublishedVersion',
    ...system,
  },
];

export const linkFields: readonly FieldSpec[] = [
  {
    name: 'ContentDocumentId',
    type: 'reference',
    referenceTo: ['ContentDocument'],
    relationshipName: 'ContentDocument',
    createable: true,
    required: true,
  },
  {
    name: 'LinkedEntityId',
    type: 'reference',
    referenceTo: SHARED_WITH,
    relationshipName: 'LinkedEntity',
    createable: true,
    required: true,
  },
  {
    name: 'ShareType',
    type: 'picklist',
    values: ['V', 'C', 'I'],
    isRestricted: true,
    defaultValue: 'V',
    createable: true,
    updateable: true,
  },
  {
    name: 'Visibility',
    type: 'picklist',
    values: ['AllUsers', 'InternalUsers', 'SharedUsers'],
    createable: true,
    updateable: true,
  },
];
