import { SalesforceFailure } from '../failure.ts';
import type { Org } from '../org.ts';
import { type Call, record } from '../rest/context.ts';
import { fieldOf, type ObjectSpec } from '../schema.ts';
import { csvLine, DELIMITERS, parseCsv } from './csv.ts';
import {
  delimiterOf,
  type IngestJob,
  type IngestOperation,
  type IngestResults,
  lineEndingOf,
} from './job.ts';

const OPERATIONS = new Set(['insert', 'update', 'upsert', 'delete']);

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/create-job.html */
export function newIngestJob(call: Call, id: string, nowMs: number): IngestJob {
  const body = record(call.body);
  const operation = String(body.operation ?? '');
  if (operation === 'hardDelete') {
    throw new SalesforceFailure(400, 'FEATURENOTENABLED', 'hardDelete requires special user permission');
  }
  if (!OPERATIONS.has(operation)) {
    throw new SalesforceFailure(400, 'INVALIDJOB', `Invalid operation : ${operation}`);
  }
  const object = supported(call.org, String(body.object ?? ''));
  const key = body.externalIdFieldName;
  if (operation === 'upsert' && !fieldOf(object, String(key ?? ''))?.externalId) {
    throw new SalesforceFailure(400, 'INVALIDJOB', 'externalIdFieldName has to name an external id field');
  }
  return {
    kind: 'ingest',
    id,
    operation: operation as IngestOperation,
    userId: call.userId,
    version: call.version,
    object: object.name,
    columnDelimiter: delimiterOf(body),
    lineEnding: lineEndingOf(body),
    createdMs: nowMs,
    ...(operation === 'upsert' ? { externalIdFieldName: String(key) } : {}),
  };
}

function supported(org: Org, name: string): ObjectSpec {
  try {
    return org.object(name);
  } catch {
    throw new SalesforceFailure(400, 'INVALIDENTITY', `Entity '${name}' is not supported by the Bulk API.`);
  }
}

interface Outcome {
  readonly id: string;
  readonly isCreated?: boolean;
  readonly error?: string;
}
/** Within an ingest job rows are saved in chunks of 200, each its own transaction; each row has its own fate. */
const CHUNK = 200;

/** Carries out an upload that is complete. */
export function carryOut(org: Org, job: IngestJob): IngestResults {
  const delimiter = DELIMITERS[job.columnDelimiter];
  const object = org.object(job.object);
  const [header = [], ...rows] = parseCsv(job.upload ?? '', delimiter);
  const heading = header.join(delimiter);
  const unknown = header.find((name) => fieldOf(object, name) === undefined);
  if (unknown !== undefined) {
    const errorMessage = `InvalidBatch : Field name not found : ${unknown}`;
    const unprocessed = lines([heading, ...rows.map((row) => csvLine(row, delimiter))]);
    return {
      successful: '',
      failed: '',
      unprocessed,
      processedCount: 0,
      failedCount: 0,
      errorMessage,
    };
  }
  const outcomes: Outcome[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK);
    org.transaction(job.userId, `com/salesforce/api/bulk/${job.version}`, () => {
      outcomes.push(...chunk.map((row) => saved(org, { job, object }, header, row)));
    });
  }
  return resultsOf(heading, rows, outcomes, delimiter);
}

interface Target {
  readonly job: IngestJob;
  readonly object: ObjectSpec;
}

function saved(org: Org, target: Target, header: readonly string[], row: readonly string[]): Outcome {
  const values = Object.fromEntries(
    header.flatMap((name, at) => {
      const value = given(target.object, name, row[at] ?? '');
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  try {
    return org.savepoint(() => written(org, target, values));
  } catch (failure) {
    if (!(failure instanceof SalesforceFailure)) throw failure;
    const { errorCode, message, fields = [] } = failure;
    return { id: '', error: `${errorCode}:${message}:${fields.join(', ')}${fields.length > 0 ? ' ' : ''}--` };
  }
}

/** Nothing leaves a field as it is, `#N/A` empties it. */
function given(object: ObjectSpec, name: string, text: string): unknown {
  if (text === '') return undefined;
  if (text === '#N/A') return null;
  return fieldOf(object, name)?.type === 'boolean' ? text.toLowerCase() === 'true' : text;
}

function written(org: Org, { job, object }: Target, values: Record<string, unknown>): Outcome {
  const { Id, ...fields } = values;
  const id = String(Id ?? '');
  switch (job.operation) {
    case 'insert':
      return { id: org.insert(object, values), isCreated: true };
    case 'update':
      org.update(object, id, fields);
      return { id, isCreated: false };
    case 'delete':
      org.remove(object, id);
      return { id, isCreated: false };
    case 'upsert':
      return upserted(org, object, String(job.externalIdFieldName), values);
  }
}

function upserted(org: Org, object: ObjectSpec, key: string, values: Record<string, unknown>): Outcome {
  const { [key]: value, ...fields } = values;
  const [match, ...others] = org.byExternalId(object, key, String(value ?? ''));
  if (others.length > 0) {
    throw new SalesforceFailure(400, 'DUPLICATE_EXTERNAL_ID', `more than one record found for ${key}`);
  }
  if (match === undefined) return { id: org.insert(object, values), isCreated: true };
  org.update(object, String(match.Id), fields);
  return { id: String(match.Id), isCreated: false };
}

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/get-job-successful-results.html and -failed- */
function resultsOf(
  heading: string,
  rows: readonly (readonly string[])[],
  outcomes: readonly Outcome[],
  delimiter: string,
): IngestResults {
  const told = rows.map((row, at) => ({ row, outcome: outcomes[at] as Outcome }));
  const failed = told.filter(({ outcome }) => outcome.error !== undefined);
  const successful = told.filter(({ outcome }) => outcome.error === undefined);
  const table = (extra: string, among: typeof told, of: (outcome: Outcome) => unknown) =>
    lines([
      `${csvLine(['sf__Id', extra], delimiter)}${delimiter}${heading}`,
      ...among.map(({ row, outcome }) => csvLine([outcome.id, of(outcome), ...row], delimiter)),
    ]);
  return {
    successful: table('sf__Created', successful, ({ isCreated }) => isCreated),
    failed: table('sf__Error', failed, ({ error }) => error),
    unprocessed: lines([heading]),
    processedCount: rows.length,
    failedCount: failed.length,
  };
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
