/** What keeps the engine honest; each can be taken away, and then some history must break it. */
export const SAFEGUARDS = [
  'claims',
  'got',
  'pending',
  'inbox',
  'condition',
  'order',
  'deletion-evidence',
  'wake',
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
