import type { RecordId } from '../domain/ids.ts';
import { loadRoot, placementOf } from './desk.ts';
import { wakeAt } from './fan-out.ts';
import { rootKey } from './keys.ts';
import { newLane, treeOf } from './scene.ts';
import { around, laneOf, organizationOf, type Shift, save } from './shift.ts';
import { TIMING } from './timing.ts';

/** A ticket's copy names its requester's: learned where it exists, else waited for; it wakes its dependents. */
export async function meetRequester(shift: Shift, on: RecordId): Promise<void> {
  const { session, message, tree } = shift;
  const lane = laneOf(shift);
  const contact = await loadRoot(session, organizationOf(shift), on);
  const externalId = contact?.lanes[message.connection]?.link.externalId;
  if (externalId !== undefined) {
    lane.requester = { record: on, externalId };
    delete lane.waitsFor;
    shift.isDirty = true;
    return;
  }
  lane.waitsFor = on;
  if (contact !== undefined) {
    const waiting = treeOf(contact);
    const dependents = waiting.root.dependents ?? [];
    if (
      !dependents.some(({ root, connection }) => root === tree.root.id && connection === message.connection)
    ) {
      waiting.root.dependents = [...dependents, { root: tree.root.id, connection: message.connection }];
    }
    openLane(shift, waiting);
    const key = rootKey(organizationOf(shift), waiting.root.id);
    session.putChanged(key, waiting.root, placementOf(waiting.root, organizationOf(shift)));
  }
  // No message: the contact's link is what wakes this lane, and the sweeper should that be lost.
  wakeAt(tree, lane, shift.place, around(shift), around(shift).nowMs + TIMING.dependencyMs);
  shift.isOver = true;
  await save(shift);
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
