import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { AttachmentView } from '../../ports/links.ts';
import type { Reading } from '../../ports/read.ts';
import type { Item } from '../../ports/store.ts';
import { factsOf, fileOf } from '../attachment.ts';
import { ATTACHED, rootPk } from '../keys.ts';
import type { Root } from '../state.ts';
import { linkViews } from './links.ts';
import { sliceOf } from './slices.ts';
import { type Places, placesIn, type ReadingDeps, rootAt, ticketAt } from './source.ts';

function attachmentView(root: Root, ticket: RecordId, places: Places): AttachmentView {
  const { of, visibility, content } = fileOf(root);
  const { name, type, size } = factsOf(root);
  return {
    id: root.id,
    ticket,
    ...(of.kind === 'comment' ? { comment: of.record } : {}),
    visibility,
    name,
    type,
    ...(size === undefined ? {} : { size }),
    ...(content === undefined ? {} : { sha256: content.sha256 }),
    links: linkViews(root, places),
    createdAtMs: root.createdAtMs,
    updatedAtMs: root.updatedAtMs,
    isDeleted: root.deleted !== undefined,
  };
}

async function attachmentAt(
  deps: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  id: RecordId,
): Promise<Root | undefined> {
  const root = await rootAt(deps, organization, id);
  return root?.kind === 'attachment' ? root : undefined;
}

/** Of the files noted beside a ticket, those that can be shown: folded into one, two are one. */
export async function attachmentsAmong(
  deps: ReadingDeps,
  organization: OrganizationId,
  ticket: RecordId,
  items: readonly Item[],
): Promise<readonly AttachmentView[]> {
  const ids = items.filter(({ sk }) => sk.startsWith(ATTACHED)).map(({ sk }) => sk.slice(ATTACHED.length));
  if (ids.length === 0) return [];
  const [places, ...roots] = await Promise.all([
    placesIn(deps, organization),
    ...ids.map((id) => attachmentAt(deps, organization, id as RecordId)),
  ]);
  const shown = new Map(
    roots.flatMap((root) => (root?.unread === undefined && root ? [[root.id, root]] : [])),
  );
  return [...shown.values()].map((root) => attachmentView(root, ticket, places));
}

const placeOf = ({ createdAtMs, id }: AttachmentView): string =>
  `${String(createdAtMs).padStart(15, '0')} ${id}`;

/** Of whoever asks for nothing else. */
export function contentReading(deps: Pick<ReadingDeps, 'store'>): Pick<Reading, 'content'> {
  return {
    async content(organization, id) {
      const root = await attachmentAt(deps, organization, id);
      const content = root && root.deleted === undefined ? fileOf(root).content : undefined;
      if (root === undefined || content === undefined) return undefined;
      const { name, type } = factsOf(root);
      return { key: content.key, name, type };
    },
  };
}

export function attachmentReading(
  deps: ReadingDeps,
): Pick<Reading, 'attachments' | 'attachment' | 'content'> {
  return {
    async attachments(organization, id, options) {
      const ticket = await ticketAt(deps, organization, id);
      if (ticket === undefined) return undefined;
      const pk = rootPk(organization, ticket.id);
      const items = await deps.store.list(pk, { prefix: ATTACHED });
      const views = await attachmentsAmong(deps, organization, ticket.id, items);
      return sliceOf(`${pk} attachments`, views, options, placeOf);
    },
    async attachment(organization, id) {
      const root = await attachmentAt(deps, organization, id);
      const ticket = root && (await ticketAt(deps, organization, fileOf(root).of.root));
      if (root === undefined || root.unread !== undefined || ticket === undefined) return undefined;
      return attachmentView(root, ticket.id, await placesIn(deps, organization));
    },
    ...contentReading(deps),
  };
}
