import type { BackfillJob } from '../../../shared/backfill/job.ts';
import type { Store, Write } from '../../../shared/ports/index.ts';
import { storeOver } from '../../memory/index.ts';
import type { Safeguard } from '../safeguards.ts';

/** The table of connections as backfills have it whose safeguard is taken away. */
export function heedless(table: Store, without: Safeguard | undefined): Store {
  if (without === 'last-look')
    return storeOver(table, { commit: (writes) => table.commit(writes.map(endedAtFirst)) });
  if (without === 'nothing-shown')
    return storeOver(table, { list: async (pk, options) => (isJobs(pk) ? [] : table.list(pk, options)) });
  return table;
}

const isJobs = (pk: string): boolean => pk.endsWith('#backfills');

/** A list that has been gone through is over, whatever has changed meanwhile. */
function endedAtFirst(write: Write): Write {
  if (!('put' in write) || !isJobs(write.put.pk)) return write;
  const job = write.put.data as BackfillJob;
  const exports = job.exports.map((each) =>
    each.sinceMs === undefined ? each : { ...each, isRead: true as const },
  );
  return { ...write, put: { ...write.put, data: { ...job, exports } } };
}
