import type { Clock, Store } from '../../shared/ports/index.ts';
import type { InboxRow } from '../../shared/sync/inbox-row.ts';
import type { Replaying } from '../../shared/sync/replays.ts';
import type { Child, Root } from '../../shared/sync/state.ts';
import { storeOver } from '../memory/index.ts';
import type { Chronicle } from './truth.ts';

/** Notes when each revision was really committed, and each event really closed. */
export function timed(
  store: Store,
  { committedAtMs, closedAtMs, doubted, aside, intended, shut, overlapping }: Chronicle,
  clock: Clock,
  onRow: (row: InboxRow) => void,
): Store {
  const replaying = new Map<string, string>();
  return storeOver(store, {
    commit: async (writes) => {
      await store.commit(writes);
      for (const write of writes) {
        if (!('put' in write)) continue;
        const { pk, sk, data } = write.put;
        const key = `${pk} ${sk}`;
        const isEntry = sk.startsWith('history#') || sk.startsWith('note#');
        if (isEntry && write.expect === 0) committedAtMs.set(key, clock.now());
        if (sk === 'root') noteIntended(intended, data as Root, clock.now());
        if (sk === 'root') noteShut(shut, pk, data as Root, clock.now());
        if (sk.startsWith('child#')) noteDoubted(doubted, data as Child, clock.now());
        if (sk.startsWith('child#')) noteAside(aside, data as Child, clock.now());
        if (sk === 'replay') noteReplaying(replaying, overlapping, data as Replaying);
        const isRow = pk.includes('#inbox#') && sk === 'row';
        if (isRow && write.expect === 0) onRow(data as InboxRow);
        const isClosed = isRow && (data as InboxRow).state !== 'open';
        if (isClosed && !closedAtMs.has(key)) closedAtMs.set(key, clock.now());
      }
    },
  });
}

function noteReplaying(under: Map<string, string>, overlapping: string[], job: Replaying): void {
  const { organization, id, state } = job;
  const other = under.get(organization);
  if (state !== 'running') return void (other === id && under.delete(organization));
  if (other !== undefined && other !== id)
    overlapping.push(`replay ${id} was begun while ${other} was under way`);
  under.set(organization, id);
}

function noteShut(shut: Chronicle['shut'], pk: string, { lanes }: Root, nowMs: number): void {
  for (const [connection, { parked }] of Object.entries(lanes))
    noteTime(shut, `${pk} ${connection}`, parked !== undefined, nowMs);
}

function noteAside(aside: Chronicle['aside'], { id, links }: Child, nowMs: number): void {
  for (const [connection, { parked }] of Object.entries(links))
    noteTime(aside, `${connection} ${id}`, parked?.cause === 'unseen', nowMs);
}

function noteTime(all: Chronicle['shut'], key: string, isSo: boolean, nowMs: number): void {
  const times = all.get(key) ?? [];
  const last = times.at(-1);
  const wasSo = last?.untilMs === Number.POSITIVE_INFINITY;
  if (isSo && !wasSo) times.push({ fromMs: nowMs, untilMs: Number.POSITIVE_INFINITY });
  if (!isSo && wasSo) last.untilMs = nowMs;
  if (times.length > 0) all.set(key, times);
}

function noteDoubted(doubted: Map<string, number>, { id, links }: Child, nowMs: number): void {
  for (const [connection, { parked }] of Object.entries(links)) {
    const key = `${connection} ${id}`;
    if (parked?.cause === 'doubtful' && !doubted.has(key)) doubted.set(key, nowMs);
  }
}

function noteIntended(intended: Chronicle['intended'], { lanes }: Root, nowMs: number): void {
  for (const [connection, { pending }] of Object.entries(lanes)) {
    if (pending?.change.operation !== 'create') continue;
    const { id, record } = pending;
    const noted = intended.get(`${connection} ${record}`) ?? [];
    if (noted.at(-1)?.id !== id) intended.set(`${connection} ${record}`, [...noted, { id, atMs: nowMs }]);
  }
}
