import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, OperationName, VendorPlan } from '../plan.ts';
import { files } from './files.ts';
import { actsBy, hasVendor, type Layer, lastMsOf, withActs } from './layer.ts';

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
/** On what the late vendor has, most of them from before it is connected. */
const OLD_FILES = 4;
const BUSY = { acts: 24, forMs: 90_000 };

/**
 * One connector is connected in the middle of the history: what it holds by then is brought in, and what the hub holds is
 * brought out to it, by jobs that are cancelled and begun anew, while everybody goes on.
 */
export const backfills: Layer = {
  isIn: (plan) => hasVendor(plan, ({ connectsAtMs }) => connectsAtMs !== undefined),
  lay(plan, random) {
    const late = plan.vendors.findLastIndex(mayBeLate);
    const connectsAtMs = 20_000 + random.integer(lastMsOf(plan, 60_000) / 2);
    const vendors = plan.vendors.map((vendor, at): VendorPlan => {
      return at === late
        ? { ...vendor, connectsAtMs, profile: { ...vendor.profile, backfills: true } }
        : vendor;
    });
    const around = { late, connectsAtMs, hasFiles: files.isIn(plan) };
    return { ...plan, vendors, operations: withActs(plan, actsAround(around, random)) };
  },
};

interface Around {
  readonly late: number;
  readonly connectsAtMs: number;
  readonly hasFiles: boolean;
}

function actsAround({ late, connectsAtMs, hasFiles }: Around, random: SeededRandom): readonly Operation[] {
  const act = actsBy(random);
  const before = Array.from({ length: 8 }, (_, at) =>
    act(at < 3 ? 'open' : 'comment', 2_000 + random.integer(connectsAtMs), BACKFILL_MARKS + 100 + at, late),
  );
  const inAtMs = connectsAtMs + 500 + random.integer(12_000);
  const outAtMs = connectsAtMs + 6_000 + random.integer(60_000);
  const jobs = [act('backfill-in', inAtMs, 0, late), act('backfill-out', outAtMs, 0, late)];
  if (random.chance(0.3))
    jobs.push(act('backfill-cancel', random.pick([inAtMs, outAtMs]) + random.integer(6_000), 0, late));
  const meanwhile = Array.from({ length: BUSY.acts }, (_, at) =>
    act(random.pick(LIVE), connectsAtMs + random.integer(BUSY.forMs), BACKFILL_MARKS + 200 + at),
  );
  const attached = Array.from({ length: hasFiles ? OLD_FILES : 0 }, (_, at) =>
    act('attach', 5_000 + random.integer(connectsAtMs), BACKFILL_MARKS + 300 + at, late),
  );
  return [...before, ...jobs, ...meanwhile, ...attached];
}

const mayBeLate = ({ organization, profile }: VendorPlan): boolean =>
  organization === 0 && profile.role === 'connector';
