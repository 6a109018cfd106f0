import type { ConnectionId, RecordId } from '../../domain/ids.ts';
import type { Fields } from '../../domain/record.ts';
import type { Reading, TimelineEntry } from '../../ports/read.ts';
import type { HubEvent } from '../../ports/runtime.ts';
import type { Item } from '../../ports/store.ts';
import { rootPk } from '../keys.ts';
import type { AnyRecord, Child, History, Link, Loss, Note, RecordChange, Root } from '../state.ts';
import { childrenAmong, commentView, type Names, namesIn, saidAtMs } from './comments.ts';
import { sliceOf } from './slices.ts';
import { type ReadingDeps, ticketAt } from './source.ts';

/** A comment's making is its own entry; only what happened to it later is a change. */
function isTold({ kind, what }: RecordChange): boolean {
  return kind === 'ticket' || (kind === 'comment' && what !== 'created');
}

function valuesAfter({ fields }: RecordChange): Fields {
  return Object.fromEntries(Object.entries(fields).map(([field, { to }]) => [field, to]));
}

function changeEntry(change: RecordChange, { revision, atMs }: History, index: number): TimelineEntry {
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
    fields: valuesAfter(change),
  };
}

function conflictEntry({ field, lost, kept, lostBy, why }: Loss, id: string, atMs: number): TimelineEntry {
  return { id: `conflict.${id}`, atMs, type: 'conflict', field, lost, kept, source: lostBy, reason: why };
}

const CAUSES: Readonly<Record<string, string>> = {
  rejected: 'the vendor refused it',
  unauthorized: 'the connection is no longer authorized',
  unavailable: 'the vendor is not there',
  doubtful: 'nobody can tell what became of it',
  unsettled: 'the vendor keeps changing it',
  unreadable: 'it could not be read',
  'dead-letter': 'the hub could not finish it',
};

function parkedEntry({ data, atMs }: HubEvent): TimelineEntry {
  const parked = String(data.parked);
  const reason = CAUSES[String(data.cause)] ?? String(data.cause);
  return { id: `parked.${parked}`, atMs, type: 'parked', parked, reason };
}

function historyEntries(item: Item): readonly TimelineEntry[] {
  const history = item.data as History & Note;
  const { atMs, changes = [], losses, events } = history;
  return [
    ...changes.flatMap((change, index) => (isTold(change) ? [changeEntry(change, history, index)] : [])),
    ...losses.map((loss, index) => conflictEntry(loss, `${item.sk}.${index}`, atMs)),
    ...events.filter(({ type }) => type === 'work.parked').map(parkedEntry),
  ];
}

interface Copy {
  readonly record: AnyRecord;
  readonly connection: string;
  readonly link: Link;
}

function effectEntries({ record, connection, link }: Copy): readonly TimelineEntry[] {
  return (link.effects ?? []).map(({ operation, atMs, lagMs }, index) => ({
    id: `effect.${record.id}.${connection}.${atMs}.${index}`,
    atMs,
    type: 'effect',
    connection: connection as ConnectionId,
    kind: record.kind,
    operation,
    record: record.id as RecordId,
    ...(link.externalId === undefined ? {} : { externalId: link.externalId }),
    lagMs,
  }));
}

function copiesOf(root: Root, children: readonly Child[]): readonly Copy[] {
  const lanes = Object.entries(root.lanes).map(([connection, { link }]) => ({
    record: root,
    connection,
    link,
  }));
  const links = children.flatMap((record) =>
    Object.entries(record.links).map(([connection, link]) => ({ record, connection, link })),
  );
  return [...lanes, ...links];
}

function commentEntry(child: Child, names: Names): TimelineEntry {
  return {
    id: `comment.${child.id}`,
    atMs: saidAtMs(child),
    type: 'comment',
    comment: commentView(child, names),
  };
}

/** What was said sorts before what was done about it in the same millisecond. */
const RANKS = { change: 0, comment: 1, effect: 2, conflict: 3, parked: 4 } as const;

function placeOf({ atMs, type, id }: TimelineEntry): string {
  return `${String(atMs).padStart(15, '0')} ${RANKS[type]} ${id}`;
}

export function timelineReading(deps: ReadingDeps): Pick<Reading, 'timeline'> {
  return {
    async timeline(organization, ticket, options) {
      const root = await ticketAt(deps, organization, ticket);
      if (root === undefined) return undefined;
      const items = await deps.store.list(rootPk(organization, root.id));
      const children = childrenAmong(items);
      const names = await namesIn(deps, organization, children);
      const entries = [
        ...items.filter(({ sk }) => /^(history|note)#/.test(sk)).flatMap(historyEntries),
        ...children.map((child) => commentEntry(child, names)),
        ...copiesOf(root, children).flatMap(effectEntries),
      ].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
      return sliceOf(`${rootPk(organization, root.id)} timeline`, entries, options, placeOf);
    },
  };
}
