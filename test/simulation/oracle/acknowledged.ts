import type { FieldValue } from '../../../shared/domain/index.ts';
import { childKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Child, Root } from '../../../shared/sync/state.ts';
import type { Chronicle, Site } from '../truth.ts';
import type { World } from '../world.ts';
import { type Breach, type Copy, type Family, familyAt, isParked, linkOf, type Notes } from './families.ts';
import { notesByRecord } from './grouped.ts';
import { isMourned } from './lives.ts';
import { settled } from './restless.ts';

/** Invariants 1 and 3: what the hub's API acknowledged has its effect, or is in the journal. */
export function acknowledgedIsDone(world: World, families: readonly Family[]): readonly Breach[] {
  const { hubEdits, hubComments } = world.chronicle;
  const notesOfRecord = notesByRecord(world);
  return [
    ...hubComments.flatMap((said) => isSaidEverywhere(world, families, said)),
    ...hubEdits.flatMap((edit) => isStandingOrKept(world, families, notesOfRecord, edit)),
  ];
}

type Said = Chronicle['hubComments'][number];
type Edited = Chronicle['hubEdits'][number];

function isSaidEverywhere(world: World, families: readonly Family[], said: Said): readonly Breach[] {
  const { sites } = world;
  const { organization, mark, comment, record, visibility } = said;
  const find = (kind: Family['kind'], which: number) =>
    familyAt(families, { organization, kind, mark: which });
  const root = find('ticket', mark);
  const told = find('comment', comment);
  if (root === undefined || isMourned(root)) return [];
  if (told !== undefined && isMourned(told)) return [];
  const isItsCopy = isCopyOfNamed(world, root, said);
  const isDue = (site: Site) =>
    site.organization === organization &&
    (visibility === 'public' || site.vendor.profile.role === 'connector') &&
    root.copies.some((copy) => copy.site === site && copy.isLive && isItsCopy(copy)) &&
    !isParked(root, site) &&
    // Its own: what was made of a copy that was taken for a stranger's bears the mark, too.
    linkOf(world, site, record)?.parked === undefined;
  const hasIt = (site: Site) => told?.copies.some((copy) => copy.site === site && copy.isLive) === true;
  return sites
    .filter((site) => isDue(site) && !hasIt(site))
    .map(({ vendor }) => ({
      invariant: 1,
      what: `comment #${comment}#, acknowledged by the API, is not at ${vendor.id}`,
    }));
}

/** The record that was named, or what it was folded into. */
export function namedIn(
  { store }: Pick<World, 'store'>,
  { organization, root }: Pick<Said | Edited, 'organization' | 'root'>,
): Root | undefined {
  const roots = new Map(
    store.items().flatMap(({ pk, sk, data }) => (sk === 'root' ? [[pk, data as Root] as const] : [])),
  );
  let found = roots.get(rootKey(organization, root).pk);
  while (found?.foldedInto !== undefined) found = roots.get(rootKey(organization, found.foldedInto).pk);
  return found;
}

/** Where a copy was taken for a stranger's object two records bear one mark: each is said to at its own copies alone. */
function isCopyOfNamed(world: World, { notes }: Family, said: Said): (copy: Copy) => boolean {
  const named = namedIn(world, said);
  if (named === undefined || named.id === notes?.root.id) return () => true;
  return ({ site, object }) => named.lanes[site.connection]?.link.externalId === object.id;
}

function isStandingOrKept(
  world: World,
  families: readonly Family[],
  notesOfRecord: (root: Root) => Notes,
  edit: Edited,
): readonly Breach[] {
  const { organization, kind, mark } = edit;
  const root = namedIn(world, edit);
  // Where a merge has made it one with another, it goes on under that one's mark, whoever bears its own.
  const its = families.find(
    (each) =>
      each.kind === kind &&
      each.merged !== undefined &&
      root !== undefined &&
      each.notes?.root.id === root.id,
  );
  const family = its ?? familyAt(families, { organization, kind, mark });
  if (family === undefined || isMourned(family)) return [];
  // Its own: another record may bear the mark where no copy of this one can be told from a stranger's.
  const comment = root && commentIn(world, root, edit);
  const notes = notesOf(root, kind, comment, notesOfRecord) ?? family.notes;
  const named = root?.kind === kind ? root : (comment ?? notes?.record);
  return Object.entries(edit.fields).flatMap(([field, value]) => {
    // What is restored is, to the letter, what a restless vendor had made of it.
    if (settled(world, field, named?.fields[field]) === settled(world, field, value)) return [];
    if (notes !== undefined && isKept(world, notes, edit, field, value)) return [];
    return [
      { invariant: 3, what: `${kind} #${mark}#.${field}: ${value}, acknowledged by the API, is nowhere` },
    ];
  });
}

function commentIn({ store }: World, root: Root, { organization, record }: Edited): Child | undefined {
  if (record === undefined) return undefined;
  const { pk, sk } = childKey(organization, root.id, record);
  return store.items().find((item) => item.pk === pk && item.sk === sk)?.data as Child | undefined;
}

function notesOf(
  root: Root | undefined,
  kind: Edited['kind'],
  comment: Child | undefined,
  notesOfRecord: (root: Root) => Notes,
): Notes | undefined {
  if (root === undefined) return undefined;
  if (root.kind === kind) return notesOfRecord(root);
  return comment && { ...notesOfRecord(root), records: new Set([comment.id]) };
}

/** Replaced later, and kept: by a revision after the one that took the edit in. */
function isKept(
  { chronicle }: World,
  { journal, records }: Notes,
  { askedAtMs, ackedAtMs }: Edited,
  field: string,
  value: FieldValue,
): boolean {
  const entries = journal.map(({ key, changes, losses }) => ({
    atMs: chronicle.committedAtMs.get(key) ?? 0,
    changes: changes.filter(({ record, fields }) => records.has(record) && field in fields),
    lost: losses.some((loss) => records.has(loss.record) && loss.field === field && loss.lost === value),
  }));
  const taken = entries.find(
    ({ atMs, changes }) =>
      atMs >= askedAtMs &&
      atMs <= ackedAtMs &&
      changes.some(({ fields, source }) => source === 'hub' && fields[field]!.to === value),
  );
  const sinceMs = taken?.atMs ?? askedAtMs;
  return entries.some(
    ({ atMs, changes, lost }) =>
      atMs >= sinceMs && (lost || changes.some(({ fields }) => fields[field]!.from === value)),
  );
}
