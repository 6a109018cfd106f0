import { type FieldValue, isMapped, type RecordKind } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { ExportPage, ExportState, Exports } from '../../../../shared/ports/index.ts';
import { changedFrom } from '../client/soql.ts';
import { SalesforceRefusedError } from '../errors.ts';
import { IS_PERSON } from '../mapping/person.ts';
import { standard } from '../mapping/standard.ts';
import { describe } from './describe.ts';
import { beginFiles, jobOf, pageOfFiles } from './file-exports.ts';
import { translated } from './read.ts';
import { OBJECTS, type Session } from './session.ts';

/** A kind at once, by a bulk query job; what lies in the bin is left to the delta pull. */
export function exportsOf(session: Session): Exports {
  return {
    begin: (kind, sinceMs) =>
      translated(() =>
        kind === 'attachment' ? beginFiles(session, sinceMs) : begin(session, kind, sinceMs),
      ),
    state: (name) => translated(() => stateOf(session, jobOf(name))),
    page: (name, kind, options) =>
      translated(() =>
        kind === 'attachment' ? pageOfFiles(session, name, options) : page(session, { name, kind }, options),
      ),
    discard: (name) => translated(() => discard(session, jobOf(name))),
  };
}

async function begin(session: Session, kind: RecordKind, sinceMs: number | undefined): Promise<string> {
  const since = sinceMs === undefined ? undefined : changedFrom(sinceMs);
  return (await session.client.bulk.create(session.select(kind, session.listed(kind, since)))).id;
}

async function page(
  session: Session,
  { name, kind }: { readonly name: string; readonly kind: RecordKind },
  { at, rows: most }: Parameters<Exports['page']>[2],
): Promise<ExportPage> {
  const { rows, locator } = await session.client.bulk.page(name, most, at);
  const readings = await readingsOf(session, kind);
  const observations = await session.observed(
    kind,
    rows.map((row) => nested(OBJECTS[kind], row, readings)),
  );
  return { observations, ...(locator === undefined ? {} : { next: locator }) };
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

/** What a bulk result writes as text, as REST writes it. */
type Reading = (text: string) => FieldValue;
const asNumber: Reading = Number;
const asTruth: Reading = (text) => text === 'true';
const READINGS: Readonly<Record<string, Reading>> = { number: asNumber, boolean: asTruth };
const FLAGS: Readonly<Record<string, Reading>> = {
  IsDeleted: asTruth,
  IsPublished: asTruth,
  [IS_PERSON]: asTruth,
};
/** In step with the hub by themselves, and text all of them. */
const TEXTS = new Set(
  Object.values(standard.kinds).flatMap(({ rules }) => rules.map(({ vendorField }) => vendorField)),
);

/** Only the vendor knows what an org's own fields are: one call a page, where any is in step with the hub. */
async function readingsOf(session: Session, kind: RecordKind): Promise<Readonly<Record<string, Reading>>> {
  const own = session.columnsOf(OBJECTS[kind]).filter((column) => column !== IS_PERSON && !TEXTS.has(column));
  if (own.length === 0 || !isMapped(kind)) return FLAGS;
  const fields = await describe(session, kind);
  const typed = fields.flatMap(({ name, type }) => {
    const reading = READINGS[type];
    return reading === undefined ? [] : [[name, reading] as const];
  });
  return { ...Object.fromEntries(typed), ...FLAGS };
}

/** The row as REST has it: values of their types, and parents within their child. */
function nested(
  object: string,
  row: Readonly<Record<string, string | null>>,
  readings: Readonly<Record<string, Reading>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = { attributes: { type: object } };
  for (const [column, text] of Object.entries(row)) {
    const value = text === null ? null : (readings[column]?.(text) ?? text);
    const [parent = column, field] = column.split('.');
    values[parent] = field === undefined ? value : { ...(values[parent] as object), [field]: value };
  }
  return values;
}
