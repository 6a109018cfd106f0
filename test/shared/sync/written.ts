import type { Heard, Link } from '../../../shared/sync/state.ts';

/** Our write of `high` over `low`, which stood there since 20 s; decided at 40 s, first seen at 60 s. */
export const WRITE = {
  value: 'high',
  was: 'low',
  stood: { atMs: 20_000 },
  base: { atMs: 40_000 },
  seen: { atMs: 60_000 },
};
const { seen: _seen, ...unseen } = WRITE;
export const UNSEEN = unseen;

/** A copy we have written so, in which that stands. */
export const ours: Partial<Link> = {
  met: { atMs: 10_000 },
  written: { priority: [WRITE] },
  since: { priority: { atMs: 60_000 } },
  got: { subject: 'printer', priority: 'high' },
  sent: { subject: 'printer', priority: 'high' },
};

export const heard = (priority: string, atMs: number, more: Partial<Heard> = {}): Heard => ({
  fields: { priority },
  atMs,
  authorship: 'unknown',
  ...more,
});
