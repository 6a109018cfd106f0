import { type ExternalId, type Fields, type FieldValue, isReferredTo } from '../../../shared/domain/index.ts';
import { ruleFor } from '../../../shared/mapping/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { asRead, meaningBy, writtenBy } from '../worlds/documents.ts';
import { CONTEXT, isAsked, isHeldBy, isWritable, mappingOf, projectable } from './converge.ts';
import {
  type Breach,
  type Copy,
  type Family,
  isParked,
  nameOf,
  rootFamily,
  withoutMistaken,
} from './families.ts';
import { familiesOf } from './grouped.ts';
import { isMourned } from './lives.ts';
import { documentNow, isInStep, losesAt } from './mapped.ts';
import { isUnsettled, settled } from './restless.ts';

export interface LastWord {
  readonly mark: number;
  readonly kind: Family['kind'];
  readonly site: number;
  readonly object: ExternalId;
  readonly fields: readonly string[];
}

/** A person says one more thing about each ticket and every other comment, at one of the copies people may edit. */
export function lastWords(world: World): readonly LastWord[] {
  const families = familiesOf(world).map((family) => withoutMistaken(world, family));
  return families.flatMap((family): readonly LastWord[] => {
    if (isReferredTo(family.kind) || family.copies.length === 0 || isMourned(family)) return [];
    if (family.kind === 'comment' && family.mark % 2 === 1) return [];
    const root = family.kind === 'comment' ? rootFamily(family, families) : undefined;
    if (root !== undefined && isMourned(root)) return [];
    const copies = family.copies.filter((copy) => mayBeEdited(family, root, copy));
    if (copies.length === 0) return [];
    const copy = copies[family.mark % copies.length]!;
    return [said(family, copy)];
  });
}

function mayBeEdited(family: Family, root: Family | undefined, { site, object, isLive }: Copy): boolean {
  if (!isLive || isParked(family, site) || (root !== undefined && isParked(root, site))) return false;
  return site.vendor.profile.role === 'connector' || object.createdBy === 'person';
}

function said(family: Family, { site, object }: Copy): LastWord {
  const word = wordFor(family, site.vendor.profile.role, site.vendor.now(object.id)!.fields);
  site.vendor.change(object.id, word, 'person');
  const { kind, mark } = family;
  const fields = Object.keys(word).filter((field) => isInStep(site, kind, field));
  return { kind, mark, site: site.index, object: object.id, fields };
}

function wordFor({ kind, mark }: Family, role: 'channel' | 'connector', fields: Fields): Fields {
  const text = `#${mark}# last`;
  if (kind === 'comment') return { body: text };
  if (role === 'channel') return { description: text };
  const status = Number(String(fields.status).slice(1)) || 0;
  return { subject: text, status: `S${(status % 5) + 1}` };
}

/**
 * A copy the hub may not write, or has no word for at its vendor, stands apart from its record for good: the connection's
 * policy speaks on each edit of it.
 */
function isOutvoted(world: World, family: Family, field: string, copy: Copy): boolean {
  if (world.plan.vendors[copy.site.index]?.policies?.[field] === undefined) return false;
  return !isWritable(world, family, copy) || !isSayable(world, family, field, copy);
}

function isSayable(world: World, { kind, notes }: Family, field: string, copy: Copy): boolean {
  const held = projectable(kind, notes?.record.fields ?? {}, copy);
  return mappingOf(world, copy.site).project(held, CONTEXT)?.[field] !== undefined;
}

/**
 * What a restless vendor makes of a word that its document loses something of: nobody saying who has changed it, it is an
 * edit as far as the hub can know, and what was lost is given up to it.
 */
function takenOver(site: Site, kind: Family['kind'], field: string, said: Fields): FieldValue | undefined {
  const { normaliser, hasAuthorship } = site.vendor.profile;
  if (normaliser !== 'restless' || hasAuthorship || !losesAt(site, kind, field)) return said[field];
  const document = documentNow(site)!;
  const written = writtenBy(document, kind, field, said[field] ?? null) ?? null;
  return meaningBy(document, kind, ruleFor(document, kind, field)!.vendorField, written);
}

/** Invariant 1: what was said last, with nobody to contest it, is what every copy and the record hold. */
export function lastWordsStand(world: World, said: readonly LastWord[]): readonly Breach[] {
  const families = familiesOf(world).map((family) => withoutMistaken(world, family));
  return said.flatMap(({ mark, kind, site: at, object, fields }) => {
    const site = world.sites[at]!;
    // By the object: what was said may have brought two that were merged together only now.
    const isIt = (copy: Copy) => copy.site === site && copy.object.id === object;
    const family = families.find(({ copies }) => copies.some(isIt));
    if (family === undefined) return [{ invariant: 1, what: `${kind} #${mark}# is nobody's any more` }];
    // Taken for one change too many of its vendor's, it is shown to people, not spread.
    if (isUnsettled(family, site)) return [];
    const root = kind === 'comment' ? rootFamily(family, families) : undefined;
    const raw = site.vendor.now(object)!.fields;
    const canonical = mappingOf(world, site).interpret(kind, asRead(documentNow(site), kind, raw), CONTEXT);
    const others = family.copies.filter(
      (copy) =>
        copy.isLive &&
        isWritable(world, family, copy) &&
        !isParked(family, copy.site) &&
        (root === undefined || (!isParked(root, copy.site) && copy.site.vendor.isLive(copy.object.root!))),
    );
    const origin = family.copies.find(isIt)!;
    const isUncontested = (field: string) =>
      canonical[field] !== undefined &&
      !isAsked(family, field, origin) &&
      !isOutvoted(world, family, field, origin);
    return fields.filter(isUncontested).flatMap((field) => {
      const deaf = others
        .filter((copy) => !isAsked(family, field, copy) && !isHeldBy(world, kind, field, canonical, copy))
        .map((copy) => copy.site.vendor.id);
      const held = settled(world, field, family.notes?.record.fields[field]);
      const words = [
        canonical[field],
        ...others.map(({ site: at }) => takenOver(at, kind, field, canonical)),
      ];
      if (!words.some((word) => held === settled(world, field, word))) deaf.push('the record');
      return deaf.map((who) => ({
        invariant: 1,
        what: `${nameOf(family)}.${field}: the last word was ${canonical[field]}, ${who} has another`,
      }));
    });
  });
}
