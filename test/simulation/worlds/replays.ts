import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, Spell } from '../plan.ts';
import { hasAct, type Layer, lastMsOf, withActs } from './layer.ts';

const MINUTE_MS = 60_000;
const REFUSING = { forMs: 40_000, moreMs: 200_000 };
const REPLAYS = { from: 2, more: 3 };
/** Numbers of replays in bulk, apart from all others. */
const REPLAY_MARKS = 5_000;

/**
 * For a while a vendor refuses by a rule of its own whatever it is asked to write; operators put the lot back at once,
 * while it lasts and when it is over, and sometimes think better of it.
 */
export const replays: Layer = {
  isIn: (plan) => hasAct(plan, 'replay'),
  lay(plan, random) {
    const lastMs = lastMsOf(plan, MINUTE_MS);
    const spells = Array.from({ length: 1 + random.integer(2) }, (): Spell => {
      const forMs = REFUSING.forMs + random.integer(REFUSING.moreMs);
      return { spell: 'refusing', fromMs: random.integer(lastMs), forMs, vendor: random.integer(60) };
    });
    const acts = Array.from({ length: REPLAYS.from + random.integer(REPLAYS.more) }, (_, at) => {
      const { fromMs, forMs } = random.pick(spells);
      const atMs = fromMs + Math.floor(forMs * (0.5 + random.next()));
      return replayAt(atMs, at, random);
    });
    return { ...plan, operations: withActs(plan, acts.flat()), spells: [...plan.spells, ...spells] };
  },
};

function replayAt(atMs: number, at: number, random: SeededRandom): readonly Operation[] {
  const act = (operation: Operation['operation'], afterMs: number): Operation => ({
    operation,
    atMs: atMs + afterMs,
    vendor: random.integer(60),
    target: random.integer(60),
    field: 0,
    value: REPLAY_MARKS + 100 * at + random.integer(100),
  });
  const replay = act('replay', 0);
  // While the first pieces go back.
  return random.chance(0.4) ? [replay, act('cancel-replay', 20 + random.integer(500))] : [replay];
}
