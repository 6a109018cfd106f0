/**
 * What keeps the engine honest; each can be taken away, and then some history must break it. `isTheWake`,
 * `isLeased` and `mayStillLand` are not among them: without them 120 histories hold as well, so the generator
 * or the oracle does not see yet what they prevent.
 */
export const SAFEGUARDS = [
  'claims',
  'got',
  'pending',
  'inbox',
  'condition',
  'order',
  'deletion-evidence',
  'outbox',
  'settlement',
  'overlap',
] as const;
export type Safeguard = (typeof SAFEGUARDS)[number];

export function isSafeguard(name: string): name is Safeguard {
  return (SAFEGUARDS as readonly string[]).includes(name);
}
