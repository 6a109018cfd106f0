import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Item } from '../../ports/store.ts';
import { rootPk } from '../keys.ts';
import type { Child, Root } from '../state.ts';
import { childrenAmong } from './comments.ts';
import type { History } from './journal.ts';
import { referredFrom } from './referred.ts';
import { type ReadingDeps, ticketAt } from './source.ts';

/** A ticket, its comments, the customer who asks and their company: whatever one page tells of. */
export interface Story {
  readonly root: Root;
  readonly items: readonly Item[];
  readonly children: readonly Child[];
  /** Other roots it refers to. */
  readonly others: readonly { readonly root: Root; readonly items: readonly Item<History>[] }[];
}

export async function storyOf(
  deps: ReadingDeps,
  organization: OrganizationId,
  id: RecordId,
): Promise<Story | undefined> {
  const root = await ticketAt(deps, organization, id);
  if (root === undefined) return undefined;
  const [items, others] = await Promise.all([
    deps.store.list(rootPk(organization, root.id)),
    referredFrom(deps, organization, root),
  ]);
  const journals = others.map(async (each) => ({
    root: each,
    items: await journalOf(deps, organization, each),
  }));
  return { root, items, children: childrenAmong(items), others: await Promise.all(journals) };
}

/** What a root's journal tells, and nothing else of it. */
export async function journalOf(
  { store }: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  { id }: Pick<Root, 'id'>,
): Promise<readonly Item<History>[]> {
  const pk = rootPk(organization, id);
  const lists = await Promise.all(['history#', 'note#'].map((prefix) => store.list<History>(pk, { prefix })));
  return lists.flat();
}

export const isJournal = (item: Item): item is Item<History> => /^(history|note)#/.test(item.sk);
