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
