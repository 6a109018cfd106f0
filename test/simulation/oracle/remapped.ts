import type { FieldValue } from '../../../shared/domain/index.ts';
import { rulesOf } from '../../../shared/mapping/index.ts';
import type { Link } from '../../../shared/sync/state.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { fieldOf } from '../worlds/documents.ts';
import { closedByDeletion } from './effects.ts';
import { type Breach, type Copy, type Entry, type Family, isParked, nameOf } from './families.ts';
import { isMourned } from './lives.ts';
import { documentNow, isUnmet, meanings, pairThen } from './mapped.ts';
import { wasMergedBy } from './returned.ts';

/** Invariant 1, of mappings changed in flight: every copy has met the newest, and no field waits for a first look. */
export function mappingReached(_world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => {
    if (isMourned(family)) return [];
    return family.copies.flatMap(({ site, object, isLive }) => {
      const document = documentNow(site);
      const link = family.notes?.link(site.connection);
      if (document === undefined || rulesOf(document, family.kind).length === 0) return [];
      if (!isLive || link?.externalId !== object.id || isParked(family, site)) return [];
      return leftBehind(family, site, link, document.version);
    });
  });
}

function leftBehind(family: Family, { vendor }: Site, link: Link, version: number): readonly Breach[] {
  const where = `${nameOf(family)} at ${vendor.id}`;
  const { mapping = 0, unbased = [] } = link;
  return [
    ...(mapping === version
      ? []
      : [{ invariant: 1, what: `${where} is under mapping ${mapping}, the connection under ${version}` }]),
    ...unbased.map((field) => ({ invariant: 1, what: `${where}.${field} has never been looked at` })),
  ];
}

/** The words, of which every value is somebody's doing: no vendor makes others of them. */
const WORDS = ['status', 'priority'];

/**
 * Invariant 3, of mappings changed in flight: what a record takes over from a copy somebody set there, or the pair's
 * first meeting brought it. A changed mapping is no edit of anybody's.
 */
export function remapsEditNothing(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) =>
    family.kind !== 'ticket' || family.notes === undefined
      ? []
      : family.notes.journal.flatMap((entry) => ofNobody(world, family, entry)),
  );
}

function ofNobody(world: World, family: Family, { key, changes }: Entry): readonly Breach[] {
  const { sites, chronicle } = world;
  const byMs = chronicle.committedAtMs.get(key) ?? 0;
  return changes.flatMap(({ what, source, fields, record }) => {
    const site = sites.find(({ connection, documents }) => connection === source && documents.length > 0);
    if (site === undefined || what !== 'updated' || record !== family.notes!.record.id) return [];
    return WORDS.flatMap((field) => {
      const change = fields[field];
      if (change === undefined || isSomebodys(world, family, site, field, { ...change, byMs })) return [];
      if (field === 'status' && closedByDeletion(world, family) > 0) return [];
      if (field === 'status' && change.to === 'closed' && mergedAway(family, site, byMs)) return [];
      if (field === 'status' && isClosing(change) && wasBack(family, site, byMs)) return [];
      const said = `${nameOf(family)}.${field}: ${change.to} was taken for an edit at ${site.vendor.id}, of nobody's`;
      return [{ invariant: 3, what: said }];
    });
  });
}

interface Taken {
  readonly from: FieldValue;
  readonly to: FieldValue;
  readonly byMs: number;
}

/** Whose object was merged into another conversation's is closed. */
const mergedAway = ({ merged }: Family, site: Site, byMs: number): boolean =>
  merged?.ownGone.some((copy) => copy.site === site && copy.object.snapshots.at(-1)!.atMs <= byMs) === true;

/** And is open again once that one is taken out of the bin: by then nobody sees the merge any more. */
const isClosing = ({ from, to }: Pick<Taken, 'from' | 'to'>): boolean => from === 'closed' || to === 'closed';
const wasBack = ({ merged }: Family, site: Site, byMs: number): boolean =>
  merged?.back.some((copy) => copy.site === site && wasMergedBy(copy, byMs)) === true;

function isSomebodys(world: World, family: Family, site: Site, field: string, taken: Taken): boolean {
  const { copies: own, merged } = family;
  const { gone = [], back = [] } = merged ?? {};
  const copies = [...own, ...gone, ...back].filter((copy) => copy.site === site);
  const { record, journal } = family.notes!;
  // Without versions an old state may be shown again, and be taken for a new one.
  // What goes on for a merged one has a beginning of its own.
  const isOrigin =
    merged === undefined &&
    site.vendor.profile.versions !== 'none' &&
    journal.some(({ changes }) =>
      changes.some(
        (each) => each.record === record.id && each.what === 'created' && each.source === site.connection,
      ),
    );
  return (
    copies.some((copy) => isSet(copy, field, { ...taken, isOrigin })) ||
    copies.some((copy) => isFirstMet(world, copy, field, taken))
  );
}

/**
 * By anybody, for our own writes may be taken for others'. What an object was made with the record has from its
 * beginning, or never: where it came from there, or where the field was nobody's business then.
 */
function isSet(
  { site, object }: Copy,
  field: string,
  { to, byMs, isOrigin }: Taken & { readonly isOrigin: boolean },
): boolean {
  return site.vendor.deeds.some(({ object: id, deed, changes, atMs }) => {
    if (id !== object.id || atMs > byMs) return false;
    return Object.entries(changes).some(([name, change]) => {
      if (
        fieldOf(name) !== field ||
        (deed === 'created' && (isOrigin || pairThen(site, 'ticket', name, atMs) === undefined))
      )
        return false;
      return (meanings(site, 'ticket', name, change.to) ?? []).includes(to);
    });
  });
}

/**
 * A pair that starts from the vendor, or from whichever side has anything: what stood there the record takes over, by the
 * document in force then.
 */
export function isFirstMet(world: World, copy: Copy, field: string, { from, to, byMs }: Taken): boolean {
  const { site, object } = copy;
  const stood = object.snapshots.filter(({ atMs }) => atMs <= byMs);
  return site.documents.slice(1).some(({ document, fromMs }) => {
    const rule = rulesOf(document, 'ticket').find((each) => each.field === field);
    if (fromMs > byMs || rule === undefined) return false;
    // The document is the first with this pair, or was put before the hub had looked under one that was.
    if (rule.since !== document.version && !isUnmet(world, copy, rule, fromMs)) return false;
    if (rule.first === 'hub' && from !== null) return false;
    const { vendorField } = rule;
    const meant = stood.flatMap(({ fields }) =>
      meanings(site, 'ticket', vendorField, fields[vendorField] ?? null),
    );
    return meant.includes(to);
  });
}
