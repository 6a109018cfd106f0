import { SalesforceFailure } from '../failure.ts';
import { DELIMITERS, type Delimiter } from './csv.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'Aborted' | 'JobComplete' | 'Failed';

interface BaseJob {
  readonly id: string;
  readonly userId: string;
  readonly version: string;
  readonly object: string;
  readonly columnDelimiter: Delimiter;
  readonly lineEnding: 'LF' | 'CRLF';
  readonly createdMs: number;
  /** When everything it needs was there; it is carried out after that. */
  readonly readyMs?: number;
  readonly isAborted?: true;
  readonly isDeleted?: true;
}
export interface QueryJob extends BaseJob {
  readonly kind: 'query';
  readonly operation: 'query' | 'queryAll';
  /** A line per row, header apart: a job's results are what the org held when it ran. */
  readonly header: string;
  readonly lines: readonly string[];
}
export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete';
export interface IngestJob extends BaseJob {
  readonly kind: 'ingest';
  readonly operation: IngestOperation;
  readonly externalIdFieldName?: string;
  readonly upload?: string;
  readonly results?: IngestResults;
}
export interface IngestResults {
  readonly successful: string;
  readonly failed: string;
  readonly unprocessed: string;
  readonly processedCount: number;
  readonly failedCount: number;
  /** Why nothing of it was carried out. */
  readonly errorMessage?: string;
}
export type BulkJob = QueryJob | IngestJob;

/** A job waits for its turn, and then takes its time. */
export function stateOf(job: BulkJob, nowMs: number, delayMs: number): JobState {
  if (job.isAborted) return 'Aborted';
  if (job.readyMs === undefined) return 'Open';
  const elapsedMs = nowMs - job.readyMs;
  if (elapsedMs < delayMs / 2) return 'UploadComplete';
  if (elapsedMs < delayMs) return 'InProgress';
  return job.kind === 'ingest' && job.results?.errorMessage !== undefined ? 'Failed' : 'JobComplete';
}

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/query-get-one-job.html and get-job-info.html */
export function jobInfo(job: BulkJob, nowMs: number, delayMs: number): Record<string, unknown> {
  const state = stateOf(job, nowMs, delayMs);
  const stamp = new Date(job.createdMs).toISOString().replace('Z', '+0000');
  const isDone = state === 'JobComplete' || state === 'Failed';
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.userId,
    createdDate: stamp,
    systemModstamp: stamp,
    state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    ...(job.kind === 'query' ? queryInfo(job, isDone) : ingestInfo(job, isDone)),
  };
}

const queryInfo = ({ lines }: QueryJob, isDone: boolean) => ({
  jobType: 'V2Query',
  isPkChunkingSupported: true,
  ...(isDone ? { numberRecordsProcessed: lines.length, retries: 0, totalProcessingTime: 130 } : {}),
});

const ingestInfo = ({ id, version, externalIdFieldName, results, readyMs }: IngestJob, isDone: boolean) => ({
  jobType: 'V2Ingest',
  ...(externalIdFieldName === undefined ? {} : { externalIdFieldName }),
  ...(readyMs === undefined ? { contentUrl: `services/data/v${version}/jobs/ingest/${id}/batches` } : {}),
  numberRecordsProcessed: isDone ? (results?.processedCount ?? 0) : 0,
  numberRecordsFailed: isDone ? (results?.failedCount ?? 0) : 0,
  ...(isDone && results?.errorMessage !== undefined ? { errorMessage: results.errorMessage } : {}),
});

export function delimiterOf(body: Readonly<Record<string, unknown>>): Delimiter {
  const name = String(body.columnDelimiter ?? 'COMMA');
  if (name in DELIMITERS) return name as Delimiter;
  throw new SalesforceFailure(400, 'INVALIDJOB', `Unsupported columnDelimiter : ${name}`);
}

export function lineEndingOf(body: Readonly<Record<string, unknown>>): 'LF' | 'CRLF' {
  const name = String(body.lineEnding ?? 'LF');
  if (name === 'LF' || name === 'CRLF') return name;
  throw new SalesforceFailure(400, 'INVALIDJOB', `Unsupported lineEnding : ${name}`);
}
