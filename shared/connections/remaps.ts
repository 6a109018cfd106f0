import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { MAPPED_KINDS, type MappedKind } from '../domain/record.ts';
import { ConflictError } from '../errors.ts';
import type { Audit, Clock, Item, MappingEngine, Store, Write } from '../ports/index.ts';
import { record } from './audit.ts';
import { REMAPS, remapKey } from './keys.ts';

/** Longer than anybody believes a list of connections: every function maps anew before the first record is met. */
const FIRST_AFTER_MS = 10_000;
const AGAIN_AFTER_MS = 50_000;
const PAGE = 100;
const PAGES_AT_ONCE = 3;
/** Ten records a second: a tenth of what Salesforce takes, and what one page wakes is done when the next comes. */
const SPACING_MS = 100;

/** A mapping change under way: where its run stands. */
export interface Remap {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly version: number;
  readonly actor: string;
  readonly startedAtMs: number;
  readonly kind: MappedKind;
  readonly next?: string;
  readonly looked: number;
  readonly woken: number;
  readonly finishedAtMs?: number;
}

/** The write that has a run begun, or begun anew for a newer version, with the put of the mapping itself. */
export async function remapOrder(
  store: Store,
  given: Pick<Remap, 'organization' | 'connection' | 'version' | 'actor'> & { readonly nowMs: number },
): Promise<Write> {
  const { nowMs, ...rest } = given;
  const key = remapKey(given.organization, given.connection);
  const known = await store.get<Remap>(key.pk, key.sk);
  const data: Remap = { ...rest, startedAtMs: nowMs, kind: MAPPED_KINDS[0], looked: 0, woken: 0 };
  return {
    put: { ...key, data, due: { list: REMAPS, atMs: nowMs + FIRST_AFTER_MS } },
    expect: known?.version ?? 0,
  };
}

export interface RemapDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly remap: MappingEngine['remap'];
}

/** Takes each run on by a few pages; whoever stops in between leaves it due. */
export async function runRemaps(deps: RemapDeps, most: number): Promise<number> {
  const due = await deps.store.due(REMAPS, deps.clock.now(), most);
  const runs = await Promise.allSettled(due.map(({ pk, sk }) => runOne(deps, pk, sk)));
  const failed = runs.find((run) => run.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return due.length;
}

async function runOne(deps: RemapDeps, pk: string, sk: string): Promise<void> {
  const { store, clock, remap } = deps;
  const item: Item<Remap> | undefined = await store.get<Remap>(pk, sk);
  if (item === undefined || (item.due?.atMs ?? Number.POSITIVE_INFINITY) > clock.now()) return;
  let run = item.data;
  try {
    for (let page = 0; page < PAGES_AT_ONCE && run.finishedAtMs === undefined; page += 1) {
      const { organization, connection, kind, next } = run;
      const from = next === undefined ? {} : { next };
      const request = { organization, connection, kind, ...from, limit: PAGE, spacingMs: SPACING_MS };
      run = after(run, await remap(request), clock.now());
    }
  } finally {
    // What fails takes its turn again behind all others, not before them.
    await movedOn(deps, item, run);
  }
}

async function movedOn({ store, clock, audit }: RemapDeps, item: Item<Remap>, run: Remap): Promise<void> {
  const { pk, sk, version: expect } = item;
  const isOver = run.finishedAtMs !== undefined;
  const due = isOver ? {} : { due: { list: REMAPS, atMs: clock.now() + AGAIN_AFTER_MS } };
  try {
    await store.commit([{ put: { pk, sk, data: run, ...due }, expect }]);
  } catch (error) {
    // A newer mapping has been put, and its run begins anew.
    if (error instanceof ConflictError) return;
    throw error;
  }
  if (!isOver) return;
  const { organization, connection, version, looked, woken } = run;
  const deed = { organization, connection, actor: 'hub', action: 'connection.mapping.applied' };
  await record({ audit, clock }, { ...deed, facts: { version, looked, woken } });
}

/** Accounts before contacts, and those before the tickets that name them. */
function after(run: Remap, page: Awaited<ReturnType<MappingEngine['remap']>>, nowMs: number): Remap {
  const { next: _next, ...rest } = run;
  const counted = { ...rest, looked: run.looked + page.looked, woken: run.woken + page.woken };
  if (page.next !== undefined) return { ...counted, next: page.next };
  const kind = MAPPED_KINDS[MAPPED_KINDS.indexOf(run.kind) + 1];
  return kind === undefined ? { ...counted, finishedAtMs: nowMs } : { ...counted, kind };
}
