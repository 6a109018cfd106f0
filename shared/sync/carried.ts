import { type HubError, NotFoundError, ProviderUnavailableError } from '../errors.ts';
import type { ContentStore } from '../ports/content.ts';
import { fileOf } from './attachment.ts';
import { stageClaim } from './carry-out.ts';
import { follow } from './look.ts';
import { countAttempt, type Next, takeFailure } from './outcome.ts';
import { actorOf } from './scene.ts';
import { laneOf, type Shift, sceneOf } from './shift.ts';

/** Takes in what became of a transfer; should another worker hold the lane by now, nothing of this one is wanted. */
export async function takeCarried(shift: Shift, contents: ContentStore): Promise<void> {
  const { carried, transfer } = shift;
  const lane = laneOf(shift);
  if (carried === undefined) return;
  if (lane.transfer?.id !== transfer) {
    shift.carried = undefined;
    // A store whose first answer was lost calls a commit a conflict with itself: then they are the record's by now.
    const isHeld = carried.outcome === 'fetched' && carried.content.key === heldAt(shift);
    if (carried.outcome === 'fetched' && !isHeld) await contents.delete(carried.content.key);
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
      return follow(shift, failedTransfer(shift, carried.error));
  }
}

const heldAt = ({ tree }: Shift) => fileOf(tree.root).content?.key;

/** What is not to be found is looked for: a file deleted meanwhile is no failure. */
function failedTransfer(shift: Shift, error: HubError): Next {
  const scene = sceneOf(shift, shift.tree.root);
  const chance = shift.desk.deps.random.next();
  if (!(error instanceof NotFoundError)) return takeFailure(scene, error, chance);
  if (scene.link.externalId !== undefined) scene.link.needsRead = true;
  return countAttempt(
    scene,
    new ProviderUnavailableError(error.message, { cause: error }),
    chance,
    'at-once',
  );
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
