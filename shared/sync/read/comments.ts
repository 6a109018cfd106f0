import type { OrganizationId } from '../../domain/ids.ts';
import type { Author } from '../../domain/record.ts';
import type { CommentView, Reading } from '../../ports/read.ts';
import type { Item } from '../../ports/store.ts';
import { childKey, rootPk } from '../keys.ts';
import type { Child, Root } from '../state.ts';
import { sliceOf } from './slices.ts';
import { type ReadingDeps, rootAt, ticketAt } from './source.ts';

export interface Placed {
  readonly position: string;
  readonly comment: CommentView;
}

/** Names of the customers who wrote: a channel says who it was, their contact says what they are called. */
export type Names = ReadonlyMap<string, string>;

export async function namesIn(
  deps: ReadingDeps,
  organization: OrganizationId,
  children: readonly Child[],
): Promise<Names> {
  const contacts = new Set(children.flatMap(({ author }) => author.contact ?? []));
  const roots = await Promise.all([...contacts].map((id) => rootAt(deps, organization, id)));
  return new Map(
    [...contacts].flatMap((id, index) => {
      const name = roots[index]?.fields.name;
      return typeof name === 'string' ? [[id, name] as const] : [];
    }),
  );
}

function authorView({ role, name, contact }: Author, names: Names): Author {
  const known = name ?? (contact === undefined ? undefined : names.get(contact));
  return {
    role,
    ...(known === undefined ? {} : { name: known }),
    ...(contact === undefined ? {} : { contact }),
  };
}

/** The position begins with when it was said, which may be before the hub heard of it. */
export function saidAtMs({ position, createdAtMs }: Child): number {
  const said = Number(position.split('~')[0]);
  return Number.isFinite(said) && said > 0 ? said : createdAtMs;
}

export function commentView(child: Child, names: Names): CommentView {
  return {
    id: child.id,
    ticket: child.root,
    visibility: child.visibility,
    body: String(child.fields.body ?? ''),
    author: authorView(child.author, names),
    createdAtMs: saidAtMs(child),
    updatedAtMs: child.updatedAtMs,
    isDeleted: child.deleted !== undefined,
  };
}

/** A comment known to exist and not read yet has nothing to show. */
export const isShown = (child: Child): boolean => child.unread === undefined;

export function childrenAmong(items: readonly Item[]): readonly Child[] {
  const children = items.filter(({ sk }) => sk.startsWith('child#')).map(({ data }) => data as Child);
  return children.filter(isShown);
}

async function placedOf(
  deps: ReadingDeps,
  organization: OrganizationId,
  root: Root,
): Promise<readonly Placed[]> {
  const items = await deps.store.list(rootPk(organization, root.id), { prefix: 'child#' });
  const children = childrenAmong(items);
  const names = await namesIn(deps, organization, children);
  return children.map((child) => ({
    position: `${child.position} ${child.id}`,
    comment: commentView(child, names),
  }));
}

export function commentReading(deps: ReadingDeps): Pick<Reading, 'comments' | 'comment'> {
  return {
    async comments(organization, ticket, options) {
      const root = await ticketAt(deps, organization, ticket);
      if (root === undefined) return undefined;
      const placed = await placedOf(deps, organization, root);
      const list = `${rootPk(organization, root.id)} comments`;
      const { items, next } = sliceOf(list, placed, options, ({ position }) => position);
      const comments = items.map(({ comment }) => comment);
      return next === undefined ? { items: comments } : { items: comments, next };
    },
    async comment(organization, ticket, id) {
      const root = await ticketAt(deps, organization, ticket);
      if (root === undefined) return undefined;
      const { pk, sk } = childKey(organization, root.id, id);
      const child = (await deps.store.get<Child>(pk, sk))?.data;
      if (child === undefined || !isShown(child)) return undefined;
      return commentView(child, await namesIn(deps, organization, [child]));
    },
  };
}
