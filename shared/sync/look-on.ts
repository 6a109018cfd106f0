import { copyOf } from './copy.ts';
import { loadChild } from './desk.ts';
import { shorten, standInLine } from './fan-out.ts';
import { LINE, rootPk } from './keys.ts';
import { passedTo } from './line.ts';
import { around, laneOf, organizationOf, type Shift, save } from './shift.ts';
import type { Unlisted } from './state.ts';

/**
 * Looks at the next of those who stand beyond the line; whoever has work is listed. What it reads is no older than
 * the root: a change to any of them meanwhile changes that too (`stirred`), and then this does not commit.
 */
export async function lookOn(shift: Shift): Promise<void> {
  // Who was listed until now is found beyond the line once their item is there.
  if (shift.tree.unlisted.length > 0) return save(shift);
  const { desk, session, tree, place } = shift;
  const lane = laneOf(shift);
  const limit = desk.rules.lineLength();
  const after = lane.beyond?.after ?? LINE;
  const pk = rootPk(organizationOf(shift), tree.root.id);
  const items = await desk.deps.store.list<Unlisted>(pk, { prefix: LINE, after, limit });
  const ids = items.map((item) => session.meet(item).id);
  const children = await Promise.all(
    ids.map((id) => tree.children.get(id) ?? loadChild(session, organizationOf(shift), tree.root, id)),
  );
  passedTo(lane, items.length < limit ? undefined : items.at(-1)?.sk);
  for (const child of children)
    if (child !== undefined) standInLine(tree, copyOf(child), place, around(shift));
  shorten(tree, lane, around(shift));
  shift.isDirty = true;
}
