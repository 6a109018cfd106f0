import type { RecordKind } from '../../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { ExportState, Exports } from '../../../../shared/ports/index.ts';
import { changedFrom } from '../client/soql.ts';
import { SalesforceRefusedError } from '../errors.ts';
import { translated } from './read.ts';
import { OBJECTS, type Session } from './session.ts';

/** A kind at once, by a bulk query job; what lies in the bin is left to the delta pull. */
export function exportsOf(session: Session): Exports {
  const { bulk } = session.client;
  return {
    begin: (kind, sinceMs) =>
      translated(async () => {
        const where = sinceMs === undefined ? {} : { where: changedFrom(sinceMs) };
        return (await bulk.create(session.select(kind, where))).id;
      }),
    state: (name) => translated(() => stateOf(session, name)),
    page: (name, kind, { at, rows }) =>
      translated(async () => {
        const page = await bulk.page(name, rows, at);
        if (page.locator !== undefined && (page.locator === at || page.rows.length === 0)) throw repeating();
        const observations = await session.observed(
          kind,
          page.rows.map((row) => nested(kind, row)),
        );
        return { observations, ...(page.locator === undefined ? {} : { next: page.locator }) };
      }),
    discard: (name) => translated(() => discard(session, name)),
  };
}

async function stateOf({ client }: Session, name: string): Promise<ExportState> {
  try {
    const job = await client.bulk.info(name);
    switch (job.state) {
      case 'JobComplete':
        return { state: 'ready', records: job.numberRecordsProcessed ?? 0 };
      case 'Failed':
      case 'Aborted':
        return { state: 'failed', error: unfinished(job.state, job.errorMessage ?? undefined) };
      default:
        return { state: 'preparing' };
    }
  } catch (failure) {
    if (isUnknown(failure)) return { state: 'gone' };
    throw failure;
  }
}

/** A job that is done is deleted with its results, one under way is stopped; one nobody knows is neither. */
async function discard({ client }: Session, name: string): Promise<void> {
  try {
    const { state } = await client.bulk.info(name);
    if (state === 'UploadComplete' || state === 'InProgress') await client.bulk.abort(name);
    await client.bulk.remove(name);
  } catch (failure) {
    if (!isUnknown(failure)) throw failure;
  }
}

const isUnknown = (failure: unknown): boolean =>
  failure instanceof SalesforceRefusedError && failure.refusal.status === 404;

const unfinished = (state: string, why = 'and does not say why') =>
  new ProviderUnavailableError(`salesforce ended the bulk query as ${state}, ${why}`);

const repeating = () =>
  new ProviderRejectedError('salesforce answers the same page of a bulk result without end', {
    vendorCode: 'repeating_results',
  });

const FLAGS = new Set(['IsDeleted', 'IsPublished']);

/** As the REST API writes the same row: truths as truths, and parents within their child. */
function nested(kind: RecordKind, row: Readonly<Record<string, string | null>>): Record<string, unknown> {
  const values: Record<string, unknown> = { attributes: { type: OBJECTS[kind] } };
  for (const [column, text] of Object.entries(row)) {
    const value = FLAGS.has(column) ? text === 'true' : text;
    const [parent = column, field] = column.split('.');
    values[parent] = field === undefined ? value : { ...(values[parent] as object), [field]: value };
  }
  return values;
}
