import type { RecordId } from '../../domain/ids.ts';
import type { Fields } from '../../domain/record.ts';
import type { Conflict, TimelineEntry } from '../../ports/read.ts';
import type { HubEvent } from '../../ports/runtime.ts';
import type { Item } from '../../ports/store.ts';
import type { AnyRecord, Loss, Note, Parked, RecordChange, History as Revision } from '../state.ts';

/** One revision, or what happened without one. */
export type History = Note & Partial<Revision>;

/** What a journal's values are told by. */
export interface Telling {
  readonly records: ReadonlyMap<string, AnyRecord>;
  /** Goes before the ids of another root's entries. */
  readonly within: string;
  /** Why a value cannot be restored. */
  readonly refusalOf: (record: AnyRecord, loss: Loss) => string | undefined;
  /** What the records are called that its values name. */
  readonly namesOf: (record: AnyRecord, loss: Loss) => Readonly<Record<string, string>>;
}

/** A comment's making is its own entry; only what happened to it later is a change. */
function isTold({ kind, what }: RecordChange): boolean {
  return kind === 'ticket' || (kind === 'comment' && what !== 'created');
}

function valuesOf({ fields }: RecordChange, side: 'from' | 'to'): Fields {
  return Object.fromEntries(Object.entries(fields).map(([field, change]) => [field, change[side]]));
}

function changeEntry(change: RecordChange, { revision = 0, atMs }: History, index: number): TimelineEntry {
  const { kind, record, what, source, actor } = change;
  return {
    id: `change.${revision}.${index}`,
    atMs,
    type: 'change',
    kind: kind === 'comment' ? 'comment' : 'ticket',
    record,
    what,
    revision,
    source,
    actor,
    fields: valuesOf(change, 'to'),
    was: what === 'created' ? {} : valuesOf(change, 'from'),
  };
}

const isEmpty = (names: object): boolean => Object.keys(names).length === 0;

function conflictEntry(
  loss: Loss,
  { records, refusalOf, namesOf }: Telling,
  { id, atMs }: { id: string; atMs: number },
): Conflict {
  const { record, field, lost, lostBy, lostAtMs, kept, keptBy, policy, why } = loss;
  const of = records.get(record);
  const refusal = of === undefined ? 'its record is not here' : refusalOf(of, loss);
  const names = of === undefined ? {} : namesOf(of, loss);
  return {
    id,
    atMs,
    type: 'conflict',
    record,
    kind: of?.kind ?? (record.includes('.') ? 'comment' : 'ticket'),
    field,
    lost,
    source: lostBy,
    lostAtMs,
    kept,
    keptBy,
    policy,
    reason: why,
    isRestorable: refusal === undefined,
    ...(refusal === undefined ? {} : { refusal }),
    ...(isEmpty(names) ? {} : { names }),
  };
}

const CAUSES: Readonly<Record<Parked['cause'], string>> = {
  asked: 'both sides changed it, and a person decides which value stands',
  rejected: 'the vendor refused it',
  unauthorized: 'the connection is no longer authorized',
  unavailable: 'the vendor is not there',
  doubtful: 'nobody can tell what became of it',
  unsettled: 'the vendor keeps changing it',
  unseen: 'its copy is not to be found: gone, or out of the hub’s sight',
  unreadable: 'it could not be read',
  'dead-letter': 'the hub could not finish it',
};

function parkedEntry({ data, atMs }: HubEvent): TimelineEntry {
  const { parked, cause, fault, code, connection, record } = data as Readonly<Record<string, string>>;
  return {
    id: `parked.${parked}`,
    atMs,
    type: 'parked',
    parked: String(parked),
    reason: CAUSES[cause as Parked['cause']],
    fault: fault as 'organization' | 'vendor' | 'hub',
    connection: String(connection),
    code,
    record: record as RecordId | undefined,
  };
}

function resumedEntry({ data, atMs }: HubEvent): TimelineEntry {
  const parked = String(data.parked);
  return { id: `resumed.${parked}`, atMs, type: 'resumed', parked };
}

/** The id of a conflict is part of an address. */
function conflictEntries({ sk, data }: Item<History>, telling: Telling): readonly Conflict[] {
  const at = (index: number) => `conflict.${telling.within}${sk.replaceAll('#', '.')}.${index}`;
  return data.losses.map((loss, index) => conflictEntry(loss, telling, { id: at(index), atMs: data.atMs }));
}

export function historyEntries(item: Item<History>, telling: Telling): readonly TimelineEntry[] {
  const { changes, events } = item.data;
  return [
    ...(changes?.flatMap((change, index) =>
      isTold(change) ? [changeEntry(change, item.data, index)] : [],
    ) ?? []),
    ...conflictEntries(item, telling),
    ...events.filter(({ type }) => type === 'work.parked').map(parkedEntry),
    ...events.filter(({ type }) => type === 'work.resumed').map(resumedEntry),
  ];
}

/** What lost in one record, in the order it is journalled. */
export const conflictsOf = (
  record: AnyRecord,
  journal: readonly Item<History>[],
  telling: Omit<Telling, 'records'>,
): readonly Conflict[] => {
  const records = new Map([[record.id as string, record]]);
  const all = journal.flatMap((item) => conflictEntries(item, { ...telling, records }));
  return all.filter((conflict) => conflict.record === record.id);
};
