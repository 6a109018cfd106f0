import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Item } from '../../ports/store.ts';
import { rootPk } from '../keys.ts';
import type { Child, Root } from '../state.ts';
import { childrenAmong } from './comments.ts';
import { referredFrom } from './referred.ts';
import { type ReadingDeps, ticketAt } from './source.ts';

/** A ticket, its comments, the customer who asks and their company: whatever one page tells of. */
export interface Story {
  readonly root: Root;
  readonly items: readonly Item[];
  readonly children: readonly Child[];
  /** Other roots it refers to: what lost there shows nowhere else. */
  readonly others: readonly { readonly root: Root; readonly items: readonly Item[] }[];
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

async function journalOf({ store }: ReadingDeps, organization: OrganizationId, { id }: Root) {
  const pk = rootPk(organization, id);
  const lists = await Promise.all(['history#', 'note#'].map((prefix) => store.list(pk, { prefix })));
  return lists.flat();
}

export const isJournal = ({ sk }: Item): boolean => /^(history|note)#/.test(sk);
