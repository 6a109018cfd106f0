import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, OperationName, Plan, VendorPlan } from '../plan.ts';

/** Marks of what is made around a backfill, apart from all others. */
const BACKFILL_MARKS = 5_000;
const LIVE: readonly OperationName[] = [
  'open',
  'open',
  'edit',
  'edit',
  'edit',
  'restore',
  'comment',
  'comment',
  'edit-comment',
  'delete-comment',
  'hub-edit',
  'hub-comment',
];
const BUSY = { acts: 24, forMs: 90_000 };

/**
 * One connector is connected in the middle of the history: what it holds by then is brought in, and what the hub holds is
 * brought out to it, by jobs that are cancelled and begun anew, while everybody goes on.
 */
export function withBackfills(plan: Plan, random: SeededRandom): Plan {
  const late = plan.vendors.findLastIndex(isLate);
  const isReplayed = plan.operations.some(({ operation }) => operation === 'replay');
  const isApart = plan.isFlooded || isReplayed || plan.vendors.some((vendor) => isOfAnother(vendor));
  if (!random.chance(0.1) || late < 0 || isApart) return plan;
  const lastMs = Math.max(60_000, ...plan.operations.map(({ atMs }) => atMs));
  const connectsAtMs = 20_000 + random.integer(lastMs / 2);
  const vendors = plan.vendors.map(({ policies: _policies, ...vendor }, at): VendorPlan => {
    return at === late
      ? { ...vendor, connectsAtMs, profile: { ...vendor.profile, backfills: true } }
      : vendor;
  });
  const act = (operation: OperationName, atMs: number, value: number, vendor: number): Operation => ({
    operation,
    atMs,
    vendor,
    target: random.integer(60),
    field: random.integer(4),
    value,
  });
  const before = Array.from({ length: 8 }, (_, at) =>
    act(at < 3 ? 'open' : 'comment', 2_000 + random.integer(connectsAtMs), BACKFILL_MARKS + 100 + at, late),
  );
  const inAtMs = connectsAtMs + 500 + random.integer(12_000);
  const outAtMs = connectsAtMs + 6_000 + random.integer(60_000);
  const jobs = [act('backfill-in', inAtMs, 0, late), act('backfill-out', outAtMs, 0, late)];
  if (random.chance(0.3))
    jobs.push(act('backfill-cancel', random.pick([inAtMs, outAtMs]) + random.integer(6_000), 0, late));
  const meanwhile = Array.from({ length: BUSY.acts }, (_, at) =>
    act(
      random.pick(LIVE),
      connectsAtMs + random.integer(BUSY.forMs),
      BACKFILL_MARKS + 200 + at,
      random.integer(60),
    ),
  );
  const operations = [...plan.operations, ...before, ...jobs, ...meanwhile].sort((a, b) => a.atMs - b.atMs);
  return { ...plan, vendors, operations };
}

const isLate = ({ organization, profile }: VendorPlan): boolean =>
  organization === 0 && profile.role === 'connector';

const isOfAnother = ({
  profile: { files, normaliser, hasDocument, merges, hasAccounts },
}: VendorPlan): boolean =>
  hasAccounts === true ||
  files !== undefined ||
  normaliser === 'restless' ||
  hasDocument === true ||
  merges === true;
