import { notFound, SalesforceFailure } from '../failure.ts';
import { contentOf } from '../files/publishing.ts';
import { fieldOf, type ObjectSpec } from '../schema.ts';
import { resourceUrl } from '../soql/evaluate.ts';
import { type Row, render } from '../values.ts';
import { type Call, inTransaction, type Reply, record } from './context.ts';
import { basicInfo, describe, describeGlobal } from './describe.ts';
import { deleted, updated } from './replication.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_retrieve_patch.htm */
export function sobjects(call: Call): Reply {
  const [, name, selector, value] = call.path;
  if (name === undefined) return describeGlobal(call);
  const object = call.org.object(name);
  if (selector === undefined) return call.method === 'POST' ? create(call, object) : basicInfo(call, object);
  if (selector === 'describe') return describe(call, object);
  if (selector === 'updated') return updated(call, object);
  if (selector === 'deleted') return deleted(call, object);
  if (value === 'VersionData' && object.name === 'ContentVersion') return versionData(call, object, selector);
  return value === undefined ? byId(call, object, selector) : byField(call, object, selector, value);
}

function create(call: Call, object: ObjectSpec): Reply {
  const id = inTransaction(call, () => call.org.insert(object, record(call.body), call.file));
  return {
    status: 201,
    headers: { location: `/services/data/v${call.version}/sobjects/${object.name}/${id}` },
    body: { id, success: true, errors: [] },
  };
}

function byId(call: Call, object: ObjectSpec, id: string): Reply {
  if (call.method === 'GET' || call.method === 'HEAD') return retrieve(call, object, id);
  if (call.method === 'PATCH') {
    refuseIfModified(call, call.org.living(object, id));
    inTransaction(call, () => call.org.update(object, id, record(call.body)));
    return { status: 204 };
  }
  if (call.method === 'DELETE') {
    inTransaction(call, () => call.org.remove(object, id));
    return { status: 204 };
  }
  throw methodNotAllowed(call);
}

export const methodNotAllowed = (call: Call): SalesforceFailure =>
  new SalesforceFailure(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${call.method}' not allowed. Allowed are HEAD,GET,PATCH,DELETE`,
  );

/**
 * Weak validation by the last modified date, in whole seconds; DELETE knows no conditions.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm
 */
function refuseIfModified(call: Call, row: Row): void {
  const header = call.headers['if-unmodified-since'];
  if (header === undefined) return;
  const since = Date.parse(String(header));
  if (Number.isNaN(since)) {
    throw new SalesforceFailure(400, 'INVALID_HEADER', `invalid If-Unmodified-Since: ${header}`);
  }
  if (Number(row.LastModifiedDate) > since) {
    throw new SalesforceFailure(412, 'PRECONDITION_FAILED', 'the record was modified after the given date');
  }
}

function retrieve(call: Call, object: ObjectSpec, id: string): Reply {
  const row = call.org.find(object, id);
  const seen = row && row.IsDeleted !== true ? call.readRow(row) : undefined;
  if (!seen || seen.IsDeleted === true) throw notFound();
  return { status: 200, body: show(call, object, seen) };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_blob_retrieve.htm */
function versionData(call: Call, object: ObjectSpec, id: string): Reply {
  const row = call.org.find(object, id);
  const seen = row && row.IsDeleted !== true ? call.readRow(row) : undefined;
  const of = seen && contentOf(seen);
  if (!seen || !of) throw notFound();
  return { status: 200, content: { of, length: Number(seen.ContentSize) } };
}

function show(call: Call, object: ObjectSpec, row: Row): Record<string, unknown> {
  const wanted = call.query.get('fields')?.split(',') ?? [...object.fields.keys()];
  const shown: Record<string, unknown> = {
    attributes: { type: object.name, url: resourceUrl(call.version, object, row) },
  };
  for (const name of wanted) {
    const field = fieldOf(object, name.trim());
    if (!field)
      throw new SalesforceFailure(
        400,
        'INVALID_FIELD',
        `No such column '${name}' on entity '${object.name}'.`,
      );
    shown[field.name] = render(field, row[field.name] ?? null);
  }
  return shown;
}

/** https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html */
function byField(call: Call, object: ObjectSpec, fieldName: string, value: string): Reply {
  const field = fieldOf(object, fieldName);
  if (!field?.externalId) {
    throw new SalesforceFailure(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${fieldName}`,
    );
  }
  const matches = call.org.byExternalId(object, field.name, value);
  if (matches.length > 1) {
    return { status: 300, body: matches.map((row) => resourceUrl(call.version, object, row)) };
  }
  const [row] = matches;
  if (call.method === 'PATCH') return upsert(call, object, field.name, value, row);
  if (!row) throw notFound();
  if (call.method === 'DELETE') return byId(call, object, String(row.Id));
  return retrieve(call, object, String(row.Id));
}

function upsert(call: Call, object: ObjectSpec, field: string, value: string, row: Row | undefined): Reply {
  const body = record(call.body);
  if (Object.keys(body).some((name) => [field.toLowerCase(), 'id'].includes(name.toLowerCase()))) {
    throw new SalesforceFailure(
      400,
      'INVALID_FIELD',
      `The ${field} field should not be specified in the sobject data.`,
    );
  }
  if (!row && call.query.get('updateOnly') === 'true') throw notFound();
  const id = inTransaction(call, () => {
    if (!row) return call.org.insert(object, { ...body, [field]: value });
    call.org.update(object, String(row.Id), body);
    return String(row.Id);
  });
  return { status: row ? 200 : 201, body: { id, success: true, errors: [], created: !row } };
}
