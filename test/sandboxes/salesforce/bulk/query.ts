import { SalesforceFailure } from '../failure.ts';
import { refuseUnfiltered, seenBy } from '../files/query.ts';
import type { Org } from '../org.ts';
import { type Call, type Reply, record } from '../rest/context.ts';
import { runQuery } from '../soql/evaluate.ts';
import { malformed } from '../soql/lexer.ts';
import { parseSoql, type Query } from '../soql/parser.ts';
import { csvLine, DELIMITERS } from './csv.ts';
import { delimiterOf, lineEndingOf, type QueryJob } from './job.ts';

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/query-create-job.html */
export function newQueryJob(call: Call, id: string, nowMs: number): QueryJob {
  const body = record(call.body);
  const operation = body.operation === 'queryAll' ? 'queryAll' : 'query';
  const query = parseSoql(String(body.query ?? ''), call.org.now());
  if (query.fields === 'count') throw malformed('aggregate functions are not supported in a bulk query');
  if (query.offset > 0) throw malformed('OFFSET is not supported in a bulk query');
  refuseUnfiltered(query);
  const columnDelimiter = delimiterOf(body);
  const delimiter = DELIMITERS[columnDelimiter];
  const columns = query.fields;
  return {
    kind: 'query',
    id,
    operation,
    userId: call.userId,
    version: call.version,
    object: supported(call.org, query),
    columnDelimiter,
    lineEnding: lineEndingOf(body),
    createdMs: nowMs,
    readyMs: nowMs,
    header: csvLine(columns, delimiter),
    lines: rowsOf(call, query, operation).map((row) =>
      csvLine(
        columns.map((path) => valueAt(row, path)),
        delimiter,
      ),
    ),
  };
}

function rowsOf(call: Call, query: Query, operation: QueryJob['operation']) {
  return runQuery(call.org, query, call.version, operation === 'queryAll', seenBy(call, query)).records;
}

function supported(org: Org, query: Query): string {
  try {
    return org.object(query.object).name;
  } catch {
    throw new SalesforceFailure(
      400,
      'INVALIDENTITY',
      `Entity '${query.object}' is not supported by the Bulk API.`,
    );
  }
}

/**
 * Datetimes end in `Z` here, in `+0000` everywhere else, and whole numbers in `.0`:
 * https://docs.celigo.com/hc/en-us/articles/27438241234459-Salesforce-Bulk-API-2-0-Guide
 */
function valueAt(row: Readonly<Record<string, unknown>>, path: string): unknown {
  const [head = '', ...tail] = path.split('.');
  const key = Object.keys(row).find((name) => name.toLowerCase() === head.toLowerCase()) ?? head;
  const value = row[key];
  if (tail.length > 0) return valueAt(record(value), tail.join('.'));
  if (Number.isInteger(value)) return `${value}.0`;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+\+0000$/.test(value)
    ? value.replace('+0000', 'Z')
    : value;
}

/** Without `maxRecords` the service decides how many it gives at once. */
const DEFAULT_ROWS = 50_000;

/**
 * `Sforce-Locator` is where to go on, the text `null` at the end; it may be asked for again and again.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/query-get-job-results.html
 */
export function queryResults(call: Call, job: QueryJob): Reply {
  if (call.version !== job.version) {
    throw new SalesforceFailure(409, 'API_ERROR', `use the version the job was made with, ${job.version}`);
  }
  const from = offsetIn(call.query.get('locator'), job);
  const asked = Number(call.query.get('maxRecords') ?? DEFAULT_ROWS);
  if (!Number.isInteger(asked) || asked < 1) {
    throw new SalesforceFailure(400, 'API_ERROR', 'maxRecords has to be a positive number');
  }
  const end = Math.min(from + asked, job.lines.length);
  const lines = [job.header, ...job.lines.slice(from, end)];
  const ending = job.lineEnding === 'CRLF' ? '\r\n' : '\n';
  return {
    status: 200,
    headers: {
      'Sforce-Locator': end < job.lines.length ? locatorOf(end) : 'null',
      'Sforce-NumberOfRecords': String(end - from),
    },
    text: { type: 'text/csv', value: `${lines.join(ending)}${ending}` },
  };
}

const locatorOf = (offset: number): string => Buffer.from(String(offset)).toString('base64url');

function offsetIn(locator: string | null, { lines }: QueryJob): number {
  if (locator === null) return 0;
  const offset = Number(Buffer.from(locator, 'base64url').toString());
  if (Number.isInteger(offset) && offset > 0 && offset < lines.length) return offset;
  throw new SalesforceFailure(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
}
