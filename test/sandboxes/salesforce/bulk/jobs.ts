import { notFound, SalesforceFailure } from '../failure.ts';
import { makeId } from '../ids.ts';
import { type Call, type Reply, record } from '../rest/context.ts';
import { carryOut, newIngestJob } from './ingest.ts';
import { type BulkJob, type IngestJob, type JobState, jobInfo, type QueryJob, stateOf } from './job.ts';
import { newQueryJob, queryResults } from './query.ts';

export interface BulkDeps {
  readonly nowMs: () => number;
  /** How long a job takes from being ready to being done. */
  readonly delayMs: () => number;
  readonly keep: (job: BulkJob) => void;
}

const FIRST_SERIAL = 4_021_877;
/** Query jobs of 24 hours: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_bulkapi.htm */
const MAX_QUERY_JOBS = 10_000;
const DAY_MS = 86_400_000;

/** Bulk API 2.0: jobs that outlive the call that made them. */
export class BulkJobs {
  readonly #deps: BulkDeps;
  readonly #jobs = new Map<string, BulkJob>();
  /** As an org that has used its day up: fewer jobs than the vendor's number, for tests. */
  maxQueryJobs = MAX_QUERY_JOBS;

  constructor(deps: BulkDeps) {
    this.#deps = deps;
  }

  restore(job: BulkJob): void {
    this.#jobs.set(job.id, job);
  }

  /** `jobs/query` and `jobs/ingest`, with what stands under them. */
  answer(call: Call): Reply {
    const [, kind, id, part] = call.path;
    if (kind !== 'query' && kind !== 'ingest') throw notFound();
    if (id === undefined) return call.method === 'POST' ? this.#create(call, kind) : this.#list(call, kind);
    const job = this.#jobs.get(id);
    if (job === undefined || job.isDeleted || job.kind !== kind) throw notFound();
    if (part !== undefined) return this.#part(call, job, part);
    switch (call.method) {
      case 'GET':
        return { status: 200, body: this.#info(job) };
      case 'PATCH':
        return this.#change(call, job);
      case 'DELETE':
        return this.#remove(job);
      default:
        throw notFound();
    }
  }

  #create(call: Call, kind: BulkJob['kind']): Reply {
    const nowMs = this.#deps.nowMs();
    const id = makeId('750', FIRST_SERIAL + this.#jobs.size);
    if (kind === 'query' && this.#queryJobsOfDay(nowMs) >= this.maxQueryJobs) {
      const message = `Max bulk v2 query jobs (${this.maxQueryJobs}) per 24 hrs has been reached`;
      throw new SalesforceFailure(400, 'LIMIT_EXCEEDED', message);
    }
    const job = kind === 'query' ? newQueryJob(call, id, nowMs) : newIngestJob(call, id, nowMs);
    return { status: 200, body: this.#info(this.#put(job)) };
  }

  #queryJobsOfDay(nowMs: number): number {
    return [...this.#jobs.values()].filter(
      ({ kind, createdMs }) => kind === 'query' && createdMs > nowMs - DAY_MS,
    ).length;
  }

  #list(call: Call, kind: BulkJob['kind']): Reply {
    if (call.method !== 'GET') throw notFound();
    const living = [...this.#jobs.values()].filter((job) => job.kind === kind && !job.isDeleted);
    return {
      status: 200,
      body: { done: true, records: living.map((job) => this.#info(job)), nextRecordsUrl: null },
    };
  }

  #part(call: Call, job: BulkJob, part: string): Reply {
    if (job.kind === 'query') {
      if (part !== 'results' || call.method !== 'GET') throw notFound();
      this.#demand(job, 'JobComplete');
      return queryResults(call, job);
    }
    if (part === 'batches' && call.method === 'PUT') return this.#upload(call, job);
    if (call.method !== 'GET') throw notFound();
    return this.#ingestResults(job, part);
  }

  /** One upload a job. https://developer.salesforce.com/docs/platform/api-asynch/guide/upload-job-data.html */
  #upload(call: Call, job: IngestJob): Reply {
    this.#demand(job, 'Open');
    if (job.upload !== undefined) {
      throw new SalesforceFailure(400, 'INVALIDJOBSTATE', 'Found multiple contents for job');
    }
    if (typeof call.body !== 'string') {
      throw new SalesforceFailure(400, 'INVALIDCONTENTTYPE', 'the upload has to be text/csv');
    }
    this.#put({ ...job, upload: call.body });
    return { status: 201 };
  }

  #ingestResults(job: IngestJob, part: string): Reply {
    const state = this.#stateOf(job);
    if (state !== 'JobComplete' && state !== 'Failed') this.#demand(job, 'JobComplete');
    const texts: Readonly<Record<string, string | undefined>> = {
      successfulResults: job.results?.successful,
      failedResults: job.results?.failed,
      unprocessedrecords: job.results?.unprocessed,
    };
    const value = texts[part];
    if (value === undefined) throw notFound();
    return { status: 200, text: { type: 'text/csv', value } };
  }

  #change(call: Call, job: BulkJob): Reply {
    const { state } = record(call.body);
    if (state === 'Aborted') {
      this.#demand(job, 'Open', 'UploadComplete', 'InProgress');
      return { status: 200, body: this.#info(this.#put({ ...job, isAborted: true })) };
    }
    if (state !== 'UploadComplete' || job.kind !== 'ingest') {
      throw new SalesforceFailure(400, 'INVALIDJOBSTATE', `a job cannot be brought to ${state}`);
    }
    this.#demand(job, 'Open');
    const results = carryOut(call.org, job);
    return { status: 200, body: this.#info(this.#put({ ...job, readyMs: this.#deps.nowMs(), results })) };
  }

  #remove(job: BulkJob): Reply {
    this.#demand(
      job,
      'JobComplete',
      'Aborted',
      'Failed',
      ...(job.kind === 'ingest' ? ['Open' as const] : []),
    );
    this.#put({ ...emptied(job), isDeleted: true });
    return { status: 204 };
  }

  /** The guide promises an error and names no code for it: INVALIDJOBSTATE is the sandbox's own guess. */
  #demand(job: BulkJob, ...allowed: readonly JobState[]): void {
    const state = this.#stateOf(job);
    if (allowed.includes(state)) return;
    const message = `the job is ${state}, expected ${allowed.join(' or ')}`;
    throw new SalesforceFailure(400, 'INVALIDJOBSTATE', message);
  }

  #put<Job extends BulkJob>(job: Job): Job {
    this.#jobs.set(job.id, job);
    this.#deps.keep(job);
    return job;
  }

  #stateOf(job: BulkJob): JobState {
    return stateOf(job, this.#deps.nowMs(), this.#deps.delayMs());
  }

  #info(job: BulkJob): Record<string, unknown> {
    return jobInfo(job, this.#deps.nowMs(), this.#deps.delayMs());
  }
}

/** Its data is gone with it. */
function emptied(job: BulkJob): BulkJob {
  if (job.kind === 'query') return { ...job, lines: [] } satisfies QueryJob;
  const { upload: _upload, results: _results, ...rest } = job;
  return rest;
}
