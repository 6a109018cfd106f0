import { type FieldValue, isMapped, referenceOf } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Chronicle, Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { fieldOf } from '../worlds/documents.ts';
import { CONTEXT, isWritable, mappingOf, projectable } from './converge.ts';
import { type Breach, type Copy, type Family, familyAt, isParked, nameOf } from './families.ts';
import { livesOf } from './lives.ts';
import { writtenThen } from './mapped.ts';
import { diedBefore } from './parked.ts';
import { isAnothers } from './returned.ts';

/** Invariant 6: what was known first is at each target first, child after child, value after value. */
export function inOrder(world: World, families: readonly Family[]): readonly Breach[] {
  const comments = families.filter(({ kind }) => kind === 'comment');
  const sayings = new Map(comments.map((family) => [family, sayingOf(world, family, families)]));
  return [
    ...comments.flatMap((later) =>
      comments.flatMap((earlier) => {
        const [first, second] = [sayings.get(earlier), sayings.get(later)];
        if (earlier === later || first === undefined || second === undefined) return [];
        return overtakings(world, [earlier, first], [later, second]);
      }),
    ),
    ...families.flatMap((family) => family.copies.flatMap((copy) => valuesInOrder(world, family, copy))),
  ];
}

/** One thing that was said: to whom, from when on it stood in line, and where. */
interface Saying {
  readonly organization: string;
  /** The mark of its ticket. */
  readonly root: number;
  readonly saidAtMs: number;
  readonly knownAtMs: number;
  /** Where a person said it; nowhere: through the API. */
  readonly origin: Copy | undefined;
  /** Its ticket is one of several that were merged. */
  readonly isMerged?: true;
}

function sayingOf(world: World, family: Family, families: readonly Family[]): Saying | undefined {
  const { organization } = family;
  const byApi = world.chronicle.hubComments.find(
    (each) => each.organization === organization && each.comment === family.mark,
  );
  if (byApi !== undefined) {
    const { mark: root, askedAtMs: saidAtMs, ackedAtMs: knownAtMs } = byApi;
    const isMerged = familyAt(families, { organization, kind: 'ticket', mark: root })?.merged !== undefined;
    const apart = isMerged ? { isMerged: true as const } : {};
    return { organization, root, saidAtMs, knownAtMs, origin: undefined, ...apart };
  }
  const origin = family.copies.find(({ object }) => object.createdBy === 'person');
  const knownAtMs = origin && world.chronicle.queued.get(origin.object.id);
  if (origin === undefined || knownAtMs === undefined) return undefined;
  const isRoot = ({ kind, copies }: Family) =>
    kind === 'ticket' &&
    copies.some(({ site, object }) => site === origin.site && object.id === origin.object.root);
  const root = families.find(isRoot);
  if (root === undefined) return undefined;
  const isMerged = root.merged === undefined ? {} : { isMerged: true as const };
  const saidAtMs = origin.object.createdAtMs;
  return { organization, root: root.mark, saidAtMs, knownAtMs, origin, ...isMerged };
}

function overtakings(
  world: World,
  [earlier, first]: readonly [Family, Saying],
  [later, second]: readonly [Family, Saying],
): readonly Breach[] {
  if (first.root !== second.root || first.organization !== second.organization) return [];
  if (!isOneConversation(first, second)) return [];
  if (!isKnownFirst(world, first, second)) return [];
  return later.copies.flatMap(({ site, object }) => {
    if (object.createdBy === 'person' || isParked(earlier, site)) return [];
    const isBeside = (copy: Copy) =>
      copy.object.root === object.root || bornUnder(copy) === bornUnder({ site, object, isLive: true });
    const before = earlier.copies.filter((copy) => copy.site === site && isBeside(copy));
    if (before.length === 0 || before.some((copy) => copy.object.order < object.order)) return [];
    const decidedAtMs = decidedAt(world, later, site, object);
    if (wasShutOut(world, earlier, first, decidedAtMs)) return [];
    const { createdAtMs } = object;
    if (fellBehind(world, earlier, [first, second], { createdAtMs, decidedAtMs })) return [];
    if (stoodAside(world, earlier, site, object)) return [];
    return [{ invariant: 6, what: `${nameOf(later)} overtook ${nameOf(earlier)} at ${site.vendor.id}` }];
  });
}

/** Where two conversations were made one, what was said in each keeps its own order. */
function isOneConversation(first: Saying, second: Saying): boolean {
  if (first.isMerged !== true) return true;
  return (
    first.origin !== undefined && bornUnder(first.origin) === (second.origin && bornUnder(second.origin))
  );
}

const bornUnder = ({ site: { vendor }, object }: Copy) => vendor.bornUnder.get(object.id) ?? object.root;

/** Stamps may be whole seconds: two sources' times order what is further apart. */
const STAMP_MS = 1_000;

/**
 * In one line, one behind the other. Across lines, the first was taken in whole before the second was said, by
 * more than the clocks they are ordered by may be off.
 */
function isKnownFirst(world: World, first: Saying, second: Saying): boolean {
  const isOneLine = first.origin?.site === second.origin?.site;
  if (isOneLine) return first.knownAtMs < second.saidAtMs;
  const skewMs = Math.max(0, ...world.plan.skewsMs.map(Math.abs));
  const takenInMs = first.origin === undefined ? first.knownAtMs : takenInAt(world, first.origin);
  return takenInMs + skewMs + STAMP_MS < second.saidAtMs;
}

/** When the hub held all of it: its event was through, or, where that does not show all of it, it was read. */
function takenInAt(world: World, copy: Copy): number {
  const { site, object } = copy;
  if (isShownWhole(world, copy)) return closedAt(world, copy);
  const read = world.chronicle.looks.find(
    (look) => look.isTaken && look.site === site.index && look.object === object.id,
  );
  return Math.max(closedAt(world, copy), read?.atMs ?? Number.POSITIVE_INFINITY);
}

/** The first heard of it may be a change made since: that tells of what has changed alone. */
function isShownWhole({ chronicle }: World, { object }: Copy): boolean {
  const about = chronicle.about.get(chronicle.rows.get(object.id) ?? '') ?? [];
  return about.some(
    ({ externalId, isComplete, needsRead }) => externalId === object.id && isComplete && needsRead !== true,
  );
}

function closedAt({ chronicle }: World, { site, object }: Copy): number {
  const row = chronicle.rows.get(object.id);
  const key = `${site.organization}#inbox#${site.connection}#${row} row`;
  return chronicle.closedAtMs.get(key) ?? Number.POSITIVE_INFINITY;
}

/** What has been noted and may be under way is not called back, whatever is heard of until it lands. */
function decidedAt(world: World, { notes }: Family, site: Site, { createdAtMs }: VendorObject): number {
  const noted = world.chronicle.intended.get(`${site.connection} ${notes?.record.id}`);
  return noted?.findLast(({ atMs }) => atMs <= createdAtMs)?.atMs ?? createdAtMs;
}

/** It was still to be read where it was said, and the way there was shut in the open: its followers did not wait. */
function wasShutOut(world: World, { notes }: Family, { origin }: Saying, decidedAtMs: number): boolean {
  if (origin === undefined || notes === undefined || isShownWhole(world, origin)) return false;
  const { site } = origin;
  const lane = `${site.organization}#root#${notes.root.id} ${site.connection}`;
  const isShut = world.chronicle.shut
    .get(lane)
    ?.some((each) => each.fromMs <= decidedAtMs && decidedAtMs <= each.untilMs);
  return isShut === true && takenInAt(world, origin) > decidedAtMs;
}

/** What took the first out of line, or the second past it, before the second was made. */
function fellBehind(
  world: World,
  earlier: Family,
  [first, second]: readonly [Saying, Saying],
  { createdAtMs, decidedAtMs }: { readonly createdAtMs: number; readonly decidedAtMs: number },
): boolean {
  const { chronicle } = world;
  const { origin } = first;
  const happened = (atMs: number | undefined) => atMs !== undefined && atMs <= createdAtMs;
  // A comment deleted anywhere is deleted; brought back, it goes where it is still missing.
  const isDead = earlier.copies.some((copy) =>
    livesOf(copy).some(({ deed, atMs }) => deed === 'deleted' && happened(atMs)),
  );
  if (isDead || origin === undefined) return isDead;
  if (
    stoodUnseen(chronicle, earlier, origin, decidedAtMs) ||
    happened(chronicle.fellOut.get(origin.object.id))
  )
    return true;
  if (second.origin === undefined) return false;
  const detouredAtMs = chronicle.detoured.get(second.origin.object.id);
  const isPast = detouredAtMs !== undefined && happened(detouredAtMs);
  return (
    (isPast && closedAt(world, origin) > detouredAtMs) || cameElsewhere(world, second.origin, createdAtMs)
  );
}

/**
 * Asked for where it was said and not shown, it stood aside in the open, whatever its own event may have told by then; and
 * stays behind those that it let go on until somebody sees it.
 */
function stoodUnseen(
  { aside, looks }: Chronicle,
  { notes }: Family,
  { site, object }: Copy,
  decidedAtMs: number,
): boolean {
  const times = [...(notes?.records ?? [])].flatMap((id) => aside.get(`${site.connection} ${id}`) ?? []);
  const isSeen = (sinceMs: number) =>
    looks.some(
      (look) =>
        look.site === site.index &&
        look.object === object.id &&
        look.isTaken &&
        sinceMs < look.atMs &&
        look.atMs <= decidedAtMs,
    );
  return times.some(
    ({ fromMs, untilMs }) => fromMs <= decidedAtMs && (decidedAtMs <= untilMs || !isSeen(untilMs)),
  );
}

/**
 * Before its own event was through it was shown where a merge has moved it, itself or by a file that hangs on it: as said in
 * another conversation.
 */
function cameElsewhere(world: World, copy: Copy, untilMs: number): boolean {
  const { told, about } = world.chronicle;
  const isMoved = ({ externalId, rootExternalId }: Shown) =>
    externalId === copy.object.id && rootExternalId !== bornUnder(copy);
  return told.some(
    ({ heardAtMs, inbox }) =>
      heardAtMs <= Math.min(untilMs, closedAt(world, copy)) &&
      about.get(inbox)?.some((o) => isMoved(o) || (o.parent !== undefined && isMoved(o.parent))) === true,
  );
}
type Shown = Pick<Observation, 'externalId' | 'rootExternalId'>;

/** Refused there, deleted there, or of unknown fate: it left a visible gap, and its followers went on. */
function stoodAside(world: World, earlier: Family, site: Site, { createdAtMs }: VendorObject): boolean {
  const { chronicle } = world;
  const record = earlier.notes?.record.id;
  const refusedAtMs = chronicle.refused.get(`${site.index} ${record}`);
  if (refusedAtMs !== undefined && refusedAtMs <= createdAtMs) return true;
  if (site.vendor.profile.commentCreation !== 'none') return false;
  const doubtedAtMs = chronicle.doubted.get(`${site.connection} ${record}`);
  if (doubtedAtMs !== undefined && doubtedAtMs <= createdAtMs && diedBefore(world, site, record)) return true;
  return chronicle.creations.some(
    (asked) => asked.site === site.index && asked.record === record && !asked.isTaken,
  );
}

/** What the hub wrote to a field, late landings apart, is what the record held, in that order. */
function valuesInOrder(world: World, family: Family, copy: Copy): readonly Breach[] {
  const { kind, notes } = family;
  const { site, object } = copy;
  if (notes === undefined || notes.records.size > 1 || !isWritable(world, family, copy)) return [];
  const mapping = mappingOf(world, site);
  const written = new Map<string, Writing[]>();
  const form = (field: string, value: FieldValue) => mapping.canonicalForm(kind, field, value);
  const hasWords = isMapped(kind) && site.documents.length > 0;
  // By the words of its own time, whatever they mean now.
  const writingOf = (field: string, to: FieldValue, sequence: number): Writing => {
    const made = hasWords
      ? writtenThen(world, site, kind, { field, sequence })
      : projectedNow(fieldOf(field));
    return { to, isOf: (held) => form(fieldOf(field), made(held)) === form(fieldOf(field), to) };
  };
  const projectedNow = (field: string) => (value: FieldValue) =>
    mapping.project(projectable(kind, { [field]: value }, copy), CONTEXT)?.[field] ?? null;
  for (const { object: id, by, deed, changes, sequence } of site.vendor.deeds) {
    if (id !== object.id || by !== 'hub' || deed !== 'changed') continue;
    const request = world.chronicle.requests.get(`${site.index} ${sequence}`);
    if (request !== undefined && (request.isLate || isAnothers(family, copy, request))) continue;
    for (const [field, { to }] of Object.entries(changes)) {
      if (field !== referenceOf(kind)?.field)
        written.set(fieldOf(field), [...(written.get(fieldOf(field)) ?? []), writingOf(field, to, sequence)]);
    }
  }
  return [...written].flatMap(([field, values]) => {
    const held = notes.journal.flatMap(({ changes }) =>
      changes.flatMap(({ record, fields }) => {
        const change = record === notes.record.id ? fields[field] : undefined;
        return change === undefined ? [] : [change.from, change.to];
      }),
    );
    // What was never changed may be written in other words, to what a copy was merged into, or over what did not stand there.
    if (hasWords || held.length === 0) held.push(notes.record.fields[field] ?? null);
    return isSubsequence(values, held)
      ? []
      : [
          {
            invariant: 6,
            what: `${nameOf(family)}.${field} at ${site.vendor.id}: ${values.map(({ to }) => to).join(', ')} were written of ${held.join(', ')}`,
          },
        ];
  });
}

/** What was written, and whether it was written of a value of the record's. */
interface Writing {
  readonly to: FieldValue;
  readonly isOf: (held: FieldValue) => boolean;
}

/** A value may be written again; none may come back from before. */
function isSubsequence(values: readonly Writing[], of: readonly FieldValue[]): boolean {
  let at = 0;
  return values.every(({ isOf }) => {
    while (at < of.length && !isOf(of[at]!)) at += 1;
    return at < of.length;
  });
}
