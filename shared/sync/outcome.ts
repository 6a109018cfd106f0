import type { ExternalId } from '../domain/ids.ts';
import { HubError, RateLimitedError } from '../errors.ts';
import type { WriteOutcome } from '../ports/integration.ts';
import { noteDeed } from './deed.ts';
import { findGone } from './deletion.ts';
import { causeOf, codeOf, park } from './parking.ts';
import { landingTime } from './reconcile.ts';
import { type Scene, sceneAt } from './scene.ts';
import { settleWritten, supersede } from './settlement.ts';
import type { Pending, Values } from './state.ts';
import { MAX_UNSETTLED, TIMING } from './timing.ts';

/** What a call leaves to do: go on with the lane, or stay away until a time. */
export type Next = { readonly next: 'go-on' } | { readonly next: 'wait'; readonly untilMs: number };
const GO_ON: Next = { next: 'go-on' };

/** Takes a write's outcome under its pending's id; a pending that is no longer there has been settled by others. */
export function takeOutcome(scene: Scene, pending: Pending, outcome: WriteOutcome, chance: number): Next {
  const { lane, link } = scene;
  if (lane.pending?.id !== pending.id) return GO_ON;
  if (outcome.outcome === 'settled') {
    settleWritten(scene, pending, outcome);
    return GO_ON;
  }
  // What had to wait was never sent.
  if (!(outcome.error instanceof RateLimitedError)) {
    noteDeed(scene, pending, { outcome: outcome.outcome, code: codeOf(outcome.error) });
  }
  if (outcome.outcome === 'uncertain') return doubt(scene, pending, outcome.error, chance);
  delete lane.pending;
  if (pending.isSentAgain === true) supersede(link, pending);
  if (outcome.why === 'conflict' || outcome.why === 'rejected') delete lane.staged;
  switch (outcome.why) {
    case 'conflict':
      if (pending.change.operation !== 'create') link.needsRead = true;
      return countAttempt(scene, outcome.error, chance, 'at-once');
    case 'gone':
      return takeGone(scene, pending, outcome.error, chance);
    default:
      return takeFailure(scene, outcome.error, chance, { ...pending.change.fields });
  }
}

function takeGone(scene: Scene, { change }: Pending, error: HubError, chance: number): Next {
  if (change.operation !== 'create') {
    buried(scene, change.externalId);
    return GO_ON;
  }
  // The parent is gone, and a read that finds nothing may be all that would tell: nothing is to be made under it.
  delete scene.lane.parent;
  if (change.kind === 'comment') buried(parentOf(scene), change.rootExternalId);
  return countAttempt(scene, error, chance, 'at-once');
}

/** Meanwhile another object may have taken its place, of which nothing was said. */
function buried(scene: Scene, id: ExternalId): void {
  if (scene.link.externalId === id) findGone(scene);
}

const parentOf = ({ tree, place, around }: Scene): Scene => sceneAt(tree, tree.root, place, around);

/** The request may have been carried out, or may yet be: nothing else is sent until a read can tell. */
function doubt(scene: Scene, pending: Pending, error: HubError, chance: number): Next {
  const { lane, place, around } = scene;
  const landed = around.nowMs + landingTime(place, pending.change);
  const next = countAttempt(scene, error, chance);
  const untilMs = Math.max(landed, next.next === 'wait' ? next.untilMs : around.nowMs);
  // Who waited for the answer has the request as it was sent: what was told of it meanwhile stands in the lane.
  lane.pending = { ...pending, ...lane.pending, isDoubtful: true, settleAtMs: untilMs };
  return { next: 'wait', untilMs };
}

/** A failure with nothing done at the vendor, divided by what must be done next. */
export function takeFailure(scene: Scene, error: HubError, chance: number, wouldWrite?: Values): Next {
  if (error instanceof RateLimitedError) {
    return { next: 'wait', untilMs: scene.around.nowMs + Math.max(error.retryAfterMs, 1) };
  }
  if (error.reaction === 'retry') return countAttempt(scene, error, chance);
  if (error.reaction !== 'park') throw error;
  // Nothing else is sent while a request's fate is unknown: who is refused the look that would tell comes back no sooner.
  const isWayShut = scene.lane.pending === undefined ? {} : { isWayShut: true as const };
  park(scene, { ...causeOf(error), ...isWayShut, ...(wouldWrite === undefined ? {} : { wouldWrite }) });
  return GO_ON;
}

/** At most five, exponential with full jitter, then parked by cause. */
export function countAttempt(scene: Scene, error: HubError, chance: number, when?: 'at-once'): Next {
  const { lane, around } = scene;
  lane.attempts += 1;
  if (lane.attempts > TIMING.maxAttempts) {
    park(scene, { ...causeOf(error), cause: 'unavailable' });
    return GO_ON;
  }
  if (when === 'at-once' && lane.attempts <= MAX_UNSETTLED) return GO_ON;
  return { next: 'wait', untilMs: around.nowMs + backoffMs(lane.attempts, chance) };
}

export function backoffMs(attempt: number, chance: number): number {
  const ceiling = Math.min(TIMING.backoffCapMs, TIMING.backoffBaseMs * 2 ** (attempt - 1));
  return Math.max(1, Math.floor(chance * ceiling));
}

export function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}
