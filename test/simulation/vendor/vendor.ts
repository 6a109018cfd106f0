import type { ExternalId, Fields, RecordKind } from '../../../shared/domain/index.ts';
import type { Clock, CopyRef, Observation, RemoteChange, Version } from '../../../shared/ports/index.ts';
import { normalised, restless } from './mapping.ts';
import type { Announcement, Creation, Deed, Hand, Snapshot, VendorObject } from './objects.ts';
import type { Profile } from './profile.ts';

export type * from './objects.ts';

/** A model vendor: objects, their history, and its own idea of sameness. It never asks the engine anything. */
export class Vendor {
  readonly id: string;
  readonly profile: Profile;
  readonly deeds: Deed[] = [];
  readonly objects = new Map<ExternalId, VendorObject>();
  readonly #clock: Clock;
  readonly #announce: (announcement: Announcement) => void;
  readonly #unique = new Map<string, ExternalId>();
  /** Bytes nobody sees yet, by the id their file will have. */
  readonly staged = new Map<ExternalId, string>();
  #issued = 0;

  constructor(id: string, profile: Profile, clock: Clock, announce: (announcement: Announcement) => void) {
    this.id = id;
    this.profile = profile;
    this.#clock = clock;
    this.#announce = announce;
  }

  /** The present truth of an object, deleted or not. */
  now(id: ExternalId): Snapshot | undefined {
    return this.objects.get(id)?.snapshots.at(-1);
  }

  isLive(id: ExternalId): boolean {
    return this.now(id)?.isDeleted === false;
  }

  live(kind: RecordKind, root?: ExternalId): readonly VendorObject[] {
    return [...this.objects.values()].filter(
      (object) =>
        object.kind === kind && this.isLive(object.id) && (root === undefined || object.root === root),
    );
  }

  create(creation: Creation): VendorObject {
    const id = creation.id ?? this.#issue(creation.kind);
    const object: VendorObject = {
      id,
      kind: creation.kind,
      root: creation.root,
      visibility: creation.visibility,
      author: creation.author,
      contact: creation.contact,
      marker: creation.marker,
      parent: creation.parent,
      bytes: creation.bytes,
      createdAtMs: this.#clock.now(),
      createdBy: creation.by,
      order: this.#issued,
      snapshots: [],
    };
    this.objects.set(id, object);
    const fields = this.#stored(creation.fields);
    const changes = Object.fromEntries(
      Object.entries(fields).map(([name, to]) => [name, { from: null, to }]),
    );
    this.#note(object, { by: creation.by, deed: 'created', changes, fields, isDeleted: false });
    return object;
  }

  #issue(kind: RecordKind): ExternalId {
    this.#issued += 1;
    return `${this.id}-${kind[0]}${String(this.#issued).padStart(4, '0')}` as ExternalId;
  }

  /** Takes a file's bytes where nobody sees them. */
  stage(bytes: string): ExternalId {
    const id = this.#issue('attachment');
    this.staged.set(id, bytes);
    return id;
  }

  #show(change: Extract<RemoteChange, { kind: 'attachment'; operation: 'create' }>) {
    const { staged: id, parent, attachment } = change;
    if (this.objects.has(id)) return { id };
    if (!this.isLive(parent.externalId)) return 'gone';
    const bytes = this.staged.get(id);
    if (bytes === undefined) return 'conflict';
    const { name, type, size, visibility } = attachment;
    this.create({
      id,
      kind: 'attachment',
      fields: { name, type, size },
      by: 'hub',
      visibility,
      parent,
      bytes,
    });
    return { id };
  }

  /** @returns false when there is no such live object. */
  change(id: ExternalId, fields: Fields, by: Hand): boolean {
    const object = this.objects.get(id);
    const before = object?.snapshots.at(-1);
    if (object === undefined || before === undefined || before.isDeleted) return false;
    const taken = this.#stored(fields);
    const changes = Object.fromEntries(
      Object.entries(taken)
        .filter(([name, to]) => (before.fields[name] ?? null) !== to)
        .map(([name, to]) => [name, { from: before.fields[name] ?? null, to }]),
    );
    this.#note(object, {
      by,
      deed: 'changed',
      changes,
      fields: { ...before.fields, ...taken },
      isDeleted: false,
    });
    return true;
  }

  #stored(fields: Fields): Fields {
    const { normaliser } = this.profile;
    return normaliser === 'restless' ? restless(fields, this.deeds.length) : normalised(normaliser, fields);
  }

  /** Deletes or brings back. @returns false when that is how it already stands. */
  setLife(id: ExternalId, life: 'deleted' | 'undeleted', by: Hand): boolean {
    const object = this.objects.get(id);
    const before = object?.snapshots.at(-1);
    if (object === undefined || before === undefined || before.isDeleted === (life === 'deleted'))
      return false;
    const isDeleted = life === 'deleted';
    this.#note(object, { by, deed: life, changes: {}, fields: before.fields, isDeleted }, life);
    return true;
  }

  /** Carries out one change of the hub's, exactly as asked, whenever it lands. */
  land(change: RemoteChange): { readonly id: ExternalId } | 'conflict' | 'gone' {
    if (change.operation === 'create') return this.#landCreation(change);
    if (!this.isLive(change.externalId)) return 'gone';
    if (change.operation === 'delete') {
      this.setLife(change.externalId, 'deleted', 'hub');
      return { id: change.externalId };
    }
    if (this.#hasMovedOn(change)) return 'conflict';
    this.change(change.externalId, change.fields, 'hub');
    return { id: change.externalId };
  }

  #landCreation(
    change: Extract<RemoteChange, { operation: 'create' }>,
  ): { readonly id: ExternalId } | 'conflict' | 'gone' {
    if (change.kind === 'attachment') return this.#show(change);
    const by = change.kind === 'comment' ? this.profile.commentCreation : this.profile.creation;
    const known = by === 'unique' ? this.#unique.get(`${change.kind} ${change.record}`) : undefined;
    if (known !== undefined && this.isLive(known)) return { id: known };
    const root = change.kind === 'comment' ? change.rootExternalId : undefined;
    if (root !== undefined && !this.isLive(root)) return 'gone';
    const { id } = this.create({
      kind: change.kind,
      fields: change.fields,
      by: 'hub',
      ...(by === 'none' ? {} : { marker: change.record }),
      ...(root === undefined ? {} : { root }),
      ...(change.kind === 'comment'
        ? { visibility: change.comment.visibility, author: change.comment.author }
        : {}),
    });
    this.#unique.set(`${change.kind} ${change.record}`, id);
    return { id };
  }

  #hasMovedOn(change: Extract<RemoteChange, { operation: 'update' | 'delete' }>): boolean {
    if (!this.profile.hasConditionalWrites || change.ifVersion === undefined) return false;
    const snapshot = this.now(change.externalId)!;
    const { source, value } = versionOf(this.profile, snapshot, 'read')!;
    return source !== change.ifVersion.source || value !== change.ifVersion.value;
  }

  #note(
    object: VendorObject,
    what: Pick<Deed, 'by' | 'deed' | 'changes'> & Pick<Snapshot, 'fields' | 'isDeleted'>,
    life?: 'deleted' | 'undeleted',
  ): void {
    const nowMs = this.#clock.now();
    const before = object.snapshots.at(-1);
    const changed = Object.keys(what.changes);
    const modifiedAtMs = Math.floor(nowMs / this.profile.stampMs) * this.profile.stampMs;
    const snapshot: Snapshot = {
      atMs: nowMs,
      fields: what.fields,
      version: (before?.version ?? 0) + 1,
      modifiedAtMs,
      modifiedBy: what.by,
      fieldTimesMs: {
        ...before?.fieldTimesMs,
        ...Object.fromEntries(changed.map((name) => [name, modifiedAtMs])),
      },
      isDeleted: what.isDeleted,
    };
    object.snapshots.push(snapshot);
    this.deeds.push({
      sequence: this.deeds.length,
      atMs: nowMs,
      by: what.by,
      deed: what.deed,
      object: object.id,
      kind: object.kind,
      changes: what.changes,
      over: before?.version ?? 0,
    });
    this.#announce({ object, snapshot, changed, by: what.by, ...(life === undefined ? {} : { life }) });
  }
}

export function versionOf(
  profile: Profile,
  snapshot: Snapshot,
  source: 'read' | 'event',
): Version | undefined {
  if (profile.versions === 'none') return undefined;
  const name = profile.eventVersions === 'same' ? 'any' : source;
  const value = profile.versions === 'counter' ? snapshot.version : snapshot.modifiedAtMs;
  return { source: name, value };
}

export function refTo(object: VendorObject): CopyRef {
  const { kind, id, root } = object;
  return { kind, externalId: id, ...(root === undefined ? {} : { rootExternalId: root }) };
}

/** What a reader of the vendor's API sees of a snapshot. */
export function observationOf(
  { profile }: Vendor,
  object: VendorObject,
  snapshot: Snapshot,
  source: 'read' | 'event',
): Observation {
  const version = versionOf(profile, snapshot, source);
  return {
    kind: object.kind,
    externalId: object.id,
    ...(object.root === undefined ? {} : { rootExternalId: object.root }),
    ...(version === undefined ? {} : { version }),
    authorship: profile.hasAuthorship ? (snapshot.modifiedBy === 'hub' ? 'hub' : 'other') : 'unknown',
    atMs: snapshot.modifiedAtMs,
    ...(profile.hasFieldTimes ? { fieldTimesMs: snapshot.fieldTimesMs } : {}),
    fields: snapshot.fields,
    isComplete: true,
    ...(object.marker === undefined ? {} : { marker: object.marker }),
    ...(object.visibility === undefined ? {} : { visibility: object.visibility }),
    ...(object.author === undefined ? {} : { author: object.author }),
    ...(object.parent === undefined ? {} : { parent: object.parent }),
    ...(object.kind === 'comment' ? { order: String(object.order).padStart(6, '0') } : {}),
    ...(object.contact === undefined ? {} : { refersTo: object.contact }),
    ...initialOf(profile, object, snapshot),
  };
}

/** A channel has no subject: a conversation's is the first line of its first message. */
function initialOf(
  { role }: Profile,
  object: VendorObject,
  { fields }: Snapshot,
): Pick<Observation, 'initial'> {
  if (role !== 'channel' || object.kind !== 'ticket') return {};
  return { initial: { subject: String(fields.description).split('\n')[0]! } };
}
