import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Observation, RemoteChange, RemoteState } from '../../../shared/ports/index.ts';
import type { Root, Rules } from '../../../shared/sync/index.ts';
import { type Profile, SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, RIGHT, type Site, settled } from './hub.ts';

export const SURVIVOR = 'survivor' as ExternalId;
export const THREAD = 'thread-1' as ExternalId;

/** A desk that merges, beside a channel; what reads answer is the test's to say, writes are taken as they are unless it says otherwise. */
export function hubThatMerges(rules: Partial<Rules> = {}, more: Partial<Profile> = {}) {
  const answers = new Map<string, RemoteState>();
  const written: RemoteChange[] = [];
  const reads: ExternalId[] = [];
  const writes = { answer: settled };
  const port: Site['port'] = {
    read: async ({ externalId }) => {
      reads.push(externalId);
      return answers.get(externalId) ?? { state: 'absent' };
    },
    write: async (change) => {
      written.push(change);
      return writes.answer(change);
    },
  };
  const desk: Site = { profile: { ...SALESFORCE_LIKE, merges: true, ...more }, port };
  const chat: Site = { profile: SLACK_LIKE, port };
  return { hub: hubOver({ [LEFT]: desk, [RIGHT]: chat }, rules), answers, written, reads, writes };
}

export const caseSeen = (externalId: ExternalId, more: object = {}) => ({ ...CASE, externalId, ...more });

export const standing = (atMs: number): RemoteState => ({
  state: 'present',
  observation: { ...caseSeen(SURVIVOR), authorship: 'other', atMs, isComplete: true },
});

export async function rootsOf({ deps }: ReturnType<typeof hubThatMerges>['hub']): Promise<readonly Root[]> {
  const { items } = await deps.store.page<Root>(`${ACME}#tickets`, { limit: 10 });
  return items.map(({ data }) => data);
}

export const ADA = 'ada' as ExternalId;
export const UNMADE = { origin: 'ours', sent: {}, got: {}, gotAtMs: 0 } as const;
export const seenThread = (atMs: number): Observation => ({
  kind: 'ticket',
  externalId: THREAD,
  fields: { description: 'it burns' },
  authorship: 'other',
  atMs,
  isComplete: true,
});

/** The customer's thread, which became a case; nothing else of the desk's is known yet. */
export async function threadWithCase(rules: Partial<Rules> = {}, more: Partial<Observation> = {}) {
  const world = hubThatMerges(rules);
  const { hub, answers } = world;
  const seen = { ...seenThread(hub.clock.now()), ...more };
  answers.set(THREAD, { state: 'present', observation: seen });
  await hub.hear(seen, RIGHT);
  await hub.work();
  const [root] = await rootsOf(hub);
  return { ...world, root: root!, made: root!.lanes[LEFT]!.link.externalId! };
}

export const SURVIVORS = ['unknown', 'its own', 'of another thread’s'] as const;

/** Into what the case of the first thread is to be merged: what nobody has heard of, a ticket of the desk's, or another thread's case. */
export async function survivorOf(
  hub: ReturnType<typeof hubThatMerges>['hub'],
  whose: (typeof SURVIVORS)[number],
): Promise<ExternalId> {
  const known = new Set((await rootsOf(hub)).map(({ id }) => id));
  if (whose === 'its own') await hub.hear(caseSeen(SURVIVOR));
  if (whose === 'of another thread’s')
    await hub.hear({ ...seenThread(hub.clock.now()), externalId: 'thread-2' as ExternalId }, RIGHT);
  await hub.work();
  const other = (await rootsOf(hub)).find(({ id }) => !known.has(id));
  return other?.lanes[LEFT]?.link.externalId ?? SURVIVOR;
}
