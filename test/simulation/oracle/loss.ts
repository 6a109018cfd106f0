import { type FieldValue, type RecordId, referenceOf } from '../../../shared/domain/index.ts';
import { ruleFor } from '../../../shared/mapping/index.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { PUT_BACK_GAP, SAME_STAMP_GAP, UNCONDITIONAL_GAP } from '../vendor/manifest.ts';
import type { Deed, Snapshot } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { fieldOf, writtenBy } from '../worlds/documents.ts';
import { isLossy } from '../worlds/transforms.ts';
import { CONTEXT, mappingOf } from './converge.ts';
import { type Breach, type Copy, type Family, goesOnAs, nameOf } from './families.ts';
import { notesByRecord } from './grouped.ts';
import { isUnmet, meanings, pairThen, wasRequired, wentUnheard } from './mapped.ts';
import { isMeantStill, namedBeforeMerges } from './returned.ts';

/**
 * Invariant 3: what a person set and the hub overwrote is in the end state, or in the journal. Whether it was
 * overwritten is told by the vendor's own deeds; what people overwrite themselves is theirs.
 */
export function noSilentLoss(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) =>
    [...family.copies, ...goneOf(family)].flatMap((copy) => lossesAt(world, families, family, copy)),
  );
}

/** What was merged away was a copy of the record that asked for it, until then. */
function goneOf({ merged, notes }: Family): readonly Copy[] {
  return (
    merged?.gone.filter(({ object }) => object.marker !== undefined && notes?.records.has(object.marker)) ??
    []
  );
}

/** Until it was merged away, and taken out of the bin again, it may have been another record's copy of those that merges have met. */
const formerOf = (families: readonly Family[], { object }: Copy): readonly Family[] =>
  families.filter(({ merged }) => merged?.back.some((copy) => copy.object === object) === true);

/** One value a person set, and the deed of the hub's that replaced it. */
interface Overwriting {
  readonly copy: Copy;
  readonly field: string;
  readonly value: FieldValue;
  readonly edit: Deed;
  readonly write: Deed;
}

function lossesAt(world: World, families: readonly Family[], family: Family, copy: Copy): readonly Breach[] {
  return overwritings(copy).flatMap((over) => {
    const isSame = sameness(world, families, family, over);
    const isMeant = (held: FieldValue | undefined) => isSame(held) || isWrittenOf(world, family, over, held);
    if (isSame(over.write.changes[over.field]!.to) || isStanding(family, over, isSame, isMeant)) return [];
    if ([family, ...formerOf(families, copy)].some((each) => isJournalled(world, each, over, isMeant)))
      return [];
    if (wasLeftEmpty(world, family, over) || saysNothing(family, over)) return [];
    const gap = namedGap(world, over);
    if (gap !== undefined) {
      world.injector.count(`named-gap:${gap}`);
      return [];
    }
    const { field, value, write } = over;
    const replaced = JSON.stringify(write.changes[field]!.to);
    const what = `${nameOf(family)}.${field}: ${JSON.stringify(value)} set at ${copy.site.vendor.id} was overwritten by ${replaced}, unjournalled`;
    return [{ invariant: 3, what }];
  });
}

export function overwritings(copy: Copy): readonly Overwriting[] {
  const deeds = copy.site.vendor.deeds.filter(({ object }) => object === copy.object.id);
  return deeds.flatMap((edit, at) =>
    edit.by !== 'person'
      ? []
      : Object.entries(edit.changes).flatMap(([field, { from, to: value }]): Overwriting[] => {
          const write = deeds.slice(at + 1).find(({ changes }) => field in changes);
          if (write === undefined || write.by === 'person' || from === value) return [];
          return [{ copy, field, value, edit, write }];
        }),
  );
}

type IsSame = (each: FieldValue | undefined) => boolean;

/** Whether a value, the record's or this vendor's own, is the one that was set, as the vendor would have it. */
function sameness(world: World, families: readonly Family[], { kind }: Family, over: Overwriting): IsSame {
  const { field, value, copy } = over;
  const { site } = copy;
  const mapping = mappingOf(world, site);
  const canonical =
    field === referenceOf(kind)?.field
      ? recordsBehind(world, families, over)
      : (meanings(site, kind, field, value) ?? [mapping.interpret(kind, { [field]: value }, CONTEXT)[field]]);
  const form = (each: FieldValue | undefined) => mapping.canonicalForm(kind, field, each ?? null);
  const wanted = [...canonical, value].map((each) => form(each));
  return (each) => wanted.includes(form(each));
}

/**
 * The record that has it for its copy, or had it until it was merged away, and those that have been folded into that: the
 * journal says whose it was then. One that goes on there as another's copy is named by that, too, or did so until it was
 * back: a merge renames whoever named it.
 */
function recordsBehind(
  world: World,
  families: readonly Family[],
  { copy: { site }, field, value, edit }: Overwriting,
): FieldValue[] {
  const isIt = (copy: Copy) => copy.site === site && copy.object.id === value;
  const own = ({ copies, merged }: Family) => [...copies, ...(merged?.ownGone ?? [])];
  const before = namedBeforeMerges(site, field, edit);
  const isNamedSo = (each: Family) => goesOnAs(each, site, value) || isMeantStill(each, site, before);
  const named = families.filter((each) => own(each).some(isIt) || isNamedSo(each));
  return [...named.flatMap(({ notes }) => [...(notes?.records ?? [])]), ...borrowersOnce(world, site, value)];
}

/** Who had it for a copy and has another record's since: with no copy of its own left anywhere it is in no family. */
function borrowersOnce(
  world: World,
  { organization, connection }: Copy['site'],
  value: FieldValue,
): FieldValue[] {
  const notesOf = notesByRecord(world);
  return world.store.items().flatMap(({ pk, sk, data }) => {
    if (sk !== 'root' || !pk.startsWith(`${organization}#`)) return [];
    const link = (data as Root).lanes[connection]?.link;
    const isIts = link?.isBorrowed === true && link.former?.some((id) => id === value) === true;
    return isIts ? [...notesOf(data as Root).records] : [];
  });
}

/** Emptied where a value is required. */
const saysNothing = ({ kind }: Family, { copy, field, value }: Overwriting): boolean =>
  value === null && wasRequired(copy.site, kind, fieldOf(field));

/** By a document that loses something a value may be all that is to stand there of what the record held: it says that. */
function isWrittenOf(
  world: World,
  { kind }: Family,
  { copy: { site }, field, value }: Overwriting,
  held: FieldValue | undefined,
): boolean {
  const form = (each: FieldValue) => mappingOf(world, site).canonicalForm(kind, field, each);
  return site.documents.some(({ document }) => {
    const rule = ruleFor(document, kind, fieldOf(field));
    if (rule?.vendorField !== field || !isLossy(rule.transforms)) return false;
    return form(writtenBy(document, kind, rule.field, held ?? null) ?? null) === form(value);
  });
}

function isStanding(
  { notes }: Family,
  { copy, field }: Overwriting,
  isSame: IsSame,
  isMeant: IsSame,
): boolean {
  if (notes !== undefined && isMeant(notes.record.fields[fieldOf(field)])) return true;
  return isSame(copy.site.vendor.now(copy.object.id)!.fields[field]);
}

/** Taken in and replaced, or refused, in a revision committed after the edit: what came before speaks of others. */
function isJournalled(
  { chronicle }: World,
  { notes }: Family,
  { field: vendorField, edit }: Overwriting,
  isMeant: IsSame,
): boolean {
  if (notes === undefined) return false;
  const field = fieldOf(vendorField);
  const isHis = (record: RecordId) => notes.records.has(record);
  return notes.journal.some(({ key, changes, losses }) => {
    if ((chronicle.committedAtMs.get(key) ?? 0) <= edit.atMs) return false;
    return (
      changes.some(
        ({ record, fields }) => isHis(record) && field in fields && isMeant(fields[field]!.from),
      ) || losses.some((loss) => isHis(loss.record) && loss.field === field && isMeant(loss.lost))
    );
  });
}

/**
 * In a field that was in step with nothing, as far as the hub could know by then: a pair that meets takes the value of
 * whichever side has one, and of what is empty nobody can tell whether it ever held any.
 */
function wasLeftEmpty(
  world: World,
  { kind }: Family,
  { copy, field, value, edit, write }: Overwriting,
): boolean {
  if (copy.site.documents.length === 0 || value !== null) return false;
  const pair = pairThen(copy.site, kind, field, edit.atMs);
  if (pair === undefined || isUnmet(world, copy, pair, edit.atMs)) return true;
  return wentUnheard(world, copy, pair, { setAtMs: edit.atMs, byMs: write.atMs });
}

/** What the vendor offers no means against, by its manifest's own sentence. */
function namedGap(world: World, over: Overwriting): string | undefined {
  const { site, object } = over.copy;
  const gaps = world.catalog.get(site.integration)!.manifest.kinds[object.kind]?.gaps ?? [];
  const isUnconditional = gaps.includes(UNCONDITIONAL_GAP);
  if (isUnconditional && (cameAfterLastLook(world, over) || wasLandedOn(world, over))) return 'unconditional';
  if (gaps.includes(SAME_STAMP_GAP) && isWithinOneStamp(world, over)) return 'same-stamp';
  if (gaps.includes(PUT_BACK_GAP) && isBackAsLastSeen(world, over)) return 'put-back';
  return undefined;
}

/** What one run of a function last saw of an object before a deed of its own: how many deeds that includes. */
function lastLookOf(
  { chronicle }: World,
  { copy: { site, object }, write }: Overwriting,
): number | undefined {
  const request = chronicle.requests.get(`${site.index} ${write.sequence}`);
  if (request === undefined) return undefined;
  const looks = chronicle.looks.filter(
    (look) =>
      look.run === request.run &&
      look.site === site.index &&
      look.object === object.id &&
      look.atMs <= request.askedAtMs,
  );
  const answered = site.vendor.deeds.filter(({ object: id, by, sequence, atMs }) => {
    if (id !== object.id || by !== 'hub' || atMs > request.askedAtMs) return false;
    const own = chronicle.requests.get(`${site.index} ${sequence}`);
    return own?.run === request.run && own.isAnswered && site.vendor.profile.answers === 'state';
  });
  const seen = [...looks.map(({ deeds }) => deeds), ...answered.map(({ sequence }) => sequence + 1)];
  return seen.length === 0 ? undefined : Math.max(...seen);
}

/** The write was sent on what its own function had read, and the edit came after that. */
function cameAfterLastLook(world: World, over: Overwriting): boolean {
  const look = lastLookOf(world, over);
  return look !== undefined && over.edit.sequence >= look;
}

/**
 * A request sent on a look from before the edit brought the very value that the edit had set: from its landing on, that
 * is by the hub's hand, and what follows replaces the hub's own.
 */
function wasLandedOn(world: World, over: Overwriting): boolean {
  const { copy, field, edit, write } = over;
  return copy.site.vendor.deeds.slice(edit.sequence + 1, write.sequence).some((deed) => {
    const request = world.chronicle.requests.get(`${copy.site.index} ${deed.sequence}`);
    if (deed.object !== copy.object.id || request?.fields.includes(field) !== true) return false;
    return cameAfterLastLook(world, { ...over, write: deed });
  });
}

/** What the write was conditioned on and the edit carry the same stamp: the condition could not tell. */
function isWithinOneStamp(world: World, over: Overwriting): boolean {
  const { copy, edit, write } = over;
  const { snapshots } = copy.object;
  const [base, edited] = [snapshots[edit.over - 1], snapshots[edit.over]];
  if (base === undefined || base.modifiedAtMs !== edited?.modifiedAtMs) return false;
  const request = world.chronicle.requests.get(`${copy.site.index} ${write.sequence}`);
  const look = lastLookOf(world, over);
  return request?.ifVersion?.value === edited.modifiedAtMs && (look === undefined || look <= edit.sequence);
}

/** Changed and put back between two looks of the hub's, with nothing said of it: there is no news to lose. */
function isBackAsLastSeen({ chronicle }: World, { copy, field, value, edit }: Overwriting): boolean {
  const { site, object } = copy;
  const deeds = site.vendor.deeds.filter(({ object: id }) => id === object.id);
  const own = deeds.findLast(({ by, sequence }) => by === 'hub' && sequence < edit.sequence);
  const looks = chronicle.looks.filter(
    (look) =>
      look.isTaken && look.site === site.index && look.object === object.id && look.deeds <= edit.sequence,
  );
  const seenDeeds = Math.max(own === undefined ? 0 : own.sequence + 1, ...looks.map((look) => look.deeds));
  const known = deeds.filter(({ sequence }) => sequence < seenDeeds).length;
  const seen = object.snapshots[known - 1]?.fields[field];
  if (seen === undefined || seen !== value) return false;
  const between = object.snapshots.slice(known, edit.over);
  return !chronicle.told.some(
    ({ object: id, atMs, fields }) =>
      id === object.id &&
      field in fields &&
      between.some((state) => isToldOf(state, field, { atMs, fields, seen })),
  );
}

interface Telling {
  readonly atMs: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly seen: FieldValue;
}

function isToldOf(state: Snapshot, field: string, { atMs, fields, seen }: Telling): boolean {
  return state.modifiedAtMs === atMs && state.fields[field] === fields[field] && fields[field] !== seen;
}
