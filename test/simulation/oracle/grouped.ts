import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { History, Note, Root } from '../../../shared/sync/state.ts';
import { MARKED, markIn, type Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { type Copy, type Entry, type Family, familiesByMark, type Notes, requestOf } from './families.ts';

/**
 * Families by their marks; where a vendor has merged two, by the hub's records instead, for what people then write in one
 * says nothing any more of which of the two it was. `merged.ts` judges whether each record has what is its own.
 */
export function familiesOf(world: World): readonly Family[] {
  const families = familiesByMark(world);
  const groups = groupsOf(world, families);
  if (groups.length === 0) return families;
  const known = recordsOf(world);
  const touched = new Set(groups.flat());
  return [
    ...families.filter((each) => !touched.has(each)),
    ...groups.flatMap((group) => regrouped(world, known, group)),
  ];
}

/** Families that merges have brought together, with those of every mark that the merged objects ever bore: a copy that died bears what it bore then. */
function groupsOf({ sites }: World, families: readonly Family[]): readonly (readonly Family[])[] {
  const groups: Set<Family>[] = [];
  for (const site of sites) {
    for (const pair of pairsAt(site)) {
      const both = pair.flatMap((id) => everBearing(families, site, site.vendor.objects.get(id)!));
      const met = groups.filter((group) => both.some((each) => group.has(each)));
      for (const group of met) groups.splice(groups.indexOf(group), 1);
      groups.push(new Set([...met.flatMap((group) => [...group]), ...both]));
    }
  }
  return groups.map((group) => [...group]);
}

/** Also of one that was taken out of the bin since. */
const pairsAt = ({ vendor: { merged, returned } }: Site): readonly (readonly ExternalId[])[] => [
  ...merged,
  ...[...returned].map(([loser, into]) => [loser, ...into]),
];

function everBearing(
  families: readonly Family[],
  { organization }: Site,
  { kind, snapshots }: VendorObject,
): readonly Family[] {
  const marks = new Set(snapshots.map(({ fields }) => markIn(fields[MARKED[kind]])));
  return families.filter(
    (each) => each.organization === organization && each.kind === kind && marks.has(each.mark),
  );
}

interface Known {
  readonly roots: ReadonlyMap<string, { readonly pk: string; readonly root: Root }>;
  /** Who has an object for its own copy, or had it until that died. */
  readonly holders: ReadonlyMap<string, Root>;
}

function recordsOf({ store }: World): Known {
  const items = store.items().filter(({ sk }) => sk === 'root');
  const roots = new Map(
    items.map(({ pk, data }) => [(data as Root).id as string, { pk, root: data as Root }]),
  );
  const own = [...roots.values()].flatMap(({ root }) =>
    root.foldedInto === undefined
      ? Object.values(root.lanes).flatMap(({ link }) => (link.isBorrowed === true ? [] : [{ root, link }]))
      : [],
  );
  const had = own.flatMap(({ root, link }) => (link.former ?? []).map((id) => [id, root] as const));
  const have = own.flatMap(({ root, link: { externalId: id } }) =>
    id === undefined ? [] : [[id, root] as const],
  );
  return { roots, holders: new Map<string, Root>([...had, ...have]) };
}

function lastOf({ roots }: Known, id: RecordId): Root | undefined {
  const root = roots.get(id)?.root;
  return root?.foldedInto === undefined ? root : lastOf({ roots, holders: new Map() }, root.foldedInto);
}

/** A family for each record that lives, and one for each object that nobody has. */
function regrouped({ chronicle, store }: World, known: Known, group: readonly Family[]): readonly Family[] {
  const { organization, kind } = group[0]!;
  const copies = group.flatMap((each) => each.copies);
  const gone = copies.filter(({ site, object }) => site.vendor.merged.has(object.id));
  const back = copies.filter(({ site, object }) => site.vendor.returned.has(object.id));
  const recordOf = (copy: Copy): Root | undefined => {
    const request = requestOf(chronicle, copy);
    return known.holders.get(copy.object.id) ?? (request && lastOf(known, request.record));
  };
  const left = Map.groupBy(
    copies.filter((copy) => !gone.includes(copy)),
    recordOf,
  );
  return [...left].flatMap(([root, its]): readonly Family[] => {
    if (root === undefined)
      return its
        .filter(({ isLive }) => isLive)
        .map((copy) => ({
          organization,
          kind,
          mark: markAt(copy),
          copies: [copy],
          notes: undefined,
          merged: { marks: new Set(), gone: [], ownGone: [], back: [] },
        }));
    const { notes, marks } = notesOfRoot({ store }, known, root);
    const mark = markIn(root.fields[MARKED[kind]]) ?? markAt(its[0]!);
    const ownGone = gone.filter((copy) => {
      const of = recordOf(copy);
      return of === undefined ? marks.has(markAt(copy)) : of.id === root.id;
    });
    return [{ organization, kind, mark, copies: its, notes, merged: { marks, gone, ownGone, back } }];
  });
}

const markAt = ({ site, object }: Copy): number =>
  markIn(site.vendor.now(object.id)!.fields[MARKED[object.kind]]) ?? 0;

/** What the hub holds of each record, by its records alone. */
export function notesByRecord(world: World): (root: Root) => Notes {
  const known = recordsOf(world);
  return (root) => notesOfRoot(world, known, root).notes;
}

/** What the hub holds of a record and of all that were folded into it. */
function notesOfRoot(
  { store }: Pick<World, 'store'>,
  known: Known,
  root: Root,
): { readonly notes: Notes; readonly marks: ReadonlySet<number> } {
  const all = [...known.roots.values()].filter((each) => lastOf(known, each.root.id)?.id === root.id);
  const records = new Set(all.map((each) => each.root.id));
  const pks = new Set(all.map(({ pk }) => pk));
  const journal = store.items().flatMap(({ pk, sk, data }): Entry[] => {
    if (!pks.has(pk) || !(sk.startsWith('history#') || sk.startsWith('note#'))) return [];
    const { changes = [], losses } = data as Partial<History> & Note;
    return [{ key: `${pk} ${sk}`, changes, losses }];
  });
  const texts = [
    ...all.map((each) => each.root.fields[MARKED[root.kind]]),
    ...journal.flatMap(({ changes }) =>
      changes.flatMap(({ record, fields }) => {
        const change = records.has(record) ? fields[MARKED[root.kind]] : undefined;
        return change === undefined ? [] : [change.from, change.to];
      }),
    ),
  ];
  const marks = new Set(texts.flatMap((text) => markIn(text) ?? []));
  const link: Notes['link'] = (connection) => root.lanes[connection]?.link;
  return { notes: { root, record: root, records, journal, link }, marks };
}
