import { randomUUID } from 'node:crypto';
import type { Change } from './changes.ts';
import type { Committed, Org } from './org.ts';
import type { RelayedEvent } from './relay.ts';
import { objectOfId } from './schema.ts';
import { datetime, type Row } from './values.ts';

/** A change event has no such fields: CaseChangeEvent in the object reference lists none of them. */
const NEVER = new Set(['Id', 'IsDeleted', 'SystemModstamp']);
const ENRICHED = 'Deskbridge_Id__c';
const NAME_PARTS = ['FirstName', 'LastName'];
/** A contact's whole name stands in its parts, an account's is a field of its own. */
const isNever = ({ object }: Change, name: string): boolean =>
  NEVER.has(name) || (object.name === 'Contact' && name === 'Name');

function shown(change: Change, name: string): unknown {
  const value = change.row[name] ?? null;
  // Avro, in which events travel, knows a day by its first moment; who reads them must take both.
  if (change.object.fields.get(name)?.type === 'date' && typeof value === 'string') return Date.parse(value);
  return change.object.fields.get(name)?.type === 'datetime' && typeof value === 'number'
    ? new Date(value).toISOString()
    : value;
}

/** A contact's name is one compound field whose changed parts alone are sent. */
const path = (change: Change, name: string): string =>
  change.object.name === 'Contact' && NAME_PARTS.includes(name) ? `Name.${name}` : name;

function values(change: Change): Record<string, unknown> {
  const isWhole = change.type === 'CREATE' || change.type === 'UNDELETE';
  const names = isWhole ? [...change.object.fields.keys()] : change.type === 'DELETE' ? [] : change.changed;
  const body: Record<string, unknown> = {};
  const name: Record<string, unknown> = {};
  for (const field of names) {
    if (isNever(change, field)) continue;
    const value = shown(change, field);
    if (isWhole && value === null) continue;
    if (path(change, field) === field) body[field] = value;
    else name[field] = value;
  }
  return Object.keys(name).length > 0 ? { ...body, Name: name } : body;
}

/** The package's channel members enrich every event of a record with the hub's mark on it. */
function enriched(change: Change): Record<string, unknown> {
  const mark = change.row[ENRICHED] ?? null;
  return mark === null ? {} : { [ENRICHED]: mark };
}

/**
 * One event per change, or per like changes of one transaction; fields and meaning of the header:
 * https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm
 */
export function changeEvents(committed: Committed): RelayedEvent[] {
  const alike = new Map<string, { change: Change; ids: string[]; body: Record<string, unknown> }>();
  for (const change of committed.changes) {
    if (!change.object.hasChangeEvents) continue;
    const body = values(change);
    if (change.type === 'UPDATE' && Object.keys(body).length === 0) continue;
    const key =
      change.type === 'CREATE'
        ? change.id
        : JSON.stringify([change.object.name, change.type, body, enriched(change)]);
    const known = alike.get(key);
    if (known) known.ids.push(change.id);
    else alike.set(key, { change, ids: [change.id], body });
  }
  return [...alike.values()].map(({ change, ids, body }, index) => {
    const isUpdate = change.type === 'UPDATE';
    const changed = isUpdate ? change.changed.filter((name) => !isNever(change, name)) : [];
    const header = {
      entityName: change.object.name,
      recordIds: ids,
      changeType: change.type,
      changeOrigin: committed.origin,
      transactionKey: committed.transactionKey,
      sequenceNumber: index + 1,
      commitTimestamp: committed.commitTimestamp,
      commitNumber: committed.commitNumber,
      commitUser: committed.user,
      changedFields: changed.map((name) => path(change, name)),
      nulledFields: changed
        .filter((name) => (change.row[name] ?? null) === null)
        .map((name) => path(change, name)),
      diffFields: [],
    };
    return {
      type: `${change.object.name}ChangeEvent`,
      payload: { ChangeEventHeader: header, ...enriched(change), ...body },
      atMs: committed.commitTimestamp,
    };
  });
}

const ROLE_OF_USER: Readonly<Record<string, string>> = { CspLitePortal: 'customer' };

/**
 * What the package's trigger publishes after a commit; the fields are those of its platform event. No trigger fires
 * for an undeleted comment, CaseComment being none of the objects that have `after undelete`:
 * https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_recovered_records.htm
 */
export function commentEvents(committed: Committed, org: Org): RelayedEvent[] {
  return committed.changes
    .filter(({ object, type }) => object.name === 'CaseComment' && type !== 'UNDELETE')
    .filter((change) => !isCascade(change, committed))
    .map((change) => {
      const { row } = change;
      const author = org.tables.get(String(row.CreatedById));
      const isGone = change.type === 'DELETE';
      return {
        type: 'Deskbridge_Comment_Event__e',
        atMs: committed.commitTimestamp,
        payload: {
          CreatedDate: new Date(committed.commitTimestamp).toISOString(),
          CreatedById: committed.user,
          Event_Key__c: randomUUID(),
          Change_Type__c: change.type,
          Comment_Id__c: change.id,
          Case_Id__c: row.ParentId,
          Body__c: isGone ? null : row.CommentBody,
          Is_Published__c: row.IsPublished,
          Author_Id__c: row.CreatedById,
          Author_Name__c: author?.Name ?? null,
          Author_Role__c: ROLE_OF_USER[String(author?.UserType)] ?? 'agent',
          Created_At__c: stamp(row, 'CreatedDate'),
          Modified_At__c: stamp(row, 'SystemModstamp'),
          Modified_By__c: committed.user,
        },
      };
    });
}

const stamp = (row: Row, name: string): string => datetime(Number(row[name]));

/** Deletes that cascade from a case fire no trigger on its comments. */
function isCascade(change: Change, committed: Committed): boolean {
  if (change.type !== 'DELETE') return change.type === 'UPDATE' && change.changed.includes('ParentId');
  return committed.changes.some((other) => other.id === change.row.ParentId && other.type === change.type);
}

/** Only ids, no values: a change the vendor could not put into an event. */
export function asGapChange(row: Row, changeType: string, commitNumber: number): RelayedEvent | undefined {
  const object = objectOfId(String(row.Id));
  if (!object?.hasChangeEvents) return undefined;
  const atMs = Number(row.SystemModstamp);
  const header = {
    entityName: object.name,
    recordIds: [row.Id],
    changeType: `GAP_${changeType}`,
    changeOrigin: '',
    transactionKey: randomUUID(),
    sequenceNumber: 1,
    commitTimestamp: atMs,
    commitNumber,
    commitUser: row.LastModifiedById,
    changedFields: [],
    nulledFields: [],
    diffFields: [],
  };
  return { type: `${object.name}ChangeEvent`, payload: { ChangeEventHeader: header }, atMs };
}
