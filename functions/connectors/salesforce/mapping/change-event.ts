import { type Fields, type FieldValue, referenceOf } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import { type DocumentedContext, rulesOf } from '../../../../shared/mapping/index.ts';
import type { Decoded, FieldRule, Observation, Version } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceChangeEvent, SalesforceChangeHeader } from '../wire.ts';
import { upperBoundMs } from './moments.ts';
import { isPerson } from './person.ts';
import { isReference, refersTo, spelled } from './reference.ts';
import { authorshipOf, markerOf, scalar } from './row.ts';

const OBJECTS = {
  Case: { kind: 'ticket', keyPrefix: '500' },
  Contact: { kind: 'contact', keyPrefix: '003' },
  Account: { kind: 'account', keyPrefix: '001' },
} as const;
type ObjectName = keyof typeof OBJECTS;

const kindOf = ({ ChangeEventHeader }: SalesforceChangeEvent) =>
  OBJECTS[ChangeEventHeader.entityName as ObjectName].kind;
const rulesFor = (event: SalesforceChangeEvent, { mapping }: DocumentedContext) =>
  rulesOf(mapping, kindOf(event));

type Values = { readonly fields: Readonly<Record<string, FieldValue>>; readonly isPartial: boolean };

/** One Change Data Capture event: the same change of one or several records. */
export function observedChange(
  event: SalesforceChangeEvent,
  at: string,
  context: DocumentedContext,
): Decoded {
  const header = event.ChangeEventHeader;
  if (header.changeType === 'GAP_OVERFLOW')
    return filtered('too many changes at once, the next pull has them');
  if (kindOf(event) === 'account' && isPerson(event)) return filtered('a person, not a company');
  const ids = idsOf(header, at);
  const template = templateOf(event, context);
  if (template === undefined) return filtered('no field in step with the hub changed');
  return { outcome: 'observations', observations: ids.map((externalId) => ({ ...template, externalId })) };
}

const filtered = (reason: string): Decoded => ({ outcome: 'filtered', reason });

function idsOf({ recordIds, entityName }: SalesforceChangeHeader, at: string) {
  const { keyPrefix } = OBJECTS[entityName as ObjectName];
  return recordIds.map((text, index) => {
    const id = canonicalId(text);
    if (id?.startsWith(keyPrefix)) return id;
    throw new InvalidInputError('saw something that is no id of the object', {
      pointer: `${at}/ChangeEventHeader/recordIds/${index}`,
    });
  });
}

/**
 * Ordered by time first, as commit numbers start anew when an org moves to another instance. Never comparable
 * with a SystemModstamp, which change events do not carry.
 */
function versionOf(header: SalesforceChangeHeader): Version {
  const parts = [header.commitTimestamp, header.commitNumber ?? 0, header.sequenceNumber];
  return { source: 'cdc.commit', value: parts.map((part) => String(part).padStart(16, '0')).join('.') };
}

/** What the event says of each of its records; undefined when nothing of it concerns the hub. */
function templateOf(
  event: SalesforceChangeEvent,
  context: DocumentedContext,
): Omit<Observation, 'externalId'> | undefined {
  const header = event.ChangeEventHeader;
  const base = {
    kind: kindOf(event),
    version: versionOf(header),
    authorship: authorshipOf(header.commitUser, context),
    atMs: upperBoundMs(header.commitTimestamp),
    ...markOf(event),
  };
  switch (header.changeType) {
    case 'CREATE':
    case 'UNDELETE':
      return {
        ...base,
        ...wholeOf(event, context),
        ...(header.changeType === 'UNDELETE' ? { life: 'undeleted' } : {}),
      };
    case 'UPDATE':
      return partOf(event, base, context);
    case 'DELETE':
      return { ...base, fields: {}, isComplete: false, life: 'deleted' };
    case 'GAP_UNDELETE':
      return { ...base, fields: {}, isComplete: false, life: 'undeleted', needsRead: true };
    default:
      return { ...base, fields: {}, isComplete: false, needsRead: true };
  }
}

/** A creation names every field that has a value; what it leaves out is empty. */
function wholeOf(
  event: SalesforceChangeEvent,
  context: DocumentedContext,
): Pick<Observation, 'fields' | 'isComplete' | 'refersTo'> {
  const values: Record<string, FieldValue> = {};
  for (const rule of rulesFor(event, context)) values[rule.field] = rawValue(event, rule);
  return { fields: values, isComplete: true, ...namedIn(event, values) };
}

/** The package's channel adds the hub's mark to every event of a record that has one. */
function markOf(event: SalesforceChangeEvent): Pick<Observation, 'marker'> {
  const marker = markerOf(event.Deskbridge_Id__c as string | null | undefined);
  return marker === undefined ? {} : { marker };
}

function partOf(
  event: SalesforceChangeEvent,
  base: Pick<Observation, 'kind' | 'version' | 'authorship' | 'atMs'>,
  context: DocumentedContext,
): Omit<Observation, 'externalId'> | undefined {
  const { fields, isPartial } = changedValues(event, context);
  if (isPartial) return { ...base, fields: {}, isComplete: false, needsRead: true };
  if (Object.keys(fields).length === 0) return undefined;
  return { ...base, fields, isComplete: false, ...namedIn(event, fields) };
}

/**
 * The fields an update carries. A contact's name comes in parts, and a relay may pass the changed fields as
 * the bitmaps they travel in: either way the values are known only after a read.
 */
function changedValues(event: SalesforceChangeEvent, context: DocumentedContext): Values {
  const header = event.ChangeEventHeader;
  const named = [...(header.changedFields ?? []), ...(header.nulledFields ?? [])];
  if (named.some((name) => name.startsWith('0x'))) return { fields: {}, isPartial: true };
  const values: Record<string, FieldValue> = {};
  let isPartial = false;
  for (const rule of rulesFor(event, context)) {
    const { field, vendorField: vendorName } = rule;
    const isChanged = named.some((changed) => changed === vendorName || changed.startsWith(`${vendorName}.`));
    if (named.length > 0 ? !isChanged : (event[vendorName] ?? null) === null) continue;
    if (vendorName === 'Name' && !isWholeName(event[vendorName])) isPartial = true;
    else values[field] = rawValue(event, rule);
  }
  return { fields: values, isPartial };
}

const partsOf = (name: unknown): Readonly<Record<string, unknown>> =>
  typeof name === 'object' && name !== null ? (name as Record<string, unknown>) : {};
const isWholeName = (name: unknown): boolean =>
  typeof name === 'string' || ('FirstName' in partsOf(name) && 'LastName' in partsOf(name));

function rawValue(
  event: SalesforceChangeEvent,
  { field, vendorField, transforms = [] }: FieldRule,
): FieldValue {
  const value = event[vendorField];
  if (isReference(kindOf(event), field)) return isPerson(event) ? null : spelled(value);
  // A query answers a day as text, an event may tell it as its first millisecond.
  if (typeof value === 'number' && transforms.some(({ use }) => use === 'date'))
    return new Date(value).toISOString().slice(0, 10);
  if (vendorField !== 'Name' || typeof value === 'string') return scalar(value);
  const parts = ['FirstName', 'LastName']
    .map((part) => partsOf(value)[part])
    .filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}

const namedIn = (event: SalesforceChangeEvent, fields: Fields): Pick<Observation, 'refersTo'> =>
  refersTo(fields[referenceOf(kindOf(event))?.field ?? '']);
