import type { OrganizationId } from '../domain/ids.ts';

export type Priority = 'live' | 'bulk';

export interface Taker {
  readonly organization: OrganizationId;
  readonly priority: Priority;
}

/** A count that forgets: at a steady rate it stands at what was counted within `memoryMs`. */
export interface Fading {
  readonly count: number;
  readonly atMs: number;
}

export function faded({ count, atMs }: Fading, nowMs: number, memoryMs: number): number {
  return count * Math.exp(-Math.max(0, nowMs - atMs) / memoryMs);
}

export function counted(
  known: Fading | undefined,
  more: number,
  at: { nowMs: number; memoryMs: number },
): Fading {
  const before = known === undefined ? 0 : faded(known, at.nowMs, at.memoryMs);
  return { count: before + more, atMs: at.nowMs };
}

/** Who was refused and is about to come back: so much is kept for it from those behind it. */
export interface Wait extends Taker {
  readonly tokens: number;
  readonly untilMs: number;
}

/** How much each organization has drawn lately. */
export type Drawn = (organization: OrganizationId) => number;

/** What bulk has drawn counts for more: it can wait, but not for ever. */
const BULK_WEIGHT = 2;

/** Within an organization live comes before bulk; between them, whoever has had less. */
export function goesBefore(wait: Taker, me: Taker, drawn: Drawn): boolean {
  if (wait.organization === me.organization) return wait.priority === 'live' && me.priority === 'bulk';
  return weightOf(wait, drawn) < weightOf(me, drawn);
}

function weightOf({ organization, priority }: Taker, drawn: Drawn): number {
  return drawn(organization) * (priority === 'bulk' ? BULK_WEIGHT : 1);
}

export function isSame(a: Taker, b: Taker): boolean {
  return a.organization === b.organization && a.priority === b.priority;
}
