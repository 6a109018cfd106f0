import type { BackfillJob, KindExport } from './job.ts';

/** What a job does next; `wait` until then, `rest` for good. */
export type Step =
  | { readonly step: 'begin' | 'ask' | 'read' | 'discard' | 'count' | 'bring-out'; readonly of: KindExport }
  | { readonly step: 'settle' }
  | { readonly step: 'finish' }
  | { readonly step: 'wait'; readonly untilMs: number }
  | { readonly step: 'rest' };

/**
 * No more is enqueued while half of so many rows are on their way: a queue filled to the brim would be swept, and
 * its oldest row alarmed about, for nothing but its length.
 */
export const WINDOW = 500;
/** Files go by the queue that live ones go by: a few at a time, so that those wait for no more than these. */
export const FILES_WINDOW = 40;
export const windowOf = (job: BackfillJob): number => (awaitsFiles(job) ? FILES_WINDOW : WINDOW);

/** Outwards nothing else is waited for; inwards files come last. */
export function awaitsFiles({ direction, exports }: BackfillJob): boolean {
  const present = exports.find(({ isRead }) => !isRead) ?? exports.at(-1);
  return direction === 'out' || present?.kind === 'attachment';
}

/** Looks in vain, a minute of them, of files ten, after which a row is left to the sweeper. */
export const MOST_VAIN = 16;

/** From what the job is, never from what a message said. */
export function nextStep(job: BackfillJob, nowMs: number): Step {
  if (job.waitUntilMs > nowMs) return { step: 'wait', untilMs: job.waitUntilMs };
  if (job.state !== 'running') return wrapUp(job);
  if (job.direction === 'out') return outwards(job);
  const { exports, outstanding } = job;
  const unasked = exports.find(({ name, isRead }) => name === undefined && !isRead);
  if (unasked !== undefined) return { step: 'begin', of: unasked };
  const unready = exports.find(({ records }) => records === undefined);
  if (unready !== undefined) return { step: 'ask', of: unready };
  const next = exports.find(({ isRead }) => !isRead);
  if (next === undefined && outstanding.length === 0) return wrapUp(job);
  if (next === undefined) return { step: 'settle' };
  // The parents are in before their children are read.
  const isFirst = next.read === 0 && next.at === undefined;
  const mayFill = isFirst ? outstanding.length === 0 : outstanding.length < windowOf(job) / 2;
  return mayFill ? { step: 'read', of: next } : { step: 'settle' };
}

/** All are counted first, so that it can be told how far it is. */
function outwards(job: BackfillJob): Step {
  const { exports, outstanding } = job;
  const uncounted = exports.find(({ records }) => records === undefined);
  if (uncounted !== undefined) return { step: 'count', of: uncounted };
  const next = exports.find(({ isRead }) => !isRead);
  if (next === undefined) return { step: outstanding.length === 0 ? 'finish' : 'settle' };
  return outstanding.length < windowOf(job) / 2 ? { step: 'bring-out', of: next } : { step: 'settle' };
}

/** What was made at the vendor is taken down again, whichever way the job ended. */
function wrapUp({ state, exports }: BackfillJob): Step {
  const kept = exports.find(({ name }) => name !== undefined);
  if (kept !== undefined) return { step: 'discard', of: kept };
  return state === 'running' ? { step: 'finish' } : { step: 'rest' };
}
