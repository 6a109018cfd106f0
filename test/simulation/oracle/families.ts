import type { ConnectionId, OrganizationId, RecordId, RecordKind } from '../../../shared/domain/index.ts';
import type { Child, History, Link, Loss, Note, RecordChange, Root } from '../../../shared/sync/state.ts';
import { type Chronicle, MARKED, markIn, markOf, type Request, type Site } from '../truth.ts';
import { UNMARKED_GAP } from '../vendor/manifest.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';

export interface Breach {
  /** The invariant of DESIGN.md that does not hold. */
  readonly invariant: number;
  readonly what: string;
}

export interface Copy {
  readonly site: Site;
  readonly object: VendorObject;
  readonly isLive: boolean;
}

/** All objects anywhere that carry one person's mark: one thing and its copies, by the vendors' word alone. */
export interface Family {
  readonly organization: OrganizationId;
  readonly kind: RecordKind;
  readonly mark: number;
  readonly copies: readonly Copy[];
  /** What the hub holds of it: consulted for its journal and for what it has openly set aside. */
  readonly notes: Notes | undefined;
  /** Of what a vendor has merged (`grouped.ts`). */
  readonly merged?: Merged;
}

export interface Merged {
  /** Every mark that its record, and those that were folded into it, ever bore. */
  readonly marks: ReadonlySet<number>;
  /** What was merged away, of this family and of those it was merged with: copies of nothing any more. */
  readonly gone: readonly Copy[];
  /** Of that, what was its own record's copy until then. */
  readonly ownGone: readonly Copy[];
  /** What was merged away, likewise, and taken out of the bin again. */
  readonly back: readonly Copy[];
}

export interface Notes {
  readonly root: Root;
  readonly record: Root | Child;
  /** The record's id, and those of records that were folded into it. */
  readonly records: ReadonlySet<RecordId>;
  /** Revisions and notes, with the keys they are kept under. */
  readonly journal: readonly Entry[];
  link(connection: ConnectionId): Link | undefined;
}

export interface Entry {
  readonly key: string;
  readonly changes: readonly RecordChange[];
  readonly losses: readonly Loss[];
}

/** By the mark in their texts alone. */
export function familiesByMark(world: World): readonly Family[] {
  const copies = new Map<string, Copy[]>();
  for (const site of world.sites) {
    for (const object of site.vendor.objects.values()) {
      const mark = markOf(site.vendor, object);
      if (mark === undefined) continue;
      const key = `${site.organization} ${object.kind} ${mark}`;
      const copy = { site, object, isLive: site.vendor.isLive(object.id) };
      copies.set(key, [...(copies.get(key) ?? []), copy]);
    }
  }
  const notes = notesOf(world);
  return [...copies].map(([key, members]) => {
    const [organization, kind, mark] = key.split(' ') as [OrganizationId, RecordKind, string];
    return { organization, kind, mark: Number(mark), copies: members, notes: notes.get(key) };
  });
}

interface Held {
  readonly pk: string;
  readonly root: Root;
  readonly record: Root | Child;
}

/** `meant`: whose notes they are to be where several records bear a mark. */
export function notesOf(
  { store, chronicle }: World,
  meant: ReadonlySet<RecordId> = new Set(),
): ReadonlyMap<string, Notes> {
  const journals = new Map<string, Entry[]>();
  const held = new Map<string, Held[]>();
  const items = store.items();
  const roots = new Map(items.filter(({ sk }) => sk === 'root').map(({ pk, data }) => [pk, data as Root]));
  for (const { pk, sk, data } of items) {
    if (sk.startsWith('history#') || sk.startsWith('note#')) {
      const { changes = [], losses } = data as Partial<History> & Note;
      journals.set(pk, [...(journals.get(pk) ?? []), { key: `${pk} ${sk}`, changes, losses }]);
    }
    const root = roots.get(pk);
    if (root === undefined || (sk !== 'root' && !sk.startsWith('child#'))) continue;
    const record = data as Root | Child;
    const key = keyOf(pk, record);
    if (key !== undefined) held.set(key, [...(held.get(key) ?? []), { pk, root, record }]);
  }
  const folded = foldedUnder(roots);
  const inTime = (entries: readonly Entry[]) => entries.toSorted((a, b) => atOf(a) - atOf(b));
  const atOf = ({ key }: Entry) => chronicle.committedAtMs.get(key) ?? 0;
  const meantFirst = (all: readonly Held[]) =>
    all.toSorted((a, b) => Number(meant.has(b.record.id)) - Number(meant.has(a.record.id)));
  return new Map([...held].map(([key, all]) => [key, noteOf(meantFirst(all), journals, folded, inTime)]));
}

/** Which partitions gave their children to a record's, however often that one was folded in turn. */
function foldedUnder(roots: ReadonlyMap<string, Root>): ReadonlyMap<string, readonly string[]> {
  const under = new Map<string, string[]>();
  for (const [pk, { id, foldedInto }] of roots) {
    for (let older = foldedInto; older !== undefined; ) {
      const home = pk.replace(id, older);
      under.set(home, [...(under.get(home) ?? []), pk]);
      older = roots.get(home)?.foldedInto;
    }
  }
  return under;
}

function keyOf(pk: string, { kind, fields }: Root | Child): string | undefined {
  const mark = markIn(fields[MARKED[kind]]);
  return mark === undefined ? undefined : `${pk.split('#')[0]} ${kind} ${mark}`;
}

/** Of several records of one thing, all but one were folded into it. */
function noteOf(
  all: readonly Held[],
  journals: ReadonlyMap<string, Entry[]>,
  folded: ReadonlyMap<string, readonly string[]>,
  inTime: (entries: readonly Entry[]) => readonly Entry[],
): Notes {
  const isFolded = ({ root, record }: Held) =>
    root.foldedInto !== undefined || (record.kind === 'comment' && Object.keys(record.links).length === 0);
  const { pk: home, root, record } = all.find((each) => !isFolded(each)) ?? all[0]!;
  const pks = new Set([...all.map(({ pk }) => pk), ...(folded.get(home) ?? [])]);
  return {
    root,
    record,
    records: new Set(all.map((each) => each.record.id)),
    journal: inTime([...pks].flatMap((pk) => journals.get(pk) ?? [])),
    link: (connection) =>
      record.kind === 'comment' ? record.links[connection] : root.lanes[connection]?.link,
  };
}

export function nameOf({ kind, mark }: Family): string {
  return `${kind} #${mark}#`;
}

export function rootFamily(family: Family, families: readonly Family[]): Family | undefined {
  const { site, object } = family.copies[0]!;
  const found = families.find(
    (each) =>
      each.kind === 'ticket' &&
      each.copies.some((copy) => copy.site === site && copy.object.id === object.root),
  );
  if (found?.merged === undefined || family.notes === undefined) return found;
  // Two conversations may share that object: the hub tells which of them it is of. One that has no copy of its own left
  // is nowhere but there.
  const { id } = family.notes.root;
  return families.find(({ kind, notes }) => kind === 'ticket' && notes?.records.has(id) === true);
}

/** What bears this mark, or bore it before a merge made two of them one. */
export function familyAt(
  families: readonly Family[],
  { organization, kind, mark }: Pick<Family, 'organization' | 'kind' | 'mark'>,
): Family | undefined {
  const isIts = (each: Family) => each.kind === kind && each.organization === organization;
  return (
    families.find((each) => isIts(each) && each.mark === mark) ??
    families.find((each) => isIts(each) && each.merged?.marks.has(mark) === true)
  );
}

/** Its own copy there was merged into another record's, and is named as that one is. */
export const goesOnAs = ({ merged, notes }: Family, site: Site, named: unknown): boolean =>
  notes?.link(site.connection)?.isBorrowed === true &&
  merged?.ownGone.some((gone) => gone.site === site && site.vendor.survivorOf(gone.object.id) === named) ===
    true;

/** Openly set aside, so that a person will look at it: the one excuse for standing still. */
export function isParked(family: Family, { connection }: Site): boolean {
  const { notes } = family;
  return notes?.link(connection)?.parked !== undefined || notes?.root.lanes[connection]?.parked !== undefined;
}

/**
 * A gap the manifest names: where copies bear no mark of ours, one whose creation was never answered, and
 * which a person changed before anything was seen of it, cannot be told from theirs.
 */
function isMistaken(world: World, family: Family, { site, object }: Copy): boolean {
  const { chronicle, catalog } = world;
  const { kind } = family;
  if (isByMerge(family, { site, object })) return false;
  const request = requestOf(chronicle, { site, object });
  if (request === undefined || request.isTaken) return false;
  // Told for what it is after all: then the hub is held to it.
  if (linkOf(world, site, request.record)?.externalId === object.id) return false;
  if (!catalog.get(site.integration)!.manifest.kinds[kind]?.gaps?.includes(UNMARKED_GAP)) return false;
  const first = site.vendor.deeds.find(({ object: id, by }) => id === object.id && by === 'person');
  // A restless vendor has changed it itself, from its first moment on.
  if (site.vendor.profile.normaliser === 'restless') return true;
  if (first === undefined) return false;
  return !wasShown(world, { site, object }, first.atMs);
}

/** Whoever has made it, this record's own copy went on as it; or as another of its copies, and here it has this one. */
function isByMerge(
  { copies, merged, notes }: Family,
  { site, object }: Pick<Copy, 'site' | 'object'>,
): boolean {
  const isHeld = notes?.link(site.connection)?.externalId === object.id;
  const wentOn = merged?.ownGone.some(({ site: at, object: gone }) => {
    const into = at.vendor.survivorOf(gone.id);
    if (at === site && into === object.id) return true;
    return isHeld && copies.some((copy) => copy.site === at && copy.object.id === into);
  });
  return wentOn === true;
}

/** Whether a look or an event had shown the hub what it says by then. */
export function wasShown(
  { chronicle }: World,
  { site, object }: Pick<Copy, 'site' | 'object'>,
  byMs: number,
): boolean {
  const { looks, told, closedAtMs } = chronicle;
  const isSeen = looks.some(
    (look) => look.site === site.index && look.object === object.id && look.isTaken && look.atMs < byMs,
  );
  // An event shows what it says once it is through; one that says only that something is there shows nothing.
  const isTold = told.some(({ object: id, fields, inbox }) => {
    if (id !== object.id || Object.keys(fields).length === 0) return false;
    const row = `${site.organization}#inbox#${site.connection}#${inbox} row`;
    return (closedAtMs.get(row) ?? Number.POSITIVE_INFINITY) < byMs;
  });
  return isSeen || isTold;
}

/** What the hub holds of one record's copy at a site, or the record holds that it was folded into. */
export function linkOf(world: World, site: Site, record: string | undefined): Link | undefined {
  const held = standingFor(world, record);
  return held?.links?.[site.connection] ?? held?.lanes?.[site.connection]?.link;
}

type Stored = Partial<Root> & { readonly links?: Record<string, Link> };

/** What the hub holds of a record, or of the one it was folded into, however often that was folded in turn. */
export function standingFor(world: World, record: string | undefined): Stored | undefined {
  const item = world.store.items().find(({ sk, data }) => isRecord(sk) && (data as Root).id === record);
  const held = item?.data as Stored | undefined;
  return held?.foldedInto === undefined ? held : standingFor(world, held.foldedInto);
}

export const isRecord = (sk: string): boolean => sk === 'root' || sk.startsWith('child#');

export function requestOf(
  { requests }: Chronicle,
  { site, object }: Pick<Copy, 'site' | 'object'>,
): Request | undefined {
  const birth = site.vendor.deeds.find(({ object: id, deed }) => id === object.id && deed === 'created')!;
  return requests.get(`${site.index} ${birth.sequence}`);
}

/** A family without the copies that were mistaken for a person's, and those made for that person's supposed record. */
export function withoutMistaken(world: World, family: Family): Family {
  const mistaken = family.copies.filter((copy) => isMistaken(world, family, copy));
  if (mistaken.length === 0) return family;
  const own = new Set(mistaken.map((copy) => requestOf(world.chronicle, copy)!.record));
  const copies = family.copies.filter((copy) => {
    const record = requestOf(world.chronicle, copy)?.record;
    return !mistaken.includes(copy) && (record === undefined || own.has(record));
  });
  return { ...family, copies, notes: notesOfOwn(world, family, own) };
}

/** The record that was supposed of the mistaken copy bears its mark, too. */
function notesOfOwn(world: World, family: Family, own: ReadonlySet<RecordId>): Notes | undefined {
  const { organization, kind, mark, notes, merged } = family;
  if (merged !== undefined || notes === undefined || own.has(notes.record.id)) return notes;
  return notesOf(world, own).get(`${organization} ${kind} ${mark}`);
}
