import type { ExternalId } from '../domain/ids.ts';
import type { Version } from '../ports/mapping.ts';
import { deathOf } from './deletion.ts';
import type { Merged } from './merge.ts';
import { unpark } from './parking.ts';
import { withdrawQuestions } from './question.ts';
import { newLink, type Scene } from './scene.ts';
import type { Link, Pending } from './state.ts';
import { heirOf, succeed } from './succession.ts';
import { takeUp } from './take-up.ts';

/** A deletion of ours whose record lives, or does again: what it took away is a copy, and nobody's word on the record. */
export const isWithdrawal = ({ record }: Scene, pending: Pending): pending is Deletion =>
  isDeletion(pending) && record.deleted === undefined;

export type Deletion = Pending & {
  readonly change: { readonly operation: 'delete'; readonly externalId: ExternalId };
};
export const isDeletion = (pending: Pending): pending is Deletion => pending.change.operation === 'delete';

/**
 * It has been carried out after all: a deletion of ours that was given up while its copy was out of sight, and whose
 * record lives. False where there is none such.
 */
export function settleWithdrawal(scene: Scene): boolean {
  const { unjudged } = scene.link;
  if (unjudged === undefined || !isWithdrawal(scene, unjudged)) return false;
  unpark(scene, ({ cause }) => cause === 'unseen');
  settleDeleted(scene, unjudged, {});
  return true;
}

export function settleDeleted(
  scene: Scene,
  { change }: Deletion,
  { version }: { readonly version?: Version },
): Merged {
  const { link, record, around } = scene;
  const heir = heirOf(scene);
  if (record.deleted !== undefined && heir === undefined) {
    link.dead = deathOf(link, { atMs: around.nowMs, version });
    return { applied: 0, noted: 0 };
  }
  // Withdrawn, not dead: a note made internal may be made public again and then gets a new copy. A second one goes as well.
  withdrawQuestions(scene);
  if (heir !== undefined) succeed(scene, heir);
  else withdraw(scene, change.externalId);
  return { applied: 0, noted: 0 };
}

function withdraw({ tree, link, lane, record, place }: Scene, externalId: ExternalId): void {
  // A look at it may have been refused; there is no such copy any more.
  if (link.parked !== undefined) takeUp(tree, link.parked.id);
  const fresh: Link = { ...newLink('ours'), former: [...(link.former ?? []), externalId] };
  if (record.kind === 'comment') record.links[place.connection.id] = fresh;
  else lane.link = fresh;
}
