import type { Rules } from '../../shared/sync/index.ts';

interface Guard {
  /** The invariants it keeps: without it, one of these is broken. */
  readonly keeps: readonly number[];
  /** The engine's rules with it taken away; absent where it is taken away outside the engine. */
  readonly off?: Partial<Rules>;
}

/**
 * What keeps the engine honest; each can be taken away, and then some history must break what it keeps. The
 * poll's overlap is the adapter's, and proven there.
 */
const GUARDS = {
  claims: { keeps: [4], off: { claims: () => false } },
  got: { keeps: [1, 2, 3], off: { baseline: (link) => link.sent } },
  pending: { keeps: [3, 4], off: { notesPending: () => false } },
  settlement: { keeps: [1, 2, 3, 4], off: { waitsForSettlement: () => false } },
  wake: { keeps: [2], off: { isTheWake: () => true } },
  order: { keeps: [6], off: { inOrder: (behind) => [...behind].reverse() } },
  condition: { keeps: [3], off: { writesConditionally: () => false } },
  'deletion-evidence': { keeps: [3], off: { isDeleted: (remote) => remote.state !== 'present' } },
  doubt: { keeps: [2, 4], off: { mayStillLand: () => false } },
  heard: { keeps: [3], off: { remembersHeard: () => false } },
  life: { keeps: [3, 4], off: { provesLife: () => true } },
  fairness: { keeps: [6] },
  inbox: { keeps: [5] },
  outbox: { keeps: [5] },
} as const satisfies Readonly<Record<string, Guard>>;

/** Draws one random number more, and takes nothing away: other histories of the same kind. */
export const CONTROL = 'nothing';

export type Safeguard = keyof typeof GUARDS | typeof CONTROL;

export const SAFEGUARDS = Object.keys(GUARDS) as readonly Exclude<Safeguard, typeof CONTROL>[];

export function isSafeguard(name: string): name is Safeguard {
  return name === CONTROL || name in GUARDS;
}

export function keptBy(safeguard: Safeguard): readonly number[] {
  return safeguard === CONTROL ? [1, 2, 3, 4, 5, 6, 7, 8] : GUARDS[safeguard].keeps;
}

export function rulesOff(safeguard: Safeguard | undefined): Partial<Rules> {
  if (safeguard === undefined || safeguard === CONTROL) return {};
  const guard: Guard = GUARDS[safeguard];
  return guard.off ?? {};
}
