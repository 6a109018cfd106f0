import { notFound, SalesforceFailure } from '../failure.ts';
import { fieldOf, objectOfId } from '../schema.ts';
import { runQuery } from '../soql/evaluate.ts';
import { type Call, inTransaction, type Reply, record } from './context.ts';

const MAX_ROWS = 200;

class RolledBack extends Error {
  readonly results: readonly unknown[];
  constructor(results: readonly unknown[]) {
    super('rolled back');
    this.results = results;
  }
}

const wasRolledBack = new SalesforceFailure(
  400,
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
).result();

/**
 * Up to 200 rows per call, a result for each, whatever happened to the others. Within a composite that is all or none
 * they are so too: https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-allornone.md
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
 */
export function collections(call: Call): Reply {
  const [, , object, externalId] = call.path;
  const body = record(call.body);
  if (call.method === 'DELETE') {
    const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
    const isAllOrNone = call.query.get('allOrNone') === 'true';
    return each(call, ids, isAllOrNone, (id) => remove(call, id));
  }
  if (object !== undefined && externalId === undefined) return retrieveMany(call, object);
  const rows = (Array.isArray(body.records) ? body.records : []).map(record);
  const isAllOrNone = call.isAllOrNone === true || body.allOrNone === true;
  if (externalId !== undefined) return each(call, rows, isAllOrNone, (row) => upsert(call, externalId, row));
  if (call.method === 'POST') return each(call, rows, isAllOrNone, (row) => create(call, row));
  if (call.method === 'PATCH') return each(call, rows, isAllOrNone, (row) => update(call, row));
  throw notFound();
}

function each<Item>(
  call: Call,
  items: readonly Item[],
  isAllOrNone: boolean,
  work: (item: Item) => unknown,
): Reply {
  if (items.length === 0 || items.length > MAX_ROWS) {
    throw new SalesforceFailure(
      400,
      'EXCEEDED_MAX_SIZE_REQUEST',
      `record limit reached. cannot submit more than ${MAX_ROWS} records into this call`,
    );
  }
  const attempt = (item: Item): unknown => {
    try {
      return call.org.savepoint(() => work(item));
    } catch (failure) {
      if (failure instanceof SalesforceFailure) return failure.result();
      throw failure;
    }
  };
  try {
    const results = inTransaction(call, () => {
      const made = items.map(attempt);
      if (isAllOrNone && made.some((result) => record(result).success !== true)) throw new RolledBack(made);
      return made;
    });
    return { status: 200, body: results };
  } catch (failure) {
    if (!(failure instanceof RolledBack)) throw failure;
    const results = failure.results.map((result) =>
      record(result).success === true ? wasRolledBack : result,
    );
    return { status: 200, body: results };
  }
}

const objectOf = (call: Call, row: Record<string, unknown>) =>
  call.org.object(String(record(row.attributes).type ?? ''));

function create(call: Call, row: Record<string, unknown>): unknown {
  return { id: call.org.insert(objectOf(call, row), row), success: true, errors: [] };
}

function update(call: Call, row: Record<string, unknown>): unknown {
  const { id: lower, Id: upper, ...fields } = row;
  const id = String(upper ?? lower ?? '');
  call.org.update(objectOf(call, row), id, fields);
  return { id, success: true, errors: [] };
}

function remove(call: Call, id: string): unknown {
  const object = objectOfId(id);
  if (!object) throw new SalesforceFailure(400, 'MALFORMED_ID', `malformed id ${id}`);
  call.org.remove(object, id);
  return { id, success: true, errors: [] };
}

function upsert(call: Call, externalId: string, row: Record<string, unknown>): unknown {
  const object = objectOf(call, row);
  const field = fieldOf(object, externalId);
  if (!field?.externalId) {
    throw new SalesforceFailure(
      400,
      'INVALID_FIELD',
      `${externalId} is not an external id of ${object.name}`,
    );
  }
  const { [field.name]: key, ...fields } = row;
  const [match, ...others] = call.org.byExternalId(object, field.name, String(key ?? ''));
  if (others.length > 0) {
    throw new SalesforceFailure(
      400,
      'DUPLICATE_EXTERNAL_ID',
      `${field.name}: more than one record found for external id field`,
    );
  }
  if (!match) return { id: call.org.insert(object, row), success: true, errors: [], created: true };
  call.org.update(object, String(match.Id), fields);
  return { id: match.Id, success: true, errors: [], created: false };
}

function retrieveMany(call: Call, name: string): Reply {
  const body = record(call.body);
  const list = (key: string): string[] =>
    Array.isArray(body[key]) ? (body[key] as string[]) : (call.query.get(key) ?? '').split(',');
  const object = call.org.object(name);
  const results = list('ids').map((id) => {
    const row = call.org.find(object, id);
    if (!row || row.IsDeleted === true) return null;
    const where = {
      kind: 'compare' as const,
      field: 'Id',
      operator: '=' as const,
      values: [{ type: 'string' as const, text: id }],
    };
    const query = { fields: list('fields'), object: name, where, orderBy: [], limit: 1, offset: 0 };
    return runQuery(call.org, query, call.version, false, call.readRow).records[0] ?? null;
  });
  return { status: 200, body: results };
}
