import type { FieldValue } from '../../../shared/domain/index.ts';
import type { Deed } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { mappingOf } from './converge.ts';
import { type Breach, type Copy, type Family, nameOf } from './families.ts';

const CONTEXT = { settings: {}, receivedAtMs: Number.MAX_SAFE_INTEGER };

/**
 * Invariant 3: what a person set and the hub overwrote is in the journal. Whether it was overwritten is told
 * by the vendor's own deeds; what people overwrite themselves is theirs.
 */
export function noSilentLoss(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => family.copies.flatMap((copy) => lossesAt(world, family, copy)));
}

function lossesAt(world: World, family: Family, copy: Copy): readonly Breach[] {
  const deeds = copy.site.vendor.deeds.filter(({ object }) => object === copy.object.id);
  return deeds.flatMap((deed, at) =>
    deed.by !== 'person' || deed.deed !== 'changed'
      ? []
      : Object.entries(deed.changes).flatMap(([field, { to }]) => {
          const next = deeds.slice(at + 1).find(({ changes }) => field in changes);
          if (next === undefined || next.by === 'person') return [];
          if (isJournalled(world, family, copy, field, to, deed)) return [];
          if (isBackAsLastSeen(world, copy, field, deed)) return [];
          if (isNamedGap(world, copy, deed, next)) {
            world.injector.count('named-gap');
            return [];
          }
          const replaced = JSON.stringify(next.changes[field]!.to);
          const what = `${nameOf(family)}.${field}: ${JSON.stringify(to)} set at ${copy.site.vendor.id} was overwritten by ${replaced}, unjournalled`;
          return [{ invariant: 3, what }];
        }),
  );
}

/** Clocks of functions may be five minutes off; stamps are whole seconds. */
const JOURNAL_SLACK_MS = 1_000;

function isJournalled(
  world: World,
  { kind, notes }: Family,
  { site }: Copy,
  field: string,
  value: FieldValue,
  deed: Deed,
): boolean {
  if (notes === undefined) return false;
  const mapping = mappingOf(world, site);
  const canonical = mapping.interpret(kind, { [field]: value }, CONTEXT)[field];
  const form = (each: FieldValue | undefined) => mapping.canonicalForm(kind, field, each ?? null);
  const skewMs = Math.max(0, ...world.plan.skewsMs.map(Math.abs));
  const sinceMs = deed.atMs - JOURNAL_SLACK_MS - skewMs;
  return notes.histories.some(({ atMs, changes, losses }) => {
    if (atMs < sinceMs) return false;
    const values = [
      ...changes
        .filter(({ record }) => record === notes.record.id)
        .flatMap(({ fields }) => [fields[field]?.from, fields[field]?.to]),
      ...losses
        .filter((loss) => loss.record === notes.record.id && loss.field === field)
        .map(({ lost }) => lost),
    ];
    return values.some((each) => form(each) === form(canonical) || form(each) === form(value));
  });
}

/**
 * Changed and put back between two looks of the hub's, with nothing said of it: there is no news to lose.
 * A look is a write of its own, or a read; what an event said of the field in between would be news.
 */
function isBackAsLastSeen({ chronicle }: World, { site, object }: Copy, field: string, edit: Deed): boolean {
  const ownWrite = site.vendor.deeds.findLast(
    ({ object: id, by, sequence }) => id === object.id && by === 'hub' && sequence < edit.sequence,
  );
  const read = chronicle.reads.findLast(
    (each) => each.site === site.index && each.object === object.id && each.atMs < edit.atMs,
  );
  const lookedAtMs = Math.max(ownWrite?.atMs ?? 0, read?.asOfMs ?? 0);
  const seen = object.snapshots.findLast(({ atMs }) => atMs <= lookedAtMs)?.fields[field];
  if (seen === undefined || seen !== edit.changes[field]!.to) return false;
  return !chronicle.told.some(
    ({ object: id, atMs, fields }) =>
      id === object.id && atMs > lookedAtMs && atMs <= edit.atMs && field in fields && fields[field] !== seen,
  );
}

/** What the vendor offers no means against, by its manifest's own word. */
function isNamedGap(world: World, { site, object }: Copy, edit: Deed, write: Deed): boolean {
  const { vendor } = site;
  const gaps = world.catalog.get(vendor.id)!.manifest.kinds[object.kind]?.gaps ?? [];
  if (gaps.length === 0) return false;
  if (vendor.profile.hasConditionalWrites && vendor.profile.stampMs === 1) return false;
  return vendor.profile.hasConditionalWrites
    ? isWithinOneStamp(object, edit)
    : cameAfterLastRead(world, { site, object }, edit, write);
}

/** The state the write was conditioned on and the edit carry the same stamp: the condition could not tell. */
function isWithinOneStamp({ snapshots }: Copy['object'], { over }: Deed): boolean {
  const [base, edited] = [snapshots[over - 1], snapshots[over]];
  return base !== undefined && base.modifiedAtMs === edited?.modifiedAtMs;
}

/** The write was sent on what the hub had read, the edit came after that read, if within its millisecond. */
function cameAfterLastRead(
  { chronicle }: World,
  { site, object }: Pick<Copy, 'site' | 'object'>,
  edit: Deed,
  write: Deed,
): boolean {
  const request = chronicle.requests.get(`${site.index} ${write.sequence}`);
  if (request === undefined) return false;
  const read = chronicle.reads.findLast(
    (each) => each.site === site.index && each.object === object.id && each.atMs <= request.askedAtMs,
  );
  return read === undefined || edit.atMs >= read.asOfMs;
}
