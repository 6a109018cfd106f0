import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';
import type { AuditEntry } from '../ports/telemetry.ts';
import type { Scene } from './scene.ts';
import type { AnyRecord, Effect, Pending, Provenance } from './state.ts';

/** What became of one request to a vendor, as a decision took it. Ids and codes only. */
export interface Deed {
  /** The request's own: whoever learns the same of it again says the same. */
  readonly id: string;
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly integration: string;
  readonly record: RecordId;
  readonly kind: RecordKind;
  readonly operation: Effect['operation'];
  readonly outcome: AuditEntry['outcome'];
  readonly code?: string;
  readonly revision: number;
  /** Who made the change that the hub carried over. */
  readonly author: string;
  readonly startedAtMs: number;
  readonly atMs: number;
  readonly lagMs: number;
  readonly correlation?: string;
}

export type Fate = { readonly outcome: 'done' } | { readonly outcome: 'refused' | 'uncertain'; code: string };

export function noteDeed(scene: Scene, pending: Pending, fate: Fate): Deed {
  const { record, place, tree, around } = scene;
  const { connection, manifest } = place;
  const { change, startedAtMs, revision, correlation } = pending;
  const deed: Deed = {
    ...fate,
    id: fate.outcome === 'done' ? `${pending.id}.done` : `${pending.id}.${fate.outcome}.${fate.code}`,
    organization: connection.organization,
    connection: connection.id,
    integration: manifest.id,
    record: record.id,
    kind: record.kind,
    operation: change.operation,
    revision,
    author: originOf(record, change).actor,
    startedAtMs,
    atMs: around.nowMs,
    lagMs: lagOf(record, change, around.nowMs),
    ...(correlation === undefined ? {} : { correlation }),
  };
  tree.deeds.push(deed);
  return deed;
}

/** From the source's commit of what a request brings, to its acknowledgement by the target. */
export function lagOf(record: AnyRecord, change: Pending['change'], nowMs: number): number {
  return Math.max(0, nowMs - originOf(record, change).atMs);
}

/** The latest change of all that the request brings; in the source's own time, never later than its receipt. */
function originOf(record: AnyRecord, change: Pending['change']): { atMs: number; actor: string } {
  if (change.operation === 'delete' && record.deleted !== undefined) {
    return { atMs: record.deleted.atMs, actor: record.deleted.source };
  }
  // A note made public is news from then on, however long ago it was written; so is its withdrawal.
  const isAboutVisibility = change.operation !== 'update';
  // Stryker disable next-line ArrayDeclaration: nothing is known of a field that there is not
  const fields = [...Object.keys(change.fields), ...(isAboutVisibility ? ['visibility'] : [])];
  const known = fields.flatMap((field) => record.provenance[field] ?? []);
  const latest = known.reduce<Provenance | undefined>(
    (most, each) => (most === undefined || each.toMs > most.toMs ? each : most),
    undefined,
  );
  if (latest === undefined) return { atMs: record.updatedAtMs, actor: 'hub' };
  // Some vendors never say when: then it is when the hub learned of it.
  return { atMs: latest.toMs > 0 ? latest.toMs : record.updatedAtMs, actor: latest.actor };
}
