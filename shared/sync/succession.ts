import type { ExternalId } from '../domain/ids.ts';
import { noteDeed } from './deed.ts';
import { isLongBefore } from './moments.ts';
import { withdrawQuestions } from './question.ts';
import { newLink, type Scene } from './scene.ts';
import type { Link, Moment } from './state.ts';
import { takeUp } from './take-up.ts';
import { wantRead } from './want-read.ts';

/**
 * Of two copies that people were asked about this one is gone. A ticket has no heir: what is said in it hangs on the copy
 * that it has, and is gone with that.
 */
export const heirOf = ({ record, link }: Scene): ExternalId | undefined =>
  record.kind === 'ticket' ? undefined : link.besides?.[0];

/**
 * It takes the dead copy's place: to be looked at, or deleted as that one was where the record is. `diedAt`: when that one
 * did, where its vendor has told, and nobody knows whether this one was there by then.
 */
export function succeed(scene: Scene, externalId: ExternalId, diedAt?: Moment): void {
  const { tree, record, lane, link, place, around } = scene;
  const { parked, creations, besides = [] } = link;
  const others = besides.filter((each) => each !== externalId);
  const isAskedStill = parked !== undefined && others.length > 0;
  const next: Link = {
    ...newLink('ours'),
    externalId,
    linkedAtMs: around.nowMs,
    ...pastOf(link),
    ...(creations === undefined ? {} : { creations, sent: { ...creations.at(-1) } }),
    ...(isAskedStill ? { parked, besides: others } : {}),
    ...(diedAt !== undefined && mayBeLater(link, externalId, diedAt) ? { otherDied: diedAt } : {}),
  };
  forsake(scene);
  withdrawQuestions(scene);
  if (record.deleted === undefined) wantRead(next);
  if (parked !== undefined && !isAskedStill) takeUp(tree, parked.id);
  if (record.kind === 'comment') record.links[place.connection.id] = next;
  else lane.link = next;
}

/** It is not known to have been there when the other died. */
function mayBeLater({ former, toldBeside }: Link, externalId: ExternalId, { atMs }: Moment): boolean {
  const toldAtMs = toldBeside?.[externalId];
  const isKnown = toldAtMs !== undefined && !isLongBefore({ atMs }, { atMs: toldAtMs });
  return former?.includes(externalId) !== true && !isKnown;
}

/** What its record had before, itself included. */
function pastOf({ externalId, former = [], ends, dead }: Link): Pick<Link, 'former' | 'ends'> {
  if (externalId === undefined) return { former, ...(ends && { ends }) };
  const { [externalId]: _before, ...others } = ends ?? {};
  const all = dead === undefined ? others : { ...others, [externalId]: dead };
  return { former: [...former, externalId], ...(Object.keys(all).length > 0 && { ends: all }) };
}

/** What a request on the dead copy comes to says nothing of this one. */
function forsake(scene: Scene): void {
  const { lane, record } = scene;
  const { pending } = lane;
  if (pending?.record !== record.id) return;
  delete lane.pending;
  noteDeed(scene, pending, { outcome: 'uncertain', code: 'given_up' });
}
