import { hasIdentity } from '../domain/identity.ts';
import type { ExternalId, RecordId } from '../domain/ids.ts';
import { type Comment, type Fields, type FieldValue, isMapped, referenceOf } from '../domain/record.ts';
import { ConflictError, InvariantError } from '../errors.ts';
import type { RemoteChange, Upload } from '../ports/integration.ts';
import { fileOf, refusalAt, uploadOf } from './attachment.ts';
import { awaited, firstOfLine, isWaiting, lacking, mustGather, mustLookOn, needOf } from './need.ts';
import { capabilityOf, mappingVersion, type Place } from './places.ts';
import { commentOf, project } from './projection.ts';
import { type Scene, type Surroundings, sceneAt, type Tree } from './scene.ts';
import { unsent } from './sent.ts';
import type { AnyRecord, Child, Lane, Link, Pending } from './state.ts';
import { pick } from './versions.ts';

/** The next thing to do for one lane. Level-triggered: decided from what is, never from what a message said. */
export type Step =
  | { readonly do: 'rest' }
  | { readonly do: 'leave' }
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'load'; readonly child: RecordId }
  | { readonly do: 'skip'; readonly child: RecordId }
  | { readonly do: 'look-on' }
  | { readonly do: 'gather' }
  | { readonly do: 'settle'; readonly pending: Pending }
  | { readonly do: 'depend'; readonly on: RecordId }
  | { readonly do: 'read' | 'match'; readonly record: AnyRecord }
  | { readonly do: 'fetch'; readonly record: AnyRecord }
  | { readonly do: 'discard'; readonly record: AnyRecord }
  | { readonly do: 'abandon'; readonly record: AnyRecord }
  | { readonly do: 'upload'; readonly record: AnyRecord; readonly file: Upload }
  | { readonly do: 'refuse'; readonly record: AnyRecord; readonly reason: string }
  | { readonly do: 'write'; readonly record: AnyRecord; readonly change: RemoteChange };

export interface Progress {
  /** Read under this lease since the last write. */
  readonly fresh: RecordId | undefined;
  /** Looked for among the vendor's own objects, and not found. */
  readonly unmatched: RecordId | undefined;
  /** Whom the next write names, looked at under this lease. */
  readonly named: RecordId | undefined;
  /** Whose copy has to come first, and who has no room to list this one as waiting. */
  readonly unlisted: RecordId | undefined;
  /** The transfer this worker holds, or would. */
  readonly transfer: string;
}

export function nextStep(tree: Tree, place: Place, around: Surroundings, progress: Progress): Step {
  const lane = tree.root.lanes[place.connection.id];
  if (mustGather(tree, place, around)) return { do: 'gather' };
  if (lane === undefined || lane.parked !== undefined) return { do: 'rest' };
  if ((lane.link.mapping ?? 0) > mappingVersion(place))
    throw new ConflictError('a newer mapping than this one is known has been adopted; look again');
  if (lane.pending !== undefined) return stepOfPending(tree, lane.pending, around);
  if (isCarried(lane, progress, around)) return { do: 'leave' };
  // Whatever the file needs by now: what a killed worker left is nobody else's to remove.
  if (around.rules.isTorn(lane.transfer, progress.transfer)) return { do: 'abandon', record: tree.root };
  const scene = sceneAt(tree, tree.root, place, around);
  const step = stepFor(scene, progress);
  if (step !== undefined) return step;
  if (lane.link.externalId === undefined || tree.root.givers !== undefined) return { do: 'rest' };
  return stepOfChildren(tree, place, around, progress);
}

/** Another worker carries its bytes, or did so when it was killed. */
const isCarried = ({ transfer }: Lane, progress: Progress, { nowMs }: Surroundings): boolean =>
  transfer !== undefined && transfer.id !== progress.transfer && nowMs < transfer.leaseUntilMs;

function stepOfChildren(tree: Tree, place: Place, around: Surroundings, progress: Progress): Step {
  const lane = tree.root.lanes[place.connection.id]!;
  const next = firstOfLine(tree, lane, place, around);
  if (next === undefined) return { do: mustLookOn(tree, lane, place, around) ? 'look-on' : 'rest' };
  const child = tree.children.get(next.id);
  if (child === undefined) return { do: 'load', child: next.id };
  return stepFor(sceneAt(tree, child, place, around), progress) ?? { do: 'skip', child: next.id };
}

function stepOfPending(tree: Tree, pending: Pending, around: Surroundings): Step {
  if (around.rules.mayStillLand(pending, around.nowMs)) {
    return isAtWork(pending, around.nowMs) ? { do: 'leave' } : { do: 'wait', untilMs: pending.settleAtMs };
  }
  const isHere = pending.record === tree.root.id || tree.children.has(pending.record);
  return isHere ? { do: 'settle', pending } : { do: 'load', child: pending.record };
}

/** Another worker's: it goes on by itself, or its message comes again. */
const isAtWork = ({ isDoubtful, leaseUntilMs }: Pending, nowMs: number): boolean =>
  isDoubtful === undefined && nowMs < leaseUntilMs;

function stepFor(scene: Scene, progress: Progress): Step | undefined {
  const { record } = scene;
  const need = needOf(scene);
  if (need === 'none') return undefined;
  if (need === 'read') return { do: 'read', record };
  if (need === 'discard') return { do: 'discard', record };
  if (need === 'fetch') return refusalIn(scene) ?? { do: 'fetch', record };
  const on = awaited(scene);
  if (on !== undefined && need !== 'delete') {
    if (!isWaiting(scene) && progress.unlisted !== on) return { do: 'depend', on };
    if (need !== 'update' || lacking(scene, wanted(scene)).length === 0) return undefined;
  }
  const named = need === 'delete' || on !== undefined ? undefined : namedBy(scene);
  if (named !== undefined && progress.named !== named) return { do: 'depend', on: named };
  if (need === 'create') {
    if (hasIdentity(record.kind) && progress.unmatched !== record.id) return { do: 'match', record };
    return transferOf(scene) ?? { do: 'write', record, change: creationOf(scene) };
  }
  if (mustReadFirst(scene) && progress.fresh !== record.id) return { do: 'read', record };
  return { do: 'write', record, change: need === 'update' ? updateOf(scene) : deletionOf(scene) };
}

/**
 * Whose copy the next write names: since that one was last looked at it may have been merged into another, or be back. What
 * a file hangs on is named once its bytes are there.
 */
function namedBy(scene: Scene): RecordId | undefined {
  const { record, link, lane, referred } = scene;
  if (record.kind === 'attachment') return lane.staged && fileOf(record).of.record;
  const reference = referenceOf(record.kind);
  if (reference === undefined || referred === undefined || referred.externalId === null) return undefined;
  return unsent(wanted(scene), link).includes(reference.field) ? referred.record : undefined;
}

/** What has to be before a file can be created there: that the place takes it, and its bytes. */
function transferOf(scene: Scene): Step | undefined {
  const { record, lane } = scene;
  if (record.kind !== 'attachment' || lane.staged !== undefined) return undefined;
  return refusalIn(scene) ?? { do: 'upload', record, file: uploadOf(scene) };
}

function refusalIn({ record, place }: Scene): Step | undefined {
  const reason = refusalAt(record, place);
  return reason === undefined ? undefined : { do: 'refuse', record, reason };
}

/** A write is decided on what is there now: by its condition where the vendor checks one, else by a read. */
function mustReadFirst({ record, link, place, around }: Scene): boolean {
  const capability = capabilityOf(place, record.kind);
  if (capability?.canRead !== true || !around.rules.writesConditionally()) return false;
  return !capability.hasConditionalWrites || link.gotVersion === undefined;
}

function creationOf(scene: Scene): RemoteChange {
  const { record, lane } = scene;
  const fields = wanted(scene);
  // `transferOf` has let nothing come so far whose bytes are not staged.
  if (record.kind === 'attachment') return { ...uploadOf(scene), staged: lane.staged! };
  if (record.kind !== 'comment') {
    return { kind: record.kind, operation: 'create', record: record.id, fields, ...writtenBy(scene) };
  }
  return {
    kind: 'comment',
    operation: 'create',
    record: record.id,
    fields,
    rootExternalId: copyOf(lane.link),
    comment: saidAs(record, fields),
  };
}

/** Of a link that has one: nothing is written to a copy that is not there, nor made under one. */
function copyOf({ externalId }: Link): ExternalId {
  // Stryker disable next-line all: what has none lacks another step first
  if (externalId === undefined) throw new InvariantError('a write to a copy that does not exist');
  return externalId;
}

function wanted({ record, link, place, referred, around }: Scene): Record<string, FieldValue> {
  return { ...project(record, link, place, referred, around.nowMs) };
}

function updateOf(scene: Scene): RemoteChange {
  const { record } = scene;
  const fields = wanted(scene);
  const change = {
    ...copyIn(scene),
    operation: 'update',
    fields: pick(fields, lacking(scene, fields)),
  } as const;
  if (record.kind !== 'comment') return { ...change, kind: record.kind, ...writtenBy(scene) };
  return { ...change, kind: record.kind, comment: saidAs(record, fields) };
}

/** A comment in the words that its copy is to have. */
const saidAs = (record: Child, fields: Fields): Comment => commentOf({ ...record, fields: { ...fields } });

const writtenBy = ({ record, link }: Scene) =>
  !isMapped(record.kind) || link.mapping === undefined ? {} : { mapping: link.mapping };

const deletionOf = (scene: Scene): RemoteChange => ({
  ...copyIn(scene),
  kind: scene.record.kind,
  operation: 'delete',
  fields: {},
});

function copyIn({ record, link, lane, place, around }: Scene) {
  const isConditional =
    capabilityOf(place, record.kind)?.hasConditionalWrites === true && around.rules.writesConditionally();
  return {
    record: record.id,
    externalId: copyOf(link),
    ...(record.kind === 'comment' ? { rootExternalId: copyOf(lane.link) } : {}),
    ...(isConditional && link.gotVersion !== undefined ? { ifVersion: link.gotVersion } : {}),
  };
}

/** The request, noted with the state it was decided on, in the commit before the call. */
export function pendingFor(scene: Scene, change: RemoteChange, deadlineMs: number): Pending {
  const { link, record, around, place } = scene;
  const lifetimeMs = landingTime(place, change);
  return {
    id: around.newId(),
    record: record.id,
    change,
    base: { ...link.got },
    baseAtMs: link.gotAtMs,
    startedAtMs: around.nowMs,
    leaseUntilMs: deadlineMs,
    settleAtMs: deadlineMs + lifetimeMs,
    revision: record.revision,
    ...(link.gotVersion === undefined ? {} : { baseVersion: link.gotVersion }),
  };
}

/** How long a request may still take effect, or stay unseen by a search. A unique key can simply be sent again. */
export function landingTime(place: Place, change: RemoteChange): number {
  const creation = capabilityOf(place, change.kind)?.creation;
  if (change.operation !== 'create' || creation === undefined) return place.manifest.requestLifetimeMs;
  if (creation.by === 'unique') return 0;
  const lagMs = creation.by === 'find' ? creation.searchLagMs : 0;
  return place.manifest.requestLifetimeMs + lagMs;
}
