import type { Observation } from '../../../shared/ports/index.ts';
import type { Heard, Link, Pending } from '../../../shared/sync/state.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

export const present = (observation: Observation) => ({ state: 'present', observation }) as const;
/** The copy as a read shows it, at the next version. */
export const shown = (priority: string, more: Partial<Observation> = {}) =>
  present(seenTicket({ fields: { subject: 'printer', priority }, ...more }));
/** An update of the priority from low to high whose fate nobody knows. */
export const doubt = pendingUpdate({ priority: 'high' }, { isDoubtful: true });
export const inDoubt = (link: Partial<Link> = {}, pending: Pending = doubt) =>
  ticketScene({
    fields: { priority: 'high' },
    link: { got: { priority: 'low' }, sent: { priority: 'low' }, ...link },
    lane: { pending },
  });
export const heard = (fields: Heard['fields'], atMs: number): Heard => ({
  fields,
  atMs,
  authorship: 'other',
  isExact: true,
});
