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
  line: { keeps: [1], off: { lineLength: () => 1, goesOn: () => false } },
  condition: { keeps: [3], off: { writesConditionally: () => false } },
  'deletion-evidence': { keeps: [3], off: { isDeleted: (remote) => remote.state !== 'present' } },
  survivor: { keeps: [1, 3], off: { asksForSurvivor: () => false } },
  doubt: { keeps: [2, 4], off: { mayStillLand: () => false } },
  heard: { keeps: [3], off: { remembersHeard: () => false } },
  life: { keeps: [3, 4], off: { provesLife: () => true } },
  'mapping-version': { keeps: [1, 2, 3], off: { tellsMappingsApart: () => false } },
  'first-look': { keeps: [1, 2, 3], off: { isNewPair: () => false } },
  default: { keeps: [1], off: { defaultOf: () => undefined } },
  parent: { keeps: [1], off: { waitsForParent: () => false } },
  torn: { keeps: [5], off: { isTorn: () => false } },
  'last-look': { keeps: [1] },
  'nothing-shown': { keeps: [5] },
  quota: { keeps: [6] },
  fairness: { keeps: [6] },
  'refresh-lease': { keeps: [5] },
  inbox: { keeps: [5] },
  outbox: { keeps: [5] },
} as const satisfies Readonly<Record<string, Guard>>;

/** Draws one random number more, and takes nothing away: other histories of the same kind. */
export const CONTROL = 'nothing';

/** Takes nothing away either: a lane lists one child, so that every conversation goes on beyond its line. */
export const SHORT_LINES = 'lists';

type Control = typeof CONTROL | typeof SHORT_LINES;
export type Safeguard = keyof typeof GUARDS | Control;

export const SAFEGUARDS = Object.keys(GUARDS) as readonly Exclude<Safeguard, Control>[];

const isControl = (name: string): name is Control => name === CONTROL || name === SHORT_LINES;

export function isSafeguard(name: string): name is Safeguard {
  return isControl(name) || name in GUARDS;
}

export function keptBy(safeguard: Safeguard): readonly number[] {
  return isControl(safeguard) ? [1, 2, 3, 4, 5, 6, 7, 8] : GUARDS[safeguard].keeps;
}

export function rulesOff(safeguard: Safeguard | undefined): Partial<Rules> {
  if (safeguard === SHORT_LINES) return { lineLength: () => 1 };
  if (safeguard === undefined || isControl(safeguard)) return {};
  const guard: Guard = GUARDS[safeguard];
  return guard.off ?? {};
}
