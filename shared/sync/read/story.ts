import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Item } from '../../ports/store.ts';
import { rootPk } from '../keys.ts';
import type { Child, Root } from '../state.ts';
import { childrenAmong } from './comments.ts';
import { type ReadingDeps, rootAt, ticketAt } from './source.ts';

/** A ticket, its comments and the customer who asks: whatever one page tells of. */
export interface Story {
  readonly root: Root;
  readonly items: readonly Item[];
  readonly children: readonly Child[];
  /** The requester's own root: what lost there shows nowhere else. */
  readonly contact: Root | undefined;
  readonly contactItems: readonly Item[];
}

export async function storyOf(
  deps: ReadingDeps,
  organization: OrganizationId,
  id: RecordId,
): Promise<Story | undefined> {
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

export const isJournal = ({ sk }: Item): boolean => /^(history|note)#/.test(sk);
