import type { ConnectionId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';
import type { AuditEntry } from '../ports/telemetry.ts';
import type { Place } from './places.ts';
import type { Scene, Surroundings } from './scene.ts';
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
  /** Of what was there before anybody could have told of it there is none: it is caught up with, at its own pace. */
  readonly lagMs?: number;
  readonly correlation?: string;
}

export type Fate = { readonly outcome: 'done' } | { readonly outcome: 'refused' | 'uncertain'; code: string };

export function noteDeed(scene: Scene, pending: Pending, fate: Fate): Deed {
  const { record, place, tree, around } = scene;
  const { connection, manifest } = place;
  const { change, startedAtMs, revision, correlation } = pending;
  const origin = originOf(record, change);
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
    author: origin.actor,
    startedAtMs,
    atMs: around.nowMs,
    ...(isNews(origin, place, around) ? { lagMs: lagOf(record, change, around.nowMs) } : {}),
    ...(correlation === undefined ? {} : { correlation }),
  };
  tree.deeds.push(deed);
  return deed;
}

/** From the source's commit of what a request brings, to its acknowledgement by the target. */
export function lagOf(record: AnyRecord, change: Pending['change'], nowMs: number): number {
  return Math.max(0, nowMs - originOf(record, change).atMs);
}

/** Both connections were there when it was changed, and mapped as they are: a backfill or a new mapping brings what is older. */
function isNews({ atMs, source }: Origin, place: Place, { places }: Surroundings): boolean {
  return [place, places.get(source as ConnectionId)].every((each) => {
    const { createdAtMs = 0, mappedAtMs = 0 } = each?.connection ?? {};
    return atMs >= Math.max(createdAtMs, mappedAtMs);
  });
}

interface Origin {
  readonly atMs: number;
  readonly actor: string;
  readonly source: Provenance['source'];
}

/** Where nobody is known to have changed anything. */
const OURS = { actor: 'hub', source: 'hub', toMs: 0 } as const;

/** The latest change of all that the request brings; in the source's own time, never later than its receipt. */
function originOf(record: AnyRecord, change: Pending['change']): Origin {
  if (change.operation === 'delete' && record.deleted !== undefined) {
    const { atMs, source } = record.deleted;
    return { atMs, actor: source, source };
  }
  // A note made public is news from then on, however long ago it was written; so is its withdrawal.
  const isAboutVisibility = change.operation !== 'update';
  // Stryker disable next-line ArrayDeclaration: nothing is known of a field that there is not
  const fields = [...Object.keys(change.fields), ...(isAboutVisibility ? ['visibility'] : [])];
  const known = fields.flatMap((field) => record.provenance[field] ?? []);
  const [latest = OURS] = known.toSorted((one, other) => other.toMs - one.toMs);
  // Some vendors never say when: then it is when the hub learned of it.
  const { actor, source, toMs } = latest;
  return { atMs: toMs > 0 ? toMs : record.updatedAtMs, actor, source };
}
