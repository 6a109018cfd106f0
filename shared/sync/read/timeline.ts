import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Conflict, Reading, TimelineEntry } from '../../ports/read.ts';
import type { Item } from '../../ports/store.ts';
import { rootPk } from '../keys.ts';
import type { AnyRecord, Child, Effect, Root } from '../state.ts';
import { childrenAmong, commentView, type Names, namesIn, saidAtMs } from './comments.ts';
import { type History, historyEntries } from './journal.ts';
import { sliceOf } from './slices.ts';
import { type ReadingDeps, rootAt, ticketAt } from './source.ts';

/** A ticket, its comments and the customer who asks: whatever one page tells of. */
interface Told {
  readonly root: Root;
  readonly items: readonly Item[];
  readonly children: readonly Child[];
  /** The requester's own root: what lost there shows nowhere else. */
  readonly contact: Root | undefined;
  readonly contactItems: readonly Item[];
}

async function told(
  deps: ReadingDeps,
  organization: OrganizationId,
  id: RecordId,
): Promise<Told | undefined> {
  const root = await ticketAt(deps, organization, id);
  if (root === undefined) return undefined;
  const { requester } = root.fields;
  const contact =
    typeof requester === 'string' ? await rootAt(deps, organization, requester as RecordId) : undefined;
  const [items, contactItems] = await Promise.all([
    deps.store.list(rootPk(organization, root.id)),
    contact === undefined ? [] : journalOf(deps, organization, contact),
  ]);
  return { root, items, children: childrenAmong(items), contact, contactItems };
}

async function journalOf({ store }: ReadingDeps, organization: OrganizationId, { id }: Root) {
  const pk = rootPk(organization, id);
  const lists = await Promise.all(['history#', 'note#'].map((prefix) => store.list(pk, { prefix })));
  return lists.flat();
}

const isJournal = ({ sk }: Item): boolean => /^(history|note)#/.test(sk);

function journal({ root, children, items, contact, contactItems }: Told): readonly TimelineEntry[] {
  const records = new Map<string, AnyRecord>([root, ...children].map((record) => [record.id, record]));
  const own = items.filter(isJournal).flatMap((item) => historyEntries(item as Item<History>, records, ''));
  if (contact === undefined) return own;
  const known = new Map([[contact.id as string, contact]]);
  const theirs = contactItems.flatMap((item) =>
    historyEntries(item as Item<History>, known, `${contact.id}.`),
  );
  return [...own, ...theirs.filter(({ type }) => type === 'conflict')];
}

function effectEntries({ root, children, items }: Told): readonly TimelineEntry[] {
  const byId = new Map(children.map((child) => [child.id, child]));
  const effects = items.filter(({ sk }) => sk.startsWith('effect#')).map(({ data }) => data as Effect);
  return effects.map((effect) => {
    const { connection, record } = effect;
    const link = record === root.id ? root.lanes[connection]?.link : byId.get(record)?.links[connection];
    return {
      ...effect,
      id: `effect.${effect.id}`,
      type: 'effect',
      ...(link?.externalId === undefined ? {} : { externalId: link.externalId }),
    };
  });
}

function commentEntry(child: Child, names: Names): TimelineEntry {
  const comment = commentView(child, names);
  return { id: `comment.${child.id}`, atMs: saidAtMs(child), type: 'comment', comment };
}

/** What was said sorts before what was done about it in the same millisecond. */
const RANKS = { change: 0, comment: 1, effect: 2, conflict: 3, parked: 4, resumed: 5 } as const;

function placeOf({ atMs, type, id }: TimelineEntry): string {
  return `${String(atMs).padStart(15, '0')} ${RANKS[type]} ${id}`;
}

export function timelineReading(deps: ReadingDeps): Pick<Reading, 'timeline' | 'conflict'> {
  return {
    async timeline(organization, ticket, options) {
      const all = await told(deps, organization, ticket);
      if (all === undefined) return undefined;
      const names = await namesIn(deps, organization, all.children);
      const entries = [
        ...journal(all),
        ...all.children.map((child) => commentEntry(child, names)),
        ...effectEntries(all),
      ].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
      return sliceOf(`${rootPk(organization, all.root.id)} timeline`, entries, options, placeOf);
    },
    async conflict(organization, ticket, id) {
      const all = await told(deps, organization, ticket);
      const found = all && journal(all).find((entry) => entry.id === id && entry.type === 'conflict');
      if (all === undefined || found === undefined) return undefined;
      const conflict = found as Conflict;
      const root = conflict.kind === 'contact' ? all.contact : all.root;
      return root && { conflict, root: root.id };
    },
  };
}
