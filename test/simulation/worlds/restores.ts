import { actsBy, hasAct, type Layer, lastMsOf, withActs } from './layer.ts';

const RESTORES = { from: 3, more: 4 };
/** Numbers of what is restored and of what is said around that, apart from all others. */
const RESTORE_MARKS = 6_000;
const AROUND_MS = 5_000;

/** People find in the journal what did not stand and set it again, some while others go on. */
export const restores: Layer = {
  isIn: (plan) => hasAct(plan, 'restore-lost'),
  lay(plan, random) {
    const lastMs = lastMsOf(plan, 20_000);
    const act = actsBy(random);
    const acts = Array.from({ length: RESTORES.from + random.integer(RESTORES.more) }, (_, at) => {
      const mark = RESTORE_MARKS + at * 10;
      const atMs = Math.floor(lastMs * (0.3 + 0.7 * random.next()));
      const meanwhile = () => atMs + random.integer(2 * AROUND_MS) - AROUND_MS;
      return [
        act('restore-lost', atMs, mark),
        act('edit', meanwhile(), mark + 1),
        act('edit-comment', meanwhile(), mark + 2),
      ];
    });
    return { ...plan, operations: withActs(plan, acts.flat()) };
  },
};
