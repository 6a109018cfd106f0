import type { ExternalId, Fields, RecordKind } from '../../../shared/domain/index.ts';
import type { Clock, RemoteChange } from '../../../shared/ports/index.ts';
import type { Shelf } from './exports.ts';
import { normalised, restless } from './mapping.ts';
import type { Announcement, Creation, Deed, Hand, Snapshot, VendorObject } from './objects.ts';
import { versionOf } from './observation.ts';
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
  /** Objects that were merged into another, each with the one that goes on for it. */
  readonly merged = new Map<ExternalId, ExternalId>();
  /** Who was taken out of the bin again, each with all that it was merged into before. */
  readonly returned = new Map<ExternalId, readonly ExternalId[]>();
  /** What it was asked to hand over at once. */
  readonly shelf: Shelf = new Map();
  exported = 0;
  /** Nothing was handed over, to somebody without a permission. */
  hasExportedInVain = false;
  /** Files that hung on something in the bin when all files were handed over, found by what they hang on. */
  readonly unlisted = new Set<VendorObject>();
  /** Where what a merge has moved hung before the first one. */
  readonly bornUnder = new Map<ExternalId, ExternalId>();
  /** Companies that were deleted, each with whoever went into the bin with it. */
  readonly binned = new Map<ExternalId, readonly VendorObject[]>();
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

  /**
   * As Salesforce: what hung on the loser moves without a word, the loser is deleted and names who goes on, and that one
   * is changed, to whatever of the loser's is kept. @returns false unless both live.
   */
  merge(loser: ExternalId, survivor: ExternalId, kept: Fields): boolean {
    if (loser === survivor || !this.isLive(loser) || !this.isLive(survivor)) return false;
    for (const child of this.objects.values()) {
      this.#move(child, loser, survivor);
      this.#rehang(child, loser, survivor);
    }
    this.merged.set(loser, survivor);
    this.setLife(loser, 'deleted', 'person');
    return this.change(survivor, kept, 'person');
  }

  #move(child: VendorObject, from: ExternalId, to: ExternalId): void {
    const { fields, isDeleted } = this.now(child.id)!;
    // Who works for a company is changed as by anybody, and told of.
    if (!isDeleted && worksFor(child, fields, from))
      return void this.change(child.id, { account: to }, 'person');
    const isNamed = child.kind === 'ticket' && fields.requester === from;
    if (isDeleted || (child.root !== from && !isNamed)) return;
    if (child.root === from) {
      if (!this.bornUnder.has(child.id)) this.bornUnder.set(child.id, from);
      child.root = to;
    }
    const moved = isNamed ? { ...fields, requester: to } : fields;
    const changes = isNamed ? { requester: { from, to } } : {};
    this.#keep(child, { by: 'person', deed: 'changed', changes, fields: moved, isDeleted: false });
  }

  /** A file says nothing of it: no version of it is new. */
  #rehang(file: VendorObject, from: ExternalId, to: ExternalId): void {
    const { parent } = file;
    if (parent?.externalId !== from && parent?.rootExternalId !== from) return;
    if (!this.bornUnder.has(file.id)) this.bornUnder.set(file.id, parent.externalId);
    if (parent.externalId === from) file.parent = { ...parent, externalId: to };
    else file.parent = { ...parent, rootExternalId: to };
  }

  /** Who goes on for an object: itself, unless it was merged away. */
  survivorOf(id: ExternalId): ExternalId {
    const into = this.merged.get(id);
    return into === undefined ? id : this.survivorOf(into);
  }

  /** Carries out one change of the hub's, exactly as asked, whenever it lands. */
  land(change: RemoteChange): { readonly id: ExternalId } | 'conflict' | 'gone' | 'rejected' {
    const { requester, account } = change.fields;
    if (typeof requester === 'string' && this.merged.has(requester as ExternalId)) return 'rejected';
    if (typeof account === 'string' && !this.isLive(account as ExternalId)) return 'rejected';
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

  #note(object: VendorObject, what: Done, life?: 'deleted' | 'undeleted'): void {
    const snapshot = this.#keep(object, what);
    const changed = Object.keys(what.changes);
    this.#announce({ object, snapshot, changed, by: what.by, ...(life === undefined ? {} : { life }) });
  }

  #keep(object: VendorObject, what: Done): Snapshot {
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
    return snapshot;
  }
}

export const worksFor = ({ kind }: VendorObject, { account }: Fields, company: ExternalId): boolean =>
  kind === 'contact' && account === company;

type Done = Pick<Deed, 'by' | 'deed' | 'changes'> & Pick<Snapshot, 'fields' | 'isDeleted'>;
