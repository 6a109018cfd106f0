import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { EngineDeps, Observation } from '../../../shared/ports/index.ts';
import { placesFor } from '../../../shared/sync/desk.ts';
import { foldInto } from '../../../shared/sync/fold.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { newLane, newLink } from '../../../shared/sync/scene.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Child, Claim, Lane, Link, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, hubOver, RIGHT } from './hub.ts';

export const [OLD, YOUNG] = ['old' as RecordId, 'young' as RecordId];
export const [OLD_NOTE, YOUNG_NOTE] = ['old.note' as RecordId, 'young.note' as RecordId];
export const OBJECT = 'object-1' as ExternalId;

export const link = (externalId: string | undefined, over: Partial<Link> = {}): Link => ({
  ...newLink('theirs'),
  ...(externalId !== undefined && { externalId: externalId as ExternalId }),
  ...over,
});
export const lane = (own: Link, over: Partial<Lane> = {}): Lane => ({
  ...newLane('theirs'),
  ...over,
  link: own,
});
export const root = (id: RecordId, lanes: Record<string, Lane>, over: Partial<Root> = {}): Root => ({
  id,
  kind: 'ticket',
  fields: { subject: 'printer' },
  provenance: {},
  revision: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  childCount: 0,
  isFannedOut: true,
  lanes,
  ...over,
});
export const note = (
  id: RecordId,
  of: RecordId,
  links: Record<string, Link>,
  over: Partial<Child> = {},
): Child => ({
  id,
  kind: 'comment',
  root: of,
  fields: { body: 'It burns' },
  provenance: {},
  revision: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  visibility: 'public',
  author: { role: 'agent', name: 'Ada' },
  position: '1',
  links,
  ...over,
});
export const parked = { id: 'parked-1', cause: 'doubtful', reason: 'nobody knows', fault: 'vendor' } as never;

interface Folding {
  readonly younger: Claim;
  readonly olderId: RecordId;
  /** Where the object was met; absent: at the right one. */
  readonly at?: ConnectionId;
  readonly session?: Session;
}

/** What was met turned out to be the older record's. */
export async function fold(
  deps: EngineDeps,
  object: Pick<Observation, 'kind' | 'externalId'>,
  { younger, olderId, at = RIGHT, session = new Session(deps.store) }: Folding,
): Promise<void> {
  const desk = { deps, rules: standardRules };
  const place = (await placesFor(desk, ACME)).get(at)!;
  await foldInto(desk, session, place, object, { younger, olderId });
}

export const foldTickets = (deps: EngineDeps, session = new Session(deps.store)): Promise<void> =>
  fold(
    deps,
    { kind: 'ticket', externalId: OBJECT },
    { younger: { root: YOUNG, record: YOUNG }, olderId: OLD, session },
  );
export const foldNotes = (deps: EngineDeps, olderId = OLD_NOTE): Promise<void> =>
  fold(
    deps,
    { kind: 'comment', externalId: OBJECT },
    { younger: { root: YOUNG, record: YOUNG_NOTE }, olderId },
  );

/** Two tickets that meet at the right one, the younger folded into the older: what its lane there is then. */
export async function folded(older: Lane, younger: Lane) {
  const { deps } = hubOver({ [RIGHT]: { profile: SALESFORCE_LIKE, port: {} } });
  const roots = [root(OLD, { [RIGHT]: older }), root(YOUNG, { [RIGHT]: younger })];
  await deps.store.commit(roots.map((data) => ({ put: { ...rootKey(ACME, data.id), data }, expect: 0 })));

  await foldTickets(deps);

  const { pk, sk } = rootKey(ACME, OLD);
  const after = (await deps.store.get<Root>(pk, sk))!.data.lanes[RIGHT]!;
  return { after, store: deps.store };
}
