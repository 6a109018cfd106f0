import type { Fields } from '../../../shared/domain/index.ts';
import type { World } from '../world.ts';
import { hasTroubledLife, mappingOf } from './converge.ts';
import { type Breach, familiesOf, isMistaken, isParked, nameOf } from './families.ts';

export interface LastWord {
  readonly mark: number;
  readonly kind: 'ticket';
  readonly site: number;
  readonly fields: Fields;
}

/** A person changes subject and status of every ticket, at one of its copies in a connector. */
export function lastWords(world: World): readonly LastWord[] {
  return familiesOf(world).flatMap((family): LastWord[] => {
    if (family.kind !== 'ticket' || hasTroubledLife(family) || isMistaken(world, family)) return [];
    const copies = family.copies.filter(
      ({ site, isLive }) => isLive && site.vendor.profile.role === 'connector' && !isParked(family, site),
    );
    if (copies.length === 0) return [];
    const { site, object } = copies[family.mark % copies.length]!;
    const status = Number(String(site.vendor.now(object.id)!.fields.status).slice(1));
    const fields = { subject: `#${family.mark}# last`, status: `S${(status % 5) + 1}` };
    site.vendor.change(object.id, fields, 'person');
    const { subject, status: kept } = site.vendor.now(object.id)!.fields;
    return [
      { mark: family.mark, kind: 'ticket', site: site.index, fields: { subject: subject!, status: kept! } },
    ];
  });
}

/** Invariant 1: what was said last, with nobody to contest it, is what every copy holds. */
export function lastWordsStand(world: World, said: readonly LastWord[]): readonly Breach[] {
  const families = familiesOf(world);
  return said.flatMap(({ mark, site: at, fields }) => {
    const family = families.find((each) => each.kind === 'ticket' && each.mark === mark)!;
    const canonical = mappingOf(world, world.sites[at]!).interpret('ticket', fields, CONTEXT);
    return family.copies.flatMap(({ site, object, isLive }) => {
      if (!isLive || site.vendor.profile.role === 'channel' || isParked(family, site)) return [];
      const mapping = mappingOf(world, site);
      const held = mapping.interpret('ticket', site.vendor.now(object.id)!.fields, CONTEXT);
      return Object.entries(canonical).flatMap(([field, value]) => {
        const form = (each: typeof value) => mapping.canonicalForm('ticket', field, each);
        if (form(held[field] ?? null) === form(value)) return [];
        const what = `${nameOf(family)}.${field}: the last word was ${value}, ${site.vendor.id} has ${held[field]}`;
        return [{ invariant: 1, what }];
      });
    });
  });
}

const CONTEXT = { settings: {}, receivedAtMs: Number.MAX_SAFE_INTEGER };
