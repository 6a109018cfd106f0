import type { BulkJobs } from '../bulk/jobs.ts';
import { notFound, SalesforceFailure } from '../failure.ts';
import { collections } from './collections.ts';
import { composite } from './composite.ts';
import type { Call, Reply } from './context.ts';
import { QueryCursors } from './query.ts';
import { sobjects } from './sobjects.ts';

/** Versions this org answers; older ones are retired and say so. */
export const VERSIONS = ['65.0', '66.0', '67.0', '68.0'] as const;
const OLDEST = 21;

const LABELS: Readonly<Record<string, string>> = {
  '65.0': "Winter '26",
  '66.0': "Spring '26",
  '67.0': "Summer '26",
  '68.0': "Winter '27",
};

export const versionList = VERSIONS.map((version) => ({
  label: LABELS[version],
  url: `/services/data/v${version}`,
  version,
}));

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/api_rest_eol.htm */
export function checkVersion(version: string): void {
  if ((VERSIONS as readonly string[]).includes(version)) return;
  if (Number(version) < OLDEST) {
    throw new SalesforceFailure(410, 'GONE', `The requested API version (v${version}) is retired.`);
  }
  throw notFound();
}

/** The resources under one API version. */
export class Resources {
  readonly #cursors = new QueryCursors();
  readonly #bulk: BulkJobs;

  constructor(bulk: BulkJobs) {
    this.#bulk = bulk;
  }

  dispatch(call: Call): Reply {
    switch (call.path[0]) {
      case undefined:
        return { status: 200, body: directory(call.version) };
      case 'query':
      case 'queryAll':
        return this.#cursors.query(call);
      case 'sobjects':
        return sobjects(call);
      case 'composite':
        return call.path[1] === 'sobjects'
          ? collections(call)
          : composite(call, (subcall) => this.dispatch(subcall));
      case 'jobs':
        return this.#bulk.answer(call);
      default:
        throw notFound();
    }
  }
}

const directory = (version: string) =>
  Object.fromEntries(
    ['sobjects', 'query', 'queryAll', 'composite', 'limits', 'jobs'].map((name) => [
      name,
      `/services/data/v${version}/${name}`,
    ]),
  );
