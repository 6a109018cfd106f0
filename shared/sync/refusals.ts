import { sizeText } from '../domain/file-rules.ts';
import type { OrganizationId } from '../domain/ids.ts';
import { factsOf, fileOf } from './attachment.ts';
import { conclude } from './conclude.ts';
import { type Aftermath, bringChild, loadRoot, stage } from './desk.ts';
import { childId } from './keys.ts';
import { type Surroundings, type Tree, treeOf } from './scene.ts';
import type { Session } from './session.ts';
import type { ParkedWork, Root } from './state.ts';
import { addSystemComment } from './system-comment.ts';

/**
 * What a connection does not take, or nobody can get, the team reads on the ticket itself: an internal note in the
 * commit that sets the file aside, once for each file and connection.
 */
export async function noteRefusals(
  given: { readonly tree: Tree; readonly session: Session },
  organization: OrganizationId,
  around: Surroundings,
): Promise<Aftermath[]> {
  const aftermath: Aftermath[] = [];
  for (const work of given.tree.parked) {
    if (work.kind !== 'attachment' || work.cause !== 'rejected') continue;
    const noted = await note(given, work, organization, around);
    if (noted !== undefined) aftermath.push(noted);
  }
  return aftermath;
}

async function note(
  { tree: { root: file }, session }: { readonly tree: Tree; readonly session: Session },
  work: ParkedWork,
  organization: OrganizationId,
  around: Surroundings,
): Promise<Aftermath | undefined> {
  const ticket = await loadRoot(session, organization, fileOf(file).of.root);
  if (ticket === undefined || ticket.deleted !== undefined) return undefined;
  const tree = treeOf(ticket);
  const id = childId(ticket.id, `${file.id}-${work.connection}`);
  if ((await bringChild(session, tree, organization, id)) !== undefined) return undefined;
  addSystemComment(tree, { id, body: textOf(file, work, around), visibility: 'internal' }, around);
  return stage(session, conclude(tree, organization, around), organization);
}

function textOf(file: Root, { connection, reason }: ParkedWork, { places }: Surroundings): string {
  const { name, size } = factsOf(file);
  const place = places.get(connection)?.connection.name ?? connection;
  const what = size === undefined ? name : `${name} (${sizeText(size)})`;
  const isFrom = file.lanes[connection]?.link.origin === 'theirs';
  return `${what} was not ${isFrom ? 'fetched from' : 'sent to'} ${place}: ${reason}`;
}
