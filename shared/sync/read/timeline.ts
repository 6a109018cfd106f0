import type { OrganizationId } from '../../domain/ids.ts';
import type { AttachmentView } from '../../ports/links.ts';
import type { Conflict, Reading, TimelineEntry } from '../../ports/read.ts';
import { rootPk } from '../keys.ts';
import type { AnyRecord, Child, Effect } from '../state.ts';
import { attachmentsAmong } from './attachments.ts';
import { commentView, type Names, namesIn, saidAtMs } from './comments.ts';
import { conflictsOf, historyEntries } from './journal.ts';
import { toldOfLosses } from './refusals.ts';
import { sliceOf } from './slices.ts';
import type { ReadingDeps } from './source.ts';
import { isJournal, type Story, storyOf } from './story.ts';

async function journal(
  deps: ReadingDeps,
  organization: OrganizationId,
  { root, children, items, others }: Story,
): Promise<readonly TimelineEntry[]> {
  const records = new Map<string, AnyRecord>([root, ...children].map((record) => [record.id, record]));
  const told = items.filter(isJournal);
  const telling = { records, within: '', ...(await toldOfLosses(deps, organization, records, told)) };
  const own = told.flatMap((item) => historyEntries(item, telling));
  return [...own, ...(await Promise.all(others.map((other) => lostIn(deps, organization, other)))).flat()];
}

/** Of another root, what happened to it is not the ticket’s to tell; what lost there shows nowhere else. */
async function lostIn(
  deps: ReadingDeps,
  organization: OrganizationId,
  { root, items }: Story['others'][number],
): Promise<readonly Conflict[]> {
  const told = await toldOfLosses(deps, organization, new Map([[root.id, root]]), items);
  return conflictsOf(root, items, { within: `${root.id}.`, ...told });
}

function effectEntries({ root, children, items }: Story): readonly TimelineEntry[] {
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

function attachmentEntry(attachment: AttachmentView): TimelineEntry {
  const { id, createdAtMs: atMs } = attachment;
  return { id: `attachment.${id}`, atMs, type: 'attachment', attachment };
}

/** What was said sorts before what was done about it in the same millisecond. */
const RANKS = {
  change: 0,
  comment: 1,
  attachment: 2,
  effect: 3,
  conflict: 4,
  parked: 5,
  resumed: 6,
} as const;

function placeOf({ atMs, type, id }: TimelineEntry): string {
  return `${String(atMs).padStart(15, '0')} ${RANKS[type]} ${id}`;
}

export function timelineReading(deps: ReadingDeps): Pick<Reading, 'timeline' | 'conflict'> {
  return {
    async timeline(organization, ticket, options) {
      const all = await storyOf(deps, organization, ticket);
      if (all === undefined) return undefined;
      const { root, children, items } = all;
      const [told, names, files] = await Promise.all([
        journal(deps, organization, all),
        namesIn(deps, organization, children),
        attachmentsAmong(deps, organization, root.id, items),
      ]);
      const entries = [
        ...told,
        ...children.map((child) => commentEntry(child, names)),
        ...files.map(attachmentEntry),
        ...effectEntries(all),
      ];
      return sliceOf(`${rootPk(organization, all.root.id)} timeline`, entries, options, placeOf);
    },
    async conflict(organization, ticket, id) {
      const all = await storyOf(deps, organization, ticket);
      const told = all === undefined ? [] : await journal(deps, organization, all);
      const found = told.find((entry) => entry.id === id && entry.type === 'conflict');
      if (all === undefined || found === undefined) return undefined;
      const conflict = found as Conflict;
      const other = all.others.find(({ root }) => root.id === conflict.record);
      return { conflict, root: (other ?? all).root.id };
    },
  };
}
