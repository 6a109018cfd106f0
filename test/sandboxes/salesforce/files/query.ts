import { SalesforceFailure } from '../failure.ts';
import type { Call } from '../rest/context.ts';
import type { Condition, Query } from '../soql/parser.ts';
import type { Row } from '../values.ts';

const FILTERS = ['contentdocumentid', 'linkedentityid'];

/** Whether every row that passes has one of these fields equal to something. */
function isFilteredBy(condition: Condition | undefined, fields: readonly string[]): boolean {
  if (condition === undefined || condition.kind === 'not') return false;
  if (condition.kind === 'compare')
    return fields.includes(condition.field.toLowerCase()) && ['=', 'IN'].includes(condition.operator);
  return condition.kind === 'and'
    ? condition.of.some((part) => isFilteredBy(part, fields))
    : condition.of.every((part) => isFilteredBy(part, fields));
}

/**
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentdocumentlink.htm
 * (Usage). Who may Query All Files need not filter since version 59; here everybody must.
 */
export function refuseUnfiltered({ object, where }: Query): void {
  if (object.toLowerCase() !== 'contentdocumentlink' || isFilteredBy(where, FILTERS)) return;
  throw new SalesforceFailure(
    400,
    'MALFORMED_QUERY',
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.",
  );
}

/**
 * A query that names no id shows one's own files alone, unless one may Query All Files: what is seen because of the
 * record it is shared with is left out, and nothing says so. Same pages, and sforce_api_objects_contentversion.htm.
 */
export function seenBy(call: Call, { object, where }: Query): Call['readRow'] {
  const isListing = ['contentdocument', 'contentversion'].includes(object.toLowerCase());
  if (!isListing || call.org.mayQueryAllFiles || isFilteredBy(where, ['id', 'contentdocumentid']))
    return call.readRow;
  return (row: Row) => (row.CreatedById === call.userId ? call.readRow(row) : undefined);
}
