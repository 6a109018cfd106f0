import type { OrganizationId, RecordId } from '../domain/ids.ts';
import { type Desk, openSession } from './desk.ts';
import { pagesUnder } from './every-item.ts';
import { lookAtFilesAnew } from './files-anew.ts';
import { ATTACHED, attachedKey, lineKey, rootPk } from './keys.ts';
import { lookAnew } from './line.ts';
import type { Tree } from './scene.ts';
import type { Session } from './session.ts';
import type { Child, Root, Unlisted } from './state.ts';
import { takeOver } from './take-over.ts';

/** Of the hundred writes and four megabytes of one transaction: long texts beside a comment take some of either. */
const [MAX_WRITES, MAX_BYTES] = [60, 1_500_000];
const PAGE = 20;

/**
 * Brings over the next of what was said in records that were folded into this one; false once nothing is left. Each
 * page is a commit of its own: whoever is stopped, or brings over the same at once, leaves every comment in one place.
 */
export async function bringOver(
  desk: Desk,
  organization: OrganizationId,
  { id, givers = [] }: Pick<Root, 'id' | 'givers'>,
): Promise<boolean> {
  for (const giver of givers) {
    if (await bringComments(desk, organization, giver, id)) return true;
    if (await bringFiles(desk, organization, giver, id)) return true;
  }
  for (const giver of givers) if (await lookAtFilesAnew(desk, organization, giver, id)) return true;
  return false;
}

async function bringComments(
  desk: Desk,
  organization: OrganizationId,
  from: RecordId,
  to: RecordId,
): Promise<boolean> {
  const items = await desk.deps.store.list<Child>(rootPk(organization, from), {
    prefix: 'child#',
    limit: PAGE,
  });
  const session = openSession(desk);
  const fitting = thatFit(items.map((item) => session.meet(item)));
  await Promise.all(fitting.map((child) => takeOver(session, organization, child, to)));
  await session.commit();
  return fitting.length > 0;
}

/** That files hang on something in it; they are records of their own. */
async function bringFiles(
  desk: Desk,
  organization: OrganizationId,
  from: RecordId,
  to: RecordId,
): Promise<boolean> {
  const hung = { prefix: ATTACHED, limit: PAGE };
  const items = await desk.deps.store.list<Unlisted>(rootPk(organization, from), hung);
  const session = openSession(desk);
  for (const item of items) {
    const { id } = session.meet(item);
    session.remove(attachedKey(organization, from, id));
    session.put(attachedKey(organization, to, id), { id });
  }
  await session.commit();
  return items.length > 0;
}

/** However large the first of them is, it goes. */
function thatFit(children: readonly Child[]): readonly Child[] {
  let [writes, bytes] = [0, 0];
  return children.filter((child, at) => {
    writes += 4 + Object.keys(child.links).length;
    bytes += Buffer.byteLength(JSON.stringify(child));
    return at === 0 || (writes <= MAX_WRITES && bytes <= MAX_BYTES);
  });
}

/**
 * Every comment of a root gets its place in line, page by page, so that a lane that lists none of them yet can look at
 * all: what it lacks there is told by its own state.
 */
export async function giveAllPlaces(desk: Desk, organization: OrganizationId, root: RecordId): Promise<void> {
  const pages = pagesUnder<Child>(desk.deps.store, rootPk(organization, root), {
    prefix: 'child#',
    limit: PAGE,
  });
  for await (const items of pages) {
    const session = openSession(desk);
    await Promise.all(items.map(({ data }) => placeIn(session, organization, root, data)));
    await session.commit();
  }
}

async function placeIn(
  session: Session,
  organization: OrganizationId,
  root: RecordId,
  child: Child,
): Promise<void> {
  const key = lineKey(organization, root, child);
  if ((await session.get<Unlisted>(key)) === undefined) session.put(key, { id: child.id } satisfies Unlisted);
}

/** All are here: every line looks at all of them, for what each lacks is told by its own state alone. */
export function endGathering({ root, unlisted }: Tree): void {
  delete root.givers;
  const lines = [...Object.values(root.lanes), ...(root.isFannedOut === true ? [] : [earlyOf(root)])];
  for (const line of lines) unlisted.push(...lookAnew(line));
}

function earlyOf(root: Root): NonNullable<Root['early']> {
  root.early ??= { behind: [] };
  return root.early;
}
