/**
 * What keeps the engine honest; each can be taken away, and then some history must break it. `isTheWake` is not
 * among them: the lease alone keeps every invariant, and no oracle counts the messages it keeps from breeding.
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
  'lease',
  'doubt',
  'settlement',
  'overlap',
] as const;
export type Safeguard = (typeof SAFEGUARDS)[number];

export function isSafeguard(name: string): name is Safeguard {
  return (SAFEGUARDS as readonly string[]).includes(name);
}
