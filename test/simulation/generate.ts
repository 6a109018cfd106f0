import { type SeededRandom, seededRandom } from '../memory/index.ts';
import { STRIKES } from './faults.ts';
import type {
  Fault,
  FaultName,
  Operation,
  OperationName,
  Opportunity,
  Plan,
  Spell,
  VendorPlan,
} from './plan.ts';
import { type Profile, randomProfile, SALESFORCE_LIKE, SLACK_LIKE } from './vendor/profile.ts';
import { type LayerName, laid, withWorlds } from './worlds/layers.ts';
import { TOKEN_FAULTS } from './worlds/tokens.ts';

const MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 300_000;

/** How often each act happens, in parts; others are of worlds of their own. */
const WEIGHTS = {
  open: 1.5,
  edit: 30,
  restore: 9,
  comment: 16,
  note: 6,
  'edit-comment': 10,
  'delete-comment': 3,
  'undelete-comment': 1.5,
  delete: 0.6,
  undelete: 0.6,
  'hub-edit': 6,
  'hub-comment': 5,
  'hub-note': 3,
} as const satisfies Partial<Record<OperationName, number>>;

/** How many opportunities of a kind one operation gives rise to, roughly: where faults are aimed. */
const PER_OPERATION: Readonly<Record<Opportunity, number>> = {
  gate: 30,
  commit: 6,
  send: 2.5,
  publish: 1.5,
  receive: 4,
  write: 0.9,
  read: 1.6,
  event: 1.3,
  deletion: 0.05,
  lease: 0.4,
  // Where tokens end, apart.
  renew: 0,
};

/** The history of a seed; with worlds of one's choice laid over it, where they are named. */
export function planOf(seed: number, worlds?: readonly LayerName[]): Plan {
  const usual = usualPlan(seed);
  return worlds === undefined ? withWorlds(usual) : laid(usual, worlds);
}

function usualPlan(seed: number): Plan {
  const random = seededRandom(seed * 2_654_435_761 + 17);
  const vendors = vendorsOf(random);
  const count = 31 + random.integer(12);
  const durationMs = MINUTE_MS * (3 + random.integer(10));
  return {
    seed,
    vendors,
    skewsMs: random.chance(0.25) ? around(random.pick([-FIVE_MINUTES_MS, FIVE_MINUTES_MS])) : [],
    retentionMs: random.chance(0.5) ? 15 * MINUTE_MS : 4 * 24 * 60 * MINUTE_MS,
    operations: operationsOf(random, count, durationMs),
    faults: [...faultsOf(random, count), ...compoundFaultsOf(seed, count)],
    spells: spellsOf(random, durationMs),
  };
}

/** The hub's clock against everybody else's; its functions' own agree to within a second, as NTP keeps them. */
function around(offMs: number): readonly number[] {
  return [offMs - 500, offMs, offMs + 500];
}

function vendorsOf(random: SeededRandom): readonly VendorPlan[] {
  const roles = random.pick([
    ['channel', 'connector'],
    ['channel', 'connector', 'connector'],
    ['channel', 'connector', 'connector'],
    ['connector', 'connector'],
    ['connector', 'connector'],
    ['channel', 'channel', 'connector'],
  ] as const);
  const isNamed = random.chance(0.3);
  const first = roles.map((role) => ({ organization: 0, profile: profileOf(random, role, isNamed) }));
  if (!random.chance(0.25)) return first;
  const other = (['channel', 'connector'] as const).map((role) => ({
    organization: 1,
    profile: profileOf(random, role, false),
  }));
  return [...first, ...other];
}

function profileOf(random: SeededRandom, role: Profile['role'], isNamed: boolean): Profile {
  if (!isNamed) return randomProfile(random, role);
  return role === 'channel' ? SLACK_LIKE : SALESFORCE_LIKE;
}

function operationsOf(random: SeededRandom, count: number, durationMs: number): readonly Operation[] {
  const names = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
  const total = names.reduce<number>((sum, name) => sum + WEIGHTS[name], 0);
  const draw = (): OperationName => {
    let left = random.next() * total;
    for (const name of names) {
      left -= WEIGHTS[name];
      if (left < 0) return name;
    }
    return 'edit';
  };
  const bursts = Array.from({ length: 4 }, (_, at) => ({
    fromMs: 3_000 + Math.floor((durationMs * (1 + at)) / 5),
    target: random.integer(60),
    field: random.integer(4),
  }));
  return Array.from({ length: count }, (_, at): Operation => {
    const vendor = random.integer(60);
    const value = at + 1;
    if (at < 3)
      return { operation: 'open', atMs: 100 + at * 700, vendor, target: random.integer(60), field: 0, value };
    const operation = draw();
    if (random.chance(0.5)) {
      const atMs = 3_000 + random.integer(durationMs);
      return { operation, atMs, vendor, target: random.integer(60), field: random.integer(4), value };
    }
    // Half of all acts come in bursts: within seconds, and mostly at the same spot.
    const { fromMs, target, field } = random.pick(bursts);
    const atMs = fromMs + random.integer(random.pick([500, 4_000, 20_000]));
    const isElsewhere = random.chance(0.3);
    return { operation, atMs, vendor, target: isElsewhere ? random.integer(60) : target, field, value };
  }).sort((a, b) => a.atMs - b.atMs);
}

const FAULTS = Object.keys(STRIKES) as FaultName[];
/** Of several parts that chance alone would hardly ever bring together. */
const COMPOUND: readonly FaultName[] = ['told-after-death'];

/** Drawn apart: the other draws of a seed mean what they meant without them. */
function compoundFaultsOf(seed: number, operations: number): readonly Fault[] {
  const random = seededRandom(seed * 2_246_822_519 + 3);
  return COMPOUND.filter(() => random.chance(0.15)).map((fault) => ({
    fault,
    at: random.integer(Math.round(operations * PER_OPERATION[STRIKES[fault]])),
  }));
}

function faultsOf(random: SeededRandom, operations: number): readonly Fault[] {
  const names = FAULTS.filter((name) => !COMPOUND.includes(name) && !TOKEN_FAULTS.includes(name));
  const kinds = Array.from({ length: 4 + random.integer(8) }, () => random.pick(names));
  return [...new Set(kinds)].flatMap((fault) => {
    const reach = Math.max(1, Math.round(operations * PER_OPERATION[STRIKES[fault]]));
    return Array.from({ length: 2 + random.integer(6) }, () => ({ fault, at: random.integer(reach) }));
  });
}

function spellsOf(random: SeededRandom, durationMs: number): readonly Spell[] {
  const spells: Spell[] = [];
  const add = (spell: Spell['spell'], probability: number, forMs: number) => {
    if (!random.chance(probability)) return;
    spells.push({ spell, forMs, fromMs: random.integer(durationMs), vendor: random.integer(60) });
  };
  add('outage', 0.3, 20_000 + random.integer(240_000));
  add('blindness', 0.3, 60_000 + random.integer(240_000));
  add('consumers-stopped', 0.15, 20 * MINUTE_MS);
  add('double-polls', 0.5, durationMs);
  return spells;
}
