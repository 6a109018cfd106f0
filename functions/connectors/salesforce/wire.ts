import * as z from 'zod/mini';
import { readerOf } from '../../../shared/http/read-as.ts';

const text = z.optional(z.nullable(z.string()));
const flag = z.optional(z.nullable(z.boolean()));
/** REST writes `2026-11-22T12:00:00.000+0000`, events ISO 8601 or epoch milliseconds. */
const moment = z.union([z.string(), z.number()]);

/** https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm */
const changeHeader = z.object({
  entityName: z.string(),
  recordIds: z.array(z.string()),
  changeType: z.string(),
  transactionKey: z.string(),
  sequenceNumber: z.number(),
  commitTimestamp: z.number(),
  commitNumber: z.optional(z.nullable(z.number())),
  commitUser: z.string(),
  changedFields: z.optional(z.nullable(z.array(z.string()))),
  nulledFields: z.optional(z.nullable(z.array(z.string()))),
});
const changeEvent = z.looseObject({ ChangeEventHeader: changeHeader });

/** The package's own platform event; its fields are in `package/`. */
const commentEvent = z.object({
  Event_Key__c: z.string(),
  Change_Type__c: z.enum(['CREATE', 'UPDATE', 'DELETE']),
  Comment_Id__c: z.string(),
  Case_Id__c: z.string(),
  Body__c: text,
  Is_Published__c: flag,
  Author_Id__c: text,
  Author_Name__c: text,
  Author_Role__c: text,
  Created_At__c: z.optional(z.nullable(moment)),
  Modified_At__c: z.optional(z.nullable(moment)),
  Modified_By__c: text,
  CreatedDate: moment,
});

/** Event Relay puts the event under `detail.payload`, AppFlow its fields right under `detail`. */
const envelope = z.object({
  'detail-type': z.string(),
  source: z.string(),
  detail: z.looseObject({ payload: z.optional(z.looseObject({})) }),
});

const stamped = z.object({
  Id: z.string(),
  IsDeleted: z.optional(z.boolean()),
  LastModifiedById: z.string(),
  SystemModstamp: z.string(),
});
/** Which further fields a row has is for the connection's mapping to say. */
const markedRow = z.catchall(
  z.extend(stamped, { MasterRecordId: text, ContactId: text, AccountId: text, Deskbridge_Id__c: text }),
  z.unknown(),
);
const commentRow = z.extend(stamped, {
  ParentId: z.string(),
  CommentBody: text,
  IsPublished: flag,
  CreatedDate: z.string(),
  CreatedById: z.string(),
  CreatedBy: z.optional(z.nullable(z.object({ Name: text, UserType: text }))),
});
const linkRow = z.object({ Id: z.string(), IsDeleted: flag, Key__c: z.string(), Comment_Id__c: text });

/** Whose links and versions say the rest. */
const documentRow = z.extend(stamped, { FileType: text });
const documentLinkRow = z.object({
  Id: z.string(),
  IsDeleted: flag,
  ContentDocumentId: z.string(),
  LinkedEntityId: text,
  Visibility: text,
});
const versionRow = z.object({
  Id: z.string(),
  IsDeleted: flag,
  ContentDocumentId: text,
  Title: text,
  PathOnClient: text,
  FileExtension: text,
  ContentSize: z.optional(z.nullable(z.number())),
  ContentLocation: text,
  VersionNumber: text,
  CreatedById: text,
  Deskbridge_Id__c: text,
});

const queryResult = z.object({
  totalSize: z.number(),
  done: z.boolean(),
  nextRecordsUrl: z.optional(z.string()),
  records: z.array(z.unknown()),
});
const failures = z.array(z.object({ errorCode: z.string(), message: z.optional(z.string()) }));
const compositeResult = z.object({
  compositeResponse: z.array(
    z.object({
      referenceId: z.string(),
      httpStatusCode: z.number(),
      body: z.optional(z.nullable(z.unknown())),
    }),
  ),
});
const queryJob = z.object({
  id: z.string(),
  state: z.enum(['UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  numberRecordsProcessed: z.optional(z.nullable(z.number())),
  errorMessage: text,
});
const saved = z.object({ id: z.string() });

const tokenAnswer = z.object({
  access_token: z.string(),
  instance_url: z.string(),
  id: z.string(),
  refresh_token: z.optional(z.string()),
  scope: z.optional(z.string()),
});
const tokenRefusal = z.object({ error: z.string(), error_description: z.optional(z.string()) });
const organizationRow = z.object({ Id: z.string() });
/** Of a call for many rows: their failures name their code otherwise than all others do. */
const savedRows = z.array(
  z.object({
    id: text,
    success: z.boolean(),
    errors: z.optional(z.array(z.object({ statusCode: z.string(), message: text }))),
  }),
);

const objectInfo = z.object({
  objectDescribe: z.object({ createable: z.boolean(), updateable: z.boolean(), deletable: z.boolean() }),
});

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm */
const describedField = z.object({
  name: z.string(),
  label: text,
  type: z.string(),
  length: z.optional(z.number()),
  custom: z.optional(z.boolean()),
  createable: z.boolean(),
  updateable: z.boolean(),
  nillable: z.boolean(),
  defaultedOnCreate: z.boolean(),
  restrictedPicklist: z.optional(z.boolean()),
  picklistValues: z.optional(
    z.nullable(z.array(z.object({ value: z.string(), active: z.optional(z.boolean()) }))),
  ),
});
const description = z.object({ fields: z.array(describedField) });

export const salesforceWire = {
  envelope,
  changeEvent,
  commentEvent,
  stampedRow: stamped,
  markedRow,
  commentRow,
  linkRow,
  documentRow,
  documentLinkRow,
  versionRow,
  queryResult,
  failures,
  compositeResult,
  queryJob,
  saved,
  savedRows,
  tokenAnswer,
  tokenRefusal,
  organizationRow,
  objectInfo,
  description,
};

export type SalesforceChangeEvent = z.infer<typeof changeEvent>;
export type SalesforceChangeHeader = z.infer<typeof changeHeader>;
export type SalesforceCommentEvent = z.infer<typeof commentEvent>;
export type SalesforceStamped = z.infer<typeof stamped>;
export type SalesforceMarked = z.infer<typeof markedRow>;
export type SalesforceComment = z.infer<typeof commentRow>;
export type SalesforceDocument = z.infer<typeof documentRow>;
export type SalesforceDocumentLink = z.infer<typeof documentLinkRow>;
export type SalesforceVersion = z.infer<typeof versionRow>;
export type SalesforceField = z.infer<typeof describedField>;
export type SalesforcePart = z.infer<typeof compositeResult>['compositeResponse'][number];
export type SalesforceQueryResult = z.infer<typeof queryResult>;
export type SalesforceQueryJob = z.infer<typeof queryJob>;
export type SalesforceSavedRow = z.infer<typeof savedRows>[number];
export type SalesforceToken = z.infer<typeof tokenAnswer>;
export type SalesforceFailures = z.infer<typeof failures>;

export const readAs = readerOf('salesforce');
