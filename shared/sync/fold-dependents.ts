import type { OrganizationId, RecordId } from '../domain/ids.ts';
import { listTogether } from './dependent-list.ts';
import { placementOf } from './desk.ts';
import { rootKey } from './keys.ts';
import type { Session } from './session.ts';
import type { Dependent, Root } from './state.ts';

/** Whoever the younger was to tell of its copies is told by the older; returned are those it has no room for. */
export function bringDependents(root: Root, given: Root): readonly Dependent[] {
  if (given.dependents === undefined) return [];
  const { listed, leftOut } = listTogether(root.dependents ?? [], given.dependents);
  root.dependents = listed;
  return leftOut;
}

/** Who waited for the younger comment waits for the older; returned are those it has no room for. */
export function handOn(
  session: Session,
  organization: OrganizationId,
  root: Root,
  { from, given, olderId }: { readonly from: Root; readonly given: RecordId; readonly olderId: RecordId },
): readonly Dependent[] {
  if (from.dependents === undefined) return [];
  const isWaiting = ({ on }: Dependent) => on === given;
  const waiting = from.dependents.filter(isWaiting);
  if (waiting.length === 0) return [];
  const others = from.dependents.filter((each) => !isWaiting(each));
  const known = from.id === root.id ? others : (root.dependents ?? []);
  const { listed, leftOut } = listTogether(
    known,
    waiting.map((each) => ({ ...each, on: olderId })),
  );
  root.dependents = listed;
  if (from.id === root.id) return leftOut;
  const rest: Root = { ...from, dependents: others };
  session.put(rootKey(organization, from.id), rest, placementOf(rest, organization));
  return leftOut;
}
