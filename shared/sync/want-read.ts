import type { Version } from '../ports/mapping.ts';
import { isBefore, STAMP_SLACK_MS, type Timed } from './moments.ts';
import type { Link } from './state.ts';
import { TIMING } from './timing.ts';
import { compareVersions } from './versions.ts';

/**
 * Asks for a read that is no older than what was announced. Every asking is counted: a read that began before
 * it must not pass for its answer, and finds the link changed when it wants to commit.
 */
export function wantRead(link: Link, news?: Timed): void {
  link.needsRead = true;
  link.asks = (link.asks ?? 0) + 1;
  if (news !== undefined) announce(link, news);
}

/** It was dead, and is said to be back. */
export function lookForReturn(link: Link): void {
  delete link.dead;
  wantRead(link);
}

/** A look that shows what was before it is no look at what there is. */
export function announce(link: Link, news: Timed): void {
  link.announcedAtMs = Math.max(link.announcedAtMs ?? 0, news.atMs);
  const announced = news.version;
  const isNewest = link.announced === undefined || compareVersions(announced, link.announced) === 'newer';
  if (announced !== undefined && isNewest) link.announced = announced;
}

const MAX_DOUBTS = 3;

/**
 * What is new in a read: just `told`, all that the news it was asked for said; `outrun`, of a field what was told before
 * the last of them.
 */
export type Shows = 'nothing' | 'news' | 'told' | 'outrun';

/**
 * Whether a read answers with the past: older than what we hold or were told of. Where versions cannot tell,
 * the vendor's own times may, or that it shows nothing of the news it was asked for; both are believed a few
 * times only, for they are no promise. Each for itself: what has been silent as often as that may be all there is to
 * see, and says nothing for an earlier state.
 */
export function isPast(link: Link, seen: Timed, shows: Shows): boolean {
  const states = [link.gotVersion, link.announced, link.wrote?.seen?.version];
  const orders = states.map((known) => compareVersions(seen.version, known));
  if (orders.includes('older')) return true;
  const { announcedAtMs } = link;
  const [toGot, toAnnounced] = orders;
  const isLongBefore = (atMs: number) => seen.atMs + STAMP_SLACK_MS <= atMs;
  // Stryker disable next-line ConditionalExpression: for the compiler alone, nothing is earlier than a time there is not
  const isBeforeNews = announcedAtMs !== undefined && isLongBefore(announcedAtMs);
  const isEarlier = isBeforeNews || (toGot === 'unknown' && isLongBefore(link.gotAtMs));
  const isSilent = announcedAtMs !== undefined && shows === 'nothing';
  // Newer than what we hold it may be what stood there between that and the news.
  const isAdvance = toGot === 'newer' && (!isBeforeNews || shows === 'told');
  const isTold = isAdvance || toAnnounced !== 'unknown';
  // However little: it is not yet what was told last, and shows that it is not.
  const isOutrun = shows === 'outrun' && toAnnounced === 'unknown' && seen.atMs < (announcedAtMs ?? 0);
  if ((isEarlier && !isTold) || isOutrun || isBeforeOurWrite(link, seen.version))
    return disbelieve(link, 'doubts');
  return isSilent && !isTold && disbelieve(link, 'silences');
}

function disbelieve(link: Link, why: 'doubts' | 'silences'): boolean {
  const times = link[why] ?? 0;
  if (times >= MAX_DOUBTS) return false;
  link[why] = times + 1;
  return true;
}

/**
 * Whether a death that a read shows may be the one before it came back, for no read tells when that was: told to be alive
 * again it was never seen so, or nobody has told of its death since. Seen alive it is no safer: a later look may show less.
 */
export const isPastDeath = (link: Link): boolean =>
  link.dead === undefined && (isBackUnseen(link) || isUntold(link)) && disbelieve(link, 'doubts');

const isUntold = ({ revived, doomed }: Link): boolean => revived !== undefined && doomed === undefined;

const isBackUnseen = ({ revived, gotAtMs: atMs, gotVersion: version }: Link): boolean =>
  revived !== undefined && isBefore({ atMs, version }, revived);

/**
 * A life that is shown after its end was told, or a death of what was not seen alive since its return was, is waited out
 * longer: once believed, it would be the last word on it.
 */
export const askAgainAfterMs = (link: Link): number => {
  const { doomed, doubts = 1 } = link;
  return TIMING.staleReadMs * (doomed === undefined && !isBackUnseen(link) ? 1 : 4 ** (doubts - 1));
};

/** The version our last write was decided on, or one before it, while nothing comparable has been seen since. */
function isBeforeOurWrite({ wrote }: Link, version: Version | undefined): boolean {
  if (wrote === undefined || compareVersions(version, wrote.seen?.version) !== 'unknown') return false;
  const order = compareVersions(version, wrote.base.version);
  return order === 'older' || order === 'equal';
}

/** A read has answered. */
export function forgetAsking(link: Link): void {
  delete link.needsRead;
  delete link.announced;
  delete link.announcedAtMs;
  delete link.doubts;
  delete link.silences;
}
