import type { Tree } from './scene.ts';

/** Work set aside before goes on. What this very decision has set aside, nobody has heard of: false. */
export function takeUp({ parked, unparked }: Pick<Tree, 'parked' | 'unparked'>, id: string): boolean {
  const at = parked.findIndex((work) => work.id === id);
  if (at === -1) unparked.push(id);
  else parked.splice(at, 1);
  return at === -1;
}
