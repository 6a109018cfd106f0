import type { RecordKind } from '../../../shared/domain/index.ts';
import type { Exports, Observation } from '../../../shared/ports/index.ts';
import type { Sight } from './integration.ts';
import { observationOf } from './observation.ts';
import type { Vendor, VendorObject } from './vendor.ts';

/** A vendor's exports, by name: what it held of a kind at a moment after it was asked, listed once and for all. */
export type Shelf = Map<string, readonly Row[] | RecordKind>;
/** One object; of files, all that hang on one, which may be none. */
type Row = readonly Observation[];

type Look = <Value>(perform: (sight: Sight) => Value) => Promise<Value>;

/** As a bulk query: asked for, ready at the second look, and read page by page as it stood then. */
export function exportsOf(vendor: Vendor, look: Look, onPage: (observation: Observation) => void): Exports {
  const { shelf } = vendor;
  return {
    begin: (kind) =>
      look(() => {
        const name = `export-${vendor.exported}`;
        vendor.exported += 1;
        shelf.set(name, kind);
        return name;
      }),
    state: (name) =>
      look((sight) => {
        const known = shelf.get(name);
        if (known === undefined) return { state: 'gone' as const };
        if (typeof known !== 'string') return { state: 'ready' as const, records: known.length };
        if (sight.isBlind) vendor.hasExportedInVain = true;
        shelf.set(name, sight.isBlind ? [] : listed(vendor, known));
        return { state: 'preparing' as const };
      }),
    page: (name, kind, { at = '0', rows }) =>
      look(() => {
        const known = shelf.get(name);
        const all = known === undefined || typeof known === 'string' ? [] : known;
        const from = Number(at);
        const some = all.slice(from, from + rows);
        const observations = some.flat();
        for (const observation of observations) onPage(observation);
        const next = from + some.length;
        return {
          observations,
          ...(kind === 'attachment' ? { stands: some.length } : {}),
          ...(next < all.length ? { next: String(next) } : {}),
        };
      }),
    discard: (name) => look(() => void shelf.delete(name)),
  };
}

/** Files are found by what they hang on, as where a vendor lists them no other way. */
function listed(vendor: Vendor, kind: RecordKind): readonly Row[] {
  const all = vendor.live(kind);
  const show = (object: VendorObject) => observationOf(vendor, object, object.snapshots.at(-1)!, 'read');
  if (kind !== 'attachment') return all.map((each) => [show(each)]);
  for (const file of all) if (!vendor.isLive(file.parent!.externalId)) vendor.unlisted.add(file);
  const parents = [...vendor.live('ticket'), ...vendor.live('comment')];
  return parents.map(({ id }) => all.filter(({ parent }) => parent?.externalId === id).map(show));
}
