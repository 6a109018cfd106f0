import type { Reading } from '../../ports/read.ts';
import { accountReading } from './accounts.ts';
import { activityReading } from './activity.ts';
import { attachmentReading } from './attachments.ts';
import { commentReading } from './comments.ts';
import { parkedReading } from './parked.ts';
import { recordReading } from './records.ts';
import type { ReadingDeps } from './source.ts';
import { ticketReading } from './tickets.ts';
import { timelineReading } from './timeline.ts';
import { whyReading } from './why.ts';

export { contentReading } from './attachments.ts';
export type { ReadingDeps } from './source.ts';

/** The engine's state as the API shows it: reads only, and decides nothing. */
export function createReading(deps: ReadingDeps): Reading {
  return {
    ...ticketReading(deps),
    ...accountReading(deps),
    ...commentReading(deps),
    ...attachmentReading(deps),
    ...timelineReading(deps),
    ...parkedReading(deps),
    ...activityReading(deps),
    ...whyReading(deps),
    ...recordReading(deps),
  };
}
