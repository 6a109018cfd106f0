import type { ContentStore } from '../ports/content.ts';
import { fileOf } from './attachment.ts';
import { stageClaim } from './carry-out.ts';
import { follow } from './look.ts';
import { takeFailure } from './outcome.ts';
import { actorOf } from './scene.ts';
import { laneOf, type Shift, sceneOf } from './shift.ts';

/** Takes in what became of a transfer; should another worker hold the lane by now, nothing of this one is wanted. */
export async function takeCarried(shift: Shift, contents: ContentStore): Promise<void> {
  const { carried, transfer } = shift;
  const lane = laneOf(shift);
  if (carried === undefined) return;
  if (lane.transfer?.id !== transfer) {
    shift.carried = undefined;
    if (carried.outcome === 'fetched') await contents.delete(carried.content.key);
    return;
  }
  delete lane.transfer;
  shift.isDirty = true;
  const record = shift.tree.root;
  switch (carried.outcome) {
    case 'fetched':
      fileOf(record).content = carried.content;
      lane.attempts = 0;
      return noteArrival(shift, carried.content.sha256);
    case 'staged':
      lane.staged = carried.externalId;
      lane.attempts = 0;
      return stageClaim(shift, record, carried.externalId);
    case 'failed':
      return follow(shift, takeFailure(sceneOf(shift, record), carried.error, shift.desk.deps.random.next()));
  }
}

/** All who wait for the bytes are woken by it, and the bus is told. */
function noteArrival({ tree, place }: Shift, sha256: string): void {
  tree.changes.push({
    record: tree.root.id,
    kind: tree.root.kind,
    what: 'updated',
    fields: { sha256: { from: null, to: sha256 } },
    source: place.connection.id,
    actor: actorOf(place),
  });
}
