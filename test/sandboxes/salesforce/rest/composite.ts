import { SalesforceFailure } from '../failure.ts';
import { type Call, inTransaction, type Reply, record } from './context.ts';

interface Subrequest {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body?: unknown;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}
interface Subresponse {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}
export type Dispatch = (call: Call) => Reply;

const MAX_SUBREQUESTS = 25;
/** Of those, queries and collections. */
const MAX_HEAVY = 5;

class HaltedComposite extends Error {
  readonly responses: readonly Subresponse[];
  constructor(responses: readonly Subresponse[]) {
    super('composite halted');
    this.responses = responses;
  }
}

const HEAVY = /^\/services\/data\/v[\d.]+\/(?:query|queryAll|composite\/sobjects)\b/;
const bad = (message: string) => new SalesforceFailure(400, 'INVALID_INPUT', message);
const halted = (message: string) => [{ errorCode: 'PROCESSING_HALTED', message }];

function subrequests(body: unknown): readonly Subrequest[] {
  const requests = record(body).compositeRequest;
  if (!Array.isArray(requests)) throw bad('compositeRequest must be a list');
  if (requests.length > MAX_SUBREQUESTS) {
    throw bad(`Limit exceeded: The maximum number of subrequests is ${MAX_SUBREQUESTS}`);
  }
  const heavy = requests.filter((request) => HEAVY.test(String(record(request).url ?? '')));
  if (heavy.length > MAX_HEAVY) {
    throw bad(`Limit exceeded: at most ${MAX_HEAVY} subrequests may be queries or sObject Collections`);
  }
  const names = requests.map((request) => String(record(request).referenceId ?? ''));
  const twice = names.find((name, index) => name === '' || names.indexOf(name) !== index);
  if (twice !== undefined) throw bad(`referenceId missing or used twice: '${twice}'`);
  return requests as Subrequest[];
}

const valueAt = (held: unknown, name: string): unknown =>
  Array.isArray(held) ? held[Number(name)] : record(held)[name];

/** `@{ref.field}` and `@{ref[0].field}` over the bodies answered so far; undefined where the reference did not succeed. */
function filled(text: string, answered: ReadonlyMap<string, unknown>): string | undefined {
  let isWhole = true;
  const result = text.replace(/@\{([^}]+)\}/g, (_, path: string) => {
    const [reference = '', ...fields] = path.split(/[.[\]]+/).filter((each) => each !== '');
    const value = fields.reduce<unknown>(valueAt, answered.get(reference));
    if (value === undefined || value === null || typeof value === 'object') isWhole = false;
    return String(value);
  });
  return isWhole ? result : undefined;
}

function subcall(call: Call, request: Subrequest, answered: ReadonlyMap<string, unknown>): Call | undefined {
  const url = filled(request.url, answered);
  const body = request.body === undefined ? '' : filled(JSON.stringify(request.body), answered);
  if (url === undefined || body === undefined) return undefined;
  const target = new URL(url, 'http://composite.invalid');
  const [, , , ...path] = target.pathname.split('/');
  const headers = Object.fromEntries(
    Object.entries(request.httpHeaders ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    ...call,
    method: request.method.toUpperCase(),
    path: path
      .slice(1)
      .filter((part) => part !== '')
      .map(decodeURIComponent),
    query: target.searchParams,
    headers,
    body: body === '' ? undefined : JSON.parse(body),
  };
}

function answer(
  call: Call,
  request: Subrequest,
  dispatch: Dispatch,
  answered: Map<string, unknown>,
): Subresponse {
  const { referenceId } = request;
  const sub = subcall(call, request, answered);
  if (!sub) {
    const body = halted(`Invalid reference specified. No value for a reference found in ${referenceId}`);
    return { body, httpHeaders: {}, httpStatusCode: 400, referenceId };
  }
  try {
    const reply = call.org.savepoint(() => dispatch(sub));
    if (reply.status < 300) answered.set(referenceId, reply.body);
    return {
      body: reply.body ?? null,
      httpHeaders: reply.headers ?? {},
      httpStatusCode: reply.status,
      referenceId,
    };
  } catch (failure) {
    if (!(failure instanceof SalesforceFailure)) throw failure;
    return { body: failure.body(), httpHeaders: {}, httpStatusCode: failure.status, referenceId };
  }
}

/**
 * Up to 25 subrequests in order; the outer answer is 200 even where inner ones failed.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm
 */
export function composite(call: Call, dispatch: Dispatch): Reply {
  const requests = subrequests(call.body);
  const isAllOrNone = record(call.body).allOrNone === true;
  try {
    const compositeResponse = inTransaction(call, () => {
      const answered = new Map<string, unknown>();
      const each = isAllOrNone ? { ...call, isAllOrNone } : call;
      const responses = requests.map((request) => answer(each, request, dispatch, answered));
      if (isAllOrNone && responses.some(hasFailed)) {
        throw new HaltedComposite(responses);
      }
      return responses;
    });
    return { status: 200, body: { compositeResponse } };
  } catch (failure) {
    if (!(failure instanceof HaltedComposite)) throw failure;
    return { status: 200, body: { compositeResponse: rolledBack(failure.responses) } };
  }
}

/** A collection answers 200 for rows it refused; what refers to them cannot be filled in. */
const hasFailed = ({ httpStatusCode, body }: Subresponse): boolean =>
  httpStatusCode >= 300 || (Array.isArray(body) && body.some((row) => record(row).success === false));

/** The first failure keeps its reason; all others say they were rolled back with it. */
function rolledBack(responses: readonly Subresponse[]): Subresponse[] {
  const culprit = responses.findIndex(hasFailed);
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  return responses.map((response, index) =>
    index === culprit
      ? { ...response, httpStatusCode: Math.max(400, response.httpStatusCode) }
      : { ...response, body: halted(message), httpHeaders: {}, httpStatusCode: 400 },
  );
}
