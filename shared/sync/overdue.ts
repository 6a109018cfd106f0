import type { OrganizationId } from '../domain/ids.ts';
import { ConflictError, HubError } from '../errors.ts';
import { type Desk, openSession, placementOf } from './desk.ts';
import { DUE, type Key } from './keys.ts';
import type { History, Root } from './state.ts';
import { backLaterMs, TIMING } from './timing.ts';

export const PER_SWEEP = 500;
const AT_ONCE = 10;

interface Sweeping {
  act(key: Key): Promise<void>;
  /** Later in the list, so that what fails every time cannot keep the rest from its turn. */
  putBack(key: Key): Promise<void>;
}

export async function overDue(desk: Desk, list: string, { act, putBack }: Sweeping): Promise<void> {
  const { store, clock } = desk.deps;
  const candidates = await store.due(list, clock.now(), PER_SWEEP);
  const isCrowded = candidates.length >= PER_SWEEP;
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    const slice = candidates.slice(from, from + AT_ONCE);
    const results = await Promise.allSettled(slice.map(({ pk, sk }) => act({ pk, sk })));
    const failed = results.flatMap((result, at) => {
      // One that somebody else has just moved on is no failure.
      if (result.status === 'fulfilled' || result.reason instanceof ConflictError) return [];
      tellFailure(desk, list, slice[at]!, result.reason);
      // Whom nobody waits behind may as well be tried again at the next sweep, if what failed may pass.
      return isCrowded || !isPassing(result.reason) ? [slice[at]!] : [];
    });
    await Promise.allSettled(failed.map(({ pk, sk }) => putBack({ pk, sk })));
  }
}

const isPassing = (error: unknown): boolean => error instanceof HubError && error.reaction === 'retry';

export function tellFailure({ deps }: Desk, list: string, { pk }: Pick<Key, 'pk'>, error: unknown): void {
  const [organization = '', kind, record] = pk.split('#');
  const subject = kind === 'root' && record !== undefined ? { organization, record } : { organization };
  const code = error instanceof HubError ? error.code : 'unknown';
  deps.telemetry.log('error', 'swept without success', subject, { list, code });
}

export async function putWakesBack(desk: Desk, key: Key): Promise<void> {
  const session = openSession(desk);
  const root = await session.get<Root>(key);
  if (root === undefined) return;
  const [organization] = key.pk.split('#');
  const placement = placementOf(root, organization as OrganizationId);
  const nowMs = desk.deps.clock.now();
  const atMs = backLaterMs(placement.due?.atMs ?? nowMs, nowMs);
  session.put(key, root, { ...placement, due: { list: DUE.wakes, atMs } });
  await session.commit();
}

export async function putOutboxBack(desk: Desk, key: Key): Promise<void> {
  const session = openSession(desk);
  const history = await session.get<History>(key);
  if (history === undefined) return;
  const nowMs = desk.deps.clock.now();
  const atMs = backLaterMs(history.atMs + TIMING.republishAfterMs, nowMs);
  session.put(key, history, { due: { list: DUE.outbox, atMs } });
  await session.commit();
}
