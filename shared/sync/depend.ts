import type { RecordId } from '../domain/ids.ts';
import { loadRoot, placementOf } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { rootKey } from './keys.ts';
import { isOutOfSight } from './need.ts';
import { newLane, treeOf } from './scene.ts';
import { around, laneOf, organizationOf, type Shift } from './shift.ts';

/** A ticket's copy names its requester's: learned where it exists, else waited for; it wakes its dependents. */
export async function meetRequester(shift: Shift, on: RecordId): Promise<void> {
  const { session, message, tree } = shift;
  const lane = laneOf(shift);
  const contact = await loadRoot(session, organizationOf(shift), on);
  const link = contact?.lanes[message.connection]?.link;
  shift.isDirty = true;
  if (contact === undefined || contact.deleted !== undefined || link?.dead !== undefined) {
    lane.requester = { record: on, externalId: null };
  } else if (link?.externalId !== undefined) {
    lane.requester = { record: on, externalId: link.externalId };
  } else {
    register(shift, treeOf(contact), tree.root.id);
    if (!isOutOfSight(contact)) {
      lane.waitsFor = on;
      return;
    }
    // Made do without, and named once it is seen: nobody's case waits for a profile that may not be read.
    lane.requester = { record: on, externalId: null };
  }
  delete lane.waitsFor;
}

/** In the same commit as the waiting: the contact cannot get its copy without knowing who waits for it. */
function register(shift: Shift, waiting: ReturnType<typeof treeOf>, dependent: RecordId): void {
  const { root } = waiting;
  const { connection } = shift.message;
  const others = (root.dependents ?? []).filter(
    (each) => each.root !== dependent || each.connection !== connection,
  );
  root.dependents = [...others, { root: dependent, connection }];
  openLane(shift, waiting);
  const placement = placementOf(root, organizationOf(shift));
  shift.session.put(rootKey(organizationOf(shift), root.id), root, placement);
}

/** A contact older than the connection gets its copy there when the first ticket asks for it. */
function openLane(shift: Shift, waiting: ReturnType<typeof treeOf>): void {
  const { root } = waiting;
  const { connection } = shift.message;
  if (root.isFannedOut !== true || root.lanes[connection] !== undefined) return;
  const lane = newLane('ours');
  root.lanes[connection] = lane;
  const wake = wakeAt(waiting, lane, shift.place, around(shift), around(shift).nowMs);
  shift.owed.push({ organization: organizationOf(shift), wakes: [wake], outbox: [] });
}
