import type { DeletionPolicies, FieldPolicy } from '../../shared/ports/index.ts';
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
import { withAccounts } from './worlds/accounts.ts';
import { withBackfills } from './worlds/backfills.ts';
import { withMerges } from './worlds/merges.ts';
import { withRemaps } from './worlds/remaps.ts';
import { withReplays } from './worlds/replays.ts';
import { TOKEN_FAULTS, withTokens } from './worlds/tokens.ts';

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

/** The history of a seed. */
export function planOf(seed: number): Plan {
  const plan = withRemaps(planWithVendors(seed), seededRandom(seed * 1_103_515_245 + 29));
  const replayed = withReplays(plan, seededRandom(seed * 1_664_525 + 41));
  const merged = withMerges(replayed, seededRandom(seed * 48_271 + 13));
  const employed = withAccounts(merged, seededRandom(seed * 214_013 + 61));
  const backfilled = withBackfills(employed, seededRandom(seed * 16_807 + 37));
  return withTokens(backfilled, seededRandom(seed * 214_013 + 53));
}

function planWithVendors(seed: number): Plan {
  const random = seededRandom(seed * 2_654_435_761 + 17);
  const vendors = withPolicies(vendorsOf(random), seededRandom(seed * 40_503 + 7));
  const plan = withGreed(usualPlan(seed, random, vendors), seededRandom(seed * 69_069 + 5));
  const files = seededRandom(seed * 22_695_477 + 11);
  if (plan.isFlooded) return withFiles(plan, files);
  return withRestlessness(plan, seededRandom(seed * 134_775_813 + 11)) ?? withFiles(plan, files);
}

function usualPlan(seed: number, random: SeededRandom, vendors: readonly VendorPlan[]): Plan {
  const count = 36 + random.integer(20);
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

/** Vendors that change every text they are given, differently each time; most of them do not say who did it. */
function withRestlessness(plan: Plan, random: SeededRandom): Plan | undefined {
  if (!random.chance(0.04)) return undefined;
  const vendors = plan.vendors.map(({ policies: _policies, ...vendor }): VendorPlan => {
    if (!random.chance(0.8)) return vendor;
    const hasAuthorship = vendor.profile.hasAuthorship && random.chance(0.4);
    return { ...vendor, profile: { ...vendor.profile, normaliser: 'restless', hasAuthorship } };
  });
  return { ...plan, vendors };
}

const FILES = { from: 8, more: 12, maxBytes: 400 };
/** Marks of files, apart from all others. */
const FILE_MARKS = 3_000;

/** Every vendor carries files, of which people attach some and take others away. */
function withFiles(plan: Plan, random: SeededRandom): Plan {
  if (!random.chance(0.2)) return plan;
  const lastMs = Math.max(10_000, ...plan.operations.map(({ atMs }) => atMs));
  const files = Array.from({ length: FILES.from + random.integer(FILES.more) }, (_, at): Operation => {
    const operation = at > 3 && random.chance(0.15) ? 'detach' : 'attach';
    const [vendor, target] = [random.integer(60), random.integer(60)];
    return {
      operation,
      atMs: 4_000 + random.integer(lastMs),
      vendor,
      target,
      field: at % 4,
      value: FILE_MARKS + at,
    };
  });
  const operations = [...plan.operations, ...files].sort((a, b) => a.atMs - b.atMs);
  const vendors = plan.vendors.map(({ profile, ...rest }) => ({
    ...rest,
    profile: { ...profile, files: FILES.maxBytes },
  }));
  return { ...plan, operations, vendors };
}

const FLOOD = { opens: 24, edits: 12, withinMs: 1_500, slowMs: 6_000 };
/** Marks of what is opened in a flood, apart from all others. */
const FLOOD_MARKS = 2_000;

/**
 * A second tenant of the same integrations opens and edits more at once than all functions together can carry out, at
 * vendors that answer slowly; the first goes on meanwhile. Nobody stops the functions: that is no tenant's doing. Some
 * histories have no fault, so that how long anybody waits is the flood's doing alone.
 */
function withGreed(plan: Plan, random: SeededRandom): Plan {
  if (!random.chance(0.04)) return plan;
  const modest = plan.vendors.filter(({ organization }) => organization === 0);
  const greedy = modest.map(({ profile }, at): VendorPlan => {
    return { organization: 1, profile, sharesWith: at, slowMs: FLOOD.slowMs };
  });
  const spells = plan.spells.filter(({ spell }) => spell !== 'consumers-stopped');
  const operations = [...plan.operations, ...floodOf(modest.length, random)];
  operations.sort((a, b) => a.atMs - b.atMs);
  const isCalm = random.chance(0.4);
  const flooded = { ...plan, operations, vendors: [...modest, ...greedy], isFlooded: true } as const;
  return isCalm ? { ...flooded, faults: [], spells: [] } : { ...flooded, spells };
}

function floodOf(tenants: number, random: SeededRandom): readonly Operation[] {
  const fromMs = 6_000 + random.integer(30_000);
  const act = (operation: OperationName, at: number, afterMs: number, vendor: number): Operation => ({
    operation,
    atMs: fromMs + afterMs,
    vendor,
    target: random.integer(60),
    field: random.integer(4),
    value: FLOOD_MARKS + at,
  });
  const flood = Array.from({ length: FLOOD.opens }, (_, at) =>
    act('open', at, random.integer(FLOOD.withinMs), tenants),
  );
  const more = Array.from({ length: FLOOD.edits }, (_, at) =>
    act('edit', 100 + at, 3_000 + random.integer(20_000), tenants + random.integer(tenants)),
  );
  const between = Array.from({ length: 8 }, (_, at) =>
    act(at % 4 === 0 ? 'open' : 'edit', 200 + at, random.integer(25_000), random.integer(tenants)),
  );
  return [...flood, ...more, ...between];
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

const CHOICES: Readonly<Record<string, readonly FieldPolicy[]>> = {
  subject: [{ use: 'set' }, { use: 'ask' }, { use: 'side', side: 'this connection' }],
  description: [{ use: 'text' }, { use: 'text' }, { use: 'ask' }],
  status: [{ use: 'side', side: 'hub record' }, { use: 'ask' }],
  priority: [{ use: 'side', side: 'this connection' }, { use: 'side', side: 'hub record' }, { use: 'ask' }],
  body: [{ use: 'text' }, { use: 'ask' }, { use: 'side', side: 'hub record' }],
};

const DELETIONS: readonly DeletionPolicies[] = [
  {},
  { ticket: 'close' },
  { ticket: 'ignore', comment: 'ignore' },
  { ticket: 'close', comment: 'ignore' },
];

/** Draws of their own, so that all else of a seed's history stays what it is. */
function withPolicies(vendors: readonly VendorPlan[], random: SeededRandom): readonly VendorPlan[] {
  if (!random.chance(0.3)) return vendors;
  return vendors.map((vendor) => {
    const chosen = Object.entries(CHOICES).filter(() => random.chance(0.6));
    const policies = Object.fromEntries(chosen.map(([field, choices]) => [field, random.pick(choices)]));
    return { ...vendor, policies, deletions: random.pick(DELETIONS) };
  });
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
