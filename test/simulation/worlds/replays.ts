import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, Plan, Spell } from '../plan.ts';

const MINUTE_MS = 60_000;
const REFUSING = { forMs: 40_000, moreMs: 200_000 };
const REPLAYS = { from: 2, more: 3 };
/** Numbers of replays in bulk, apart from all others. */
const REPLAY_MARKS = 5_000;

/**
 * For a while a vendor refuses by a rule of its own whatever it is asked to write; operators put the lot back at once,
 * while it lasts and when it is over, and sometimes think better of it.
 */
export function withReplays(plan: Plan, random: SeededRandom): Plan {
  if (!random.chance(0.06) || plan.isFlooded) return plan;
  const lastMs = Math.max(MINUTE_MS, ...plan.operations.map(({ atMs }) => atMs));
  const spells = Array.from({ length: 1 + random.integer(2) }, (): Spell => {
    const forMs = REFUSING.forMs + random.integer(REFUSING.moreMs);
    return { spell: 'refusing', fromMs: random.integer(lastMs), forMs, vendor: random.integer(60) };
  });
  const replays = Array.from({ length: REPLAYS.from + random.integer(REPLAYS.more) }, (_, at) => {
    const { fromMs, forMs } = random.pick(spells);
    const atMs = fromMs + Math.floor(forMs * (0.5 + random.next()));
    return replayAt(atMs, at, random);
  });
  const operations = [...plan.operations, ...replays.flat()].sort((a, b) => a.atMs - b.atMs);
  return { ...plan, operations, spells: [...plan.spells, ...spells] };
}

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
