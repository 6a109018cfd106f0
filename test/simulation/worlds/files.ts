import type { Operation } from '../plan.ts';
import { hasVendor, type Layer, lastMsOf, withActs } from './layer.ts';

const FILES = { from: 8, more: 12, maxBytes: 400 };
/** Marks of files, apart from all others. */
const FILE_MARKS = 3_000;

/** Every vendor carries files, of which people attach some and take others away. */
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
    return { ...plan, operations: withActs(plan, acts), vendors };
  },
};
