import { seededRandom } from '../../memory/index.ts';
import type { Operation, Plan } from '../plan.ts';
import { actsBy, hasVendor, type Layer, lastMsOf, withActs } from './layer.ts';

const FILES = { from: 8, more: 12, maxBytes: 400 };
const UPLOADS = { from: 2, more: 4, stream: [69_621, 19] } as const;
/** Marks of files, apart from all others. */
const FILE_MARKS = 3_000;
const UPLOAD_MARKS = 3_500;

/** Every vendor carries files, of which people attach some and take others away; some come through the hub's own API. */
export const files: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.files !== undefined),
  lay(plan, random) {
    const lastMs = lastMsOf(plan, 10_000);
    const acts = Array.from({ length: FILES.from + random.integer(FILES.more) }, (_, at): Operation => {
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
    const vendors = plan.vendors.map(({ profile, ...rest }) => ({
      ...rest,
      profile: { ...profile, files: FILES.maxBytes },
    }));
    return { ...plan, operations: withActs(plan, [...acts, ...uploadsIn(plan, lastMs)]), vendors };
  },
};

/** Drawn apart: all else that is drawn for this world means what it meant without them. */
function uploadsIn({ seed }: Plan, lastMs: number): readonly Operation[] {
  const [factor, term] = UPLOADS.stream;
  const random = seededRandom(seed * factor + term);
  const act = actsBy(random);
  return Array.from({ length: UPLOADS.from + random.integer(UPLOADS.more) }, (_, at) =>
    act('hub-attach', 4_000 + random.integer(lastMs), UPLOAD_MARKS + random.integer(20) * 20 + at),
  );
}
