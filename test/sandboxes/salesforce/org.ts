import { randomUUID } from 'node:crypto';
import type { Taken } from '../contents.ts';
import { type Change, netChanges } from './changes.ts';
import { insufficientAccess, notFound, SalesforceFailure } from './failure.ts';
import { described, eachPart, published, refuseTwice, renamed } from './files/publishing.ts';
import { canonicalId } from './ids.ts';
import type { Denied, Verb } from './options.ts';
import { type ObjectSpec, objectOfId, objects, withoutPackage } from './schema.ts';
import { Tables } from './tables.ts';
import { acceptedValues, type Row, requirePresent } from './values.ts';

export interface Committed {
  readonly transactionKey: string;
  readonly commitNumber: number;
  readonly commitTimestamp: number;
  readonly user: string;
  readonly origin: string;
  readonly changes: readonly Change[];
  readonly rows: readonly Row[];
}

const CLOSED_STATUSES = new Set(['Closed']);

/** One org's rows and the rules every write obeys, whichever resource it came through. */
export class Org {
  readonly tables = new Tables();
  /** Standard picklists take any text from the API unless their metadata restricts them. */
  restrictPicklists = false;
  /** Rows of wide records come in smaller pages than were asked for. */
  maxPageRows = 2_000;
  commitNumber = 74_487_681_000;
  hasPackage = true;
  /** An Experience Cloud site, by which files shared with a record are internal unless somebody says otherwise. */
  hasSites = true;
  /** Of the hub's user: else it finds by a query the files it owns alone. */
  mayQueryAllFiles = true;
  /** What one user's permissions leave out. */
  restricted: { readonly user: string; readonly denied: Denied } = { user: '', denied: {} };
  readonly #clock: { now(): number };
  readonly #onCommit: (committed: Committed) => void;
  #user: string | undefined;

  constructor(clock: { now(): number }, onCommit: (committed: Committed) => void) {
    this.#clock = clock;
    this.#onCommit = onCommit;
  }

  /** Second resolution, as all of the vendor's stamps. */
  now(): number {
    return Math.floor(this.#clock.now() / 1_000) * 1_000;
  }

  /** All or nothing: a failure inside leaves no trace, a success one commit and its events. */
  transaction<Result>(user: string, origin: string, work: () => Result): Result {
    if (this.#user !== undefined) return work();
    const mark = this.tables.mark();
    this.#user = user;
    try {
      const result = work();
      this.#commit(user, origin);
      return result;
    } catch (failure) {
      this.tables.rollback(mark);
      throw failure;
    } finally {
      this.#user = undefined;
    }
  }

  /** Work that may fail by itself inside a transaction without failing the rest. */
  savepoint<Result>(work: () => Result): Result {
    const mark = this.tables.mark();
    try {
      return work();
    } catch (failure) {
      this.tables.rollback(mark);
      throw failure;
    }
  }

  object(name: string): ObjectSpec {
    const known = objects.get(name.toLowerCase());
    const object = known && !this.hasPackage ? withoutPackage(known) : known;
    if (!object) throw notFound();
    return object;
  }

  may(user: string, object: ObjectSpec, verb: Verb): boolean {
    return user !== this.restricted.user || !this.restricted.denied[object.name]?.includes(verb);
  }

  all(object: ObjectSpec): Row[] {
    return this.tables.all(object.keyPrefix);
  }

  /** The row behind an id of this object, the deleted ones too; undefined where there never was one. */
  find(object: ObjectSpec, id: string): Row | undefined {
    const full = canonicalId(id);
    return full?.startsWith(object.keyPrefix) ? this.tables.get(full) : undefined;
  }

  living(object: ObjectSpec, id: string): Row {
    const row = this.find(object, id);
    if (!row) throw notFound();
    if (row.IsDeleted === true) {
      throw new SalesforceFailure(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
    }
    return row;
  }

  byExternalId(object: ObjectSpec, field: string, value: string): Row[] {
    const isExact = object.fields.get(field)?.caseSensitive === true;
    const form = (held: unknown) => (isExact ? String(held ?? '') : String(held ?? '').toLowerCase());
    return this.all(object).filter((row) => row.IsDeleted !== true && form(row[field]) === form(value));
  }

  insert(object: ObjectSpec, body: Readonly<Record<string, unknown>>, file?: Taken): string {
    this.#refuseDenied(object, 'create');
    const values = acceptedValues(object, body, 'create', this.restrictPicklists);
    const defaults: Row = {};
    for (const field of object.fields.values()) defaults[field.name] = field.defaultValue ?? null;
    const row = { ...defaults, ...values };
    if (object.fields.has('OwnerId')) row.OwnerId ??= this.#author();
    requirePresent(object, row, true);
    this.#checkReferences(object, values);
    this.#checkUnique(object, values, undefined);
    if (object.name === 'ContentDocument') throw insufficientAccess();
    if (object.name === 'ContentDocumentLink') refuseTwice(this, row);
    const made = this.make(object, object.name === 'ContentVersion' ? described(row, file) : row);
    if (object.name === 'ContentVersion') published(this, made, this.#author());
    return String(made.Id);
  }

  /** A row as it is, by whoever the transaction is of. */
  make(object: ObjectSpec, values: Row): Row {
    const id = this.tables.nextId(object.keyPrefix);
    const born = { Id: id, IsDeleted: false, CreatedDate: this.now(), CreatedById: this.#author() };
    const number = object.name === 'Case' ? { CaseNumber: this.#caseNumber() } : {};
    const row: Row = { ...values, ...born, ...number };
    this.put(object, row);
    return row;
  }

  update(object: ObjectSpec, id: string, body: Readonly<Record<string, unknown>>): void {
    const row = this.living(object, id);
    const isPublishing =
      object.name === 'CaseComment' && Object.keys(body).every((name) => name === 'IsPublished');
    if (!isPublishing) this.#refuseDenied(object, 'update');
    const values = acceptedValues(object, body, 'update', this.restrictPicklists);
    requirePresent(object, values, false);
    this.#checkReferences(object, values);
    this.#checkUnique(object, values, String(row.Id));
    const next = { ...row, ...values };
    this.put(object, next);
    renamed(this, object, next);
  }

  /** Into the bin, comments too: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_delete.htm */
  remove(object: ObjectSpec, id: string, more: Row = {}): void {
    const row = this.living(object, id);
    if (!object.canDelete) throw insufficientAccess();
    this.#refuseDenied(object, 'delete');
    this.#eachComment(object, row, false, (child) => ({ ...child, IsDeleted: true }));
    this.put(object, { ...row, ...more, IsDeleted: true });
  }

  undelete(object: ObjectSpec, id: string): void {
    const row = this.find(object, id);
    if (row?.IsDeleted !== true) {
      throw new SalesforceFailure(400, 'UNDELETE_FAILED', 'Entity is not in the recycle bin');
    }
    this.put(object, { ...row, IsDeleted: false });
    this.#eachComment(object, row, true, (child) => ({ ...child, IsDeleted: false }));
  }

  /** Losers go to the bin and name their master: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_merge.htm */
  merge(object: ObjectSpec, masterId: string, loserIds: readonly string[]): void {
    const master = this.living(object, masterId);
    for (const loserId of loserIds) {
      const loser = this.living(object, loserId);
      this.#eachComment(object, loser, false, (child) => ({ ...child, ParentId: master.Id ?? null }));
      if (object.name === 'Account') this.#handOver(loserId, master);
      this.remove(object, loserId, { MasterRecordId: master.Id ?? null });
    }
    this.put(object, { ...master });
  }

  /** Whoever belongs to the account that goes belongs to the one that stays. */
  #handOver(from: string, { Id = null }: Row): void {
    const contacts = this.object('Contact');
    for (const row of this.all(contacts))
      if (row.AccountId === from) this.put(contacts, { ...row, AccountId: Id });
  }

  #eachComment(object: ObjectSpec, row: Row, isDeleted: boolean, next: (child: Row) => Row): void {
    if (object.name === 'ContentDocument') eachPart(this, row, next);
    if (object.name !== 'Case') return;
    const comments = this.object('CaseComment');
    for (const child of this.all(comments)) {
      if (child.ParentId === row.Id && child.IsDeleted === isDeleted) this.put(comments, next(child));
    }
  }

  /** Writes the row with what nobody may set: values that follow from others, and the audit fields. */
  put(object: ObjectSpec, row: Row): void {
    const old = this.tables.get(String(row.Id));
    const next: Row = { ...row };
    if (object.name === 'Case') {
      next.IsClosed = CLOSED_STATUSES.has(String(next.Status));
      next.ClosedDate = next.IsClosed ? (old?.ClosedDate ?? this.now()) : null;
    }
    if (object.name === 'Contact') {
      next.Name = [next.FirstName, next.LastName].filter((part) => part !== null).join(' ');
    }
    next.LastModifiedDate = this.now();
    next.LastModifiedById = this.#author();
    next.SystemModstamp = this.now();
    this.tables.put(next);
  }

  #refuseDenied(object: ObjectSpec, verb: Verb): void {
    if (!this.may(this.#author(), object, verb)) throw insufficientAccess();
  }

  #checkReferences(object: ObjectSpec, values: Row): void {
    for (const field of object.fields.values()) {
      const id = values[field.name];
      if (field.type !== 'reference' || typeof id !== 'string') continue;
      if (!field.referenceTo?.includes(objectOfId(id)?.name ?? '')) {
        const message = `${field.name}: id value of incorrect type: ${id}`;
        throw new SalesforceFailure(400, 'FIELD_INTEGRITY_EXCEPTION', message, [field.name]);
      }
      const row = this.tables.get(id);
      if (!row) {
        throw new SalesforceFailure(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
      }
      if (row.IsDeleted) throw new SalesforceFailure(400, 'ENTITY_IS_DELETED', 'entity is deleted', []);
    }
  }

  #checkUnique(object: ObjectSpec, values: Row, self: string | undefined): void {
    for (const field of object.fields.values()) {
      const value = values[field.name];
      if (!field.unique || typeof value !== 'string') continue;
      const other = this.byExternalId(object, field.name, value).find((row) => row.Id !== self);
      if (!other) continue;
      const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id}`;
      throw new SalesforceFailure(400, 'DUPLICATE_VALUE', message, []);
    }
  }

  #commit(user: string, origin: string): void {
    const before = this.tables.settle();
    if (before.size === 0) return;
    this.commitNumber += 7;
    this.#onCommit({
      transactionKey: randomUUID(),
      commitNumber: this.commitNumber,
      commitTimestamp: this.now(),
      user,
      origin,
      changes: netChanges(before, (id) => this.tables.get(id)),
      rows: [...before.keys()].map((id) => this.tables.get(id)).filter((row) => row !== undefined),
    });
  }

  #caseNumber(): string {
    return String(this.tables.nextSerial('CaseNumber') % 1_000_000).padStart(8, '0');
  }

  #author(): string {
    return this.#user ?? '';
  }
}
