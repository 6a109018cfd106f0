import { type Chore, storeAudit } from '../connections/index.ts';
import type { Platform } from '../ports/index.ts';
import { Backfills } from './jobs.ts';

const AT_ONCE = 100;

export function backfillsOn({ stores, queues, clock, random }: Platform): Backfills {
  const audit = storeAudit({ store: stores.audit, random });
  return new Backfills({ store: stores.connections, queues, clock, random, audit });
}

/** The sweeper's part: a job whose function was stopped has nobody else to send its message. */
export const resending = (platform: Platform): Chore => ({
  name: 'backfills',
  run: () => backfillsOn(platform).resend(AT_ONCE),
});
