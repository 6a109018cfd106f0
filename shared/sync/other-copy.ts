import type { Observation } from '../ports/mapping.ts';
import { park } from './parking.ts';
import { newLink, type Scene } from './scene.ts';
import type { EndState, Link } from './state.ts';
import { wantRead } from './want-read.ts';

/**
 * An object of this record's that is not the copy it has here. What came before that copy is over; a second one beside
 * it is for people to sort out; and where it is dead, a creation given up, or sent twice, has landed after all.
 */
export function observeOther(scene: Scene, o: Observation): EndState {
  const { link } = scene;
  if (link.former?.includes(o.externalId) === true && o.life !== 'undeleted') return 'echo';
  if (link.dead !== undefined && o.life === undefined) return succeed(scene, o);
  park(scene, { cause: 'doubtful', reason: 'a second copy of this record exists', fault: 'hub' });
  return 'parked';
}

/** It takes the dead copy's place: to be looked at, or deleted as that one was where the record is. */
function succeed({ tree, record, lane, link, place, around }: Scene, { externalId }: Observation): EndState {
  const { parked, superseded } = link;
  const next: Link = {
    ...newLink('ours'),
    externalId,
    linkedAtMs: around.nowMs,
    former: [...(link.former ?? []), ...(link.externalId === undefined ? [] : [link.externalId])],
    ...(superseded === undefined ? {} : { superseded, sent: { ...superseded.at(-1) } }),
  };
  if (record.deleted === undefined) wantRead(next);
  if (parked !== undefined) tree.unparked.push(parked.id);
  if (record.kind === 'comment') record.links[place.connection.id] = next;
  else lane.link = next;
  return 'merged';
}
