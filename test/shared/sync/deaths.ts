import type { DeletionPolicies, Observation } from '../../../shared/ports/index.ts';
import { deskPlace, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

export const timed = (atMs: number, more: Partial<Observation> = {}): Observation => {
  const { version: _version, ...unversioned } = seenTicket({ atMs, ...more });
  return unversioned;
};
export const deletion = (more: Partial<Observation> = {}) =>
  seenTicket({ life: 'deleted', fields: {}, ...more });
export const timedDeletion = (atMs: number) => timed(atMs, { life: 'deleted', fields: {} });
export const undeletion = (more: Partial<Observation> = {}) =>
  seenTicket({ life: 'undeleted', version: version(9), atMs: 90_000, ...more });

export const theirs = (more: Parameters<typeof ticketScene>[0] = {}) =>
  ticketScene({ ...more, link: { origin: 'theirs', ...more.link } });

export function under(deletions: DeletionPolicies) {
  const place = deskPlace();
  return {
    ...place,
    connection: { ...place.connection, mapping: { version: 0, kinds: {}, deletions } },
  };
}
