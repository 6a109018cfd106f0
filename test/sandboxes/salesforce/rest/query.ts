import { randomBytes } from 'node:crypto';
import { SalesforceFailure } from '../failure.ts';
import { refuseUnfiltered, seenBy } from '../files/query.ts';
import { runQuery } from '../soql/evaluate.ts';
import { malformed } from '../soql/lexer.ts';
import { parseSoql } from '../soql/parser.ts';
import type { Call, Reply } from './context.ts';

interface CursorState {
  readonly total: number;
  readonly records: readonly Record<string, unknown>[];
  readonly batchSize: number;
}

/** Query results that did not fit one page; gone when the org restarts, as cursors may be. */
export class QueryCursors {
  readonly #held = new Map<string, CursorState>();

  /** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm */
  query(call: Call): Reply {
    const [resource = 'query', locator] = call.path;
    if (locator !== undefined) return this.#more(call, resource, locator);
    const soql = call.query.get('q');
    if (soql === null) throw malformed('a query string has to be specified');
    if (soql.length > 100_000) throw malformed('SOQL statements cannot be longer than 100000 characters.');
    const parsed = parseSoql(soql, call.org.now());
    refuseUnfiltered(parsed);
    const isWithBin = resource === 'queryAll';
    const result = runQuery(call.org, parsed, call.version, isWithBin, seenBy(call, parsed));
    const state = { ...result, batchSize: batchSize(call) };
    const name = `01g${randomBytes(9).toString('hex').slice(0, 15)}`;
    if (state.records.length > state.batchSize) this.#held.set(name, state);
    return page(call, resource, name, state, 0);
  }

  #more(call: Call, resource: string, locator: string): Reply {
    const [name = '', from = ''] = locator.split('-');
    const state = this.#held.get(name);
    if (!state) throw new SalesforceFailure(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return page(call, resource, name, state, Number(from));
  }
}

/** Between 200 and 2,000 rows: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm */
function batchSize(call: Call): number {
  const asked = /batchSize=(\d+)/.exec(String(call.headers['sforce-query-options'] ?? ''))?.[1];
  const wanted = asked === undefined ? 2_000 : Math.min(2_000, Math.max(200, Number(asked)));
  return Math.min(wanted, call.org.maxPageRows);
}

function page(call: Call, resource: string, name: string, state: CursorState, from: number): Reply {
  const end = from + state.batchSize;
  const isDone = end >= state.records.length;
  return {
    status: 200,
    body: {
      totalSize: state.total,
      done: isDone,
      ...(isDone ? {} : { nextRecordsUrl: `/services/data/v${call.version}/${resource}/${name}-${end}` }),
      records: state.records.slice(from, end),
    },
  };
}
