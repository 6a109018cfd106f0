import type { ConnectionId, OrganizationId, RecordKind } from '../../../shared/domain/index.ts';
import type { Child, History, Link, Root } from '../../../shared/sync/state.ts';
import { markOf, type Site } from '../truth.ts';
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
}

export interface Notes {
  readonly root: Root;
  readonly record: Root | Child;
  readonly histories: readonly History[];
  link(connection: ConnectionId): Link | undefined;
}

export function familiesOf(world: World): readonly Family[] {
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

const MARK = /#(\d+)#/;

function notesOf({ store }: World): ReadonlyMap<string, Notes> {
  const roots = new Map<string, Root>();
  const histories = new Map<string, History[]>();
  const children: { pk: string; child: Child }[] = [];
  for (const { pk, sk, data } of store.items()) {
    if (sk === 'root') roots.set(pk, data as Root);
    else if (sk.startsWith('child#')) children.push({ pk, child: data as Child });
    else if (sk.startsWith('history#')) histories.set(pk, [...(histories.get(pk) ?? []), data as History]);
  }
  const notes = new Map<string, Notes>();
  const note = (pk: string, root: Root, record: Root | Child) => {
    const { kind, fields } = record;
    const text = kind === 'comment' ? fields.body : kind === 'contact' ? fields.email : fields.description;
    const mark = MARK.exec(String(text ?? ''))?.[1];
    if (mark === undefined || root.foldedInto !== undefined) return;
    notes.set(`${pk.split('#')[0]} ${kind} ${mark}`, {
      root,
      record,
      histories: histories.get(pk) ?? [],
      link: (connection) =>
        record.kind === 'comment' ? record.links[connection] : root.lanes[connection]?.link,
    });
  };
  for (const [pk, root] of roots) note(pk, root, root);
  for (const { pk, child } of children) {
    const root = roots.get(pk);
    if (root !== undefined) note(pk, root, child);
  }
  return notes;
}

export function nameOf({ kind, mark }: Family): string {
  return `${kind} #${mark}#`;
}

/** Openly set aside, so that a person will look at it: the one excuse for standing still. */
export function isParked(family: Family, { connection }: Site): boolean {
  const { notes } = family;
  return notes?.link(connection)?.parked !== undefined || notes?.root.lanes[connection]?.parked !== undefined;
}

/**
 * A gap the manifest names: where copies bear no mark of ours, one whose creation was never answered, and
 * which a person changed before anything was seen of it, cannot be told from theirs.
 */
export function isMistaken({ chronicle, catalog }: World, { kind, copies }: Family): boolean {
  return copies.some(({ site, object }) => {
    const birth = site.vendor.deeds.find(({ object: id, deed }) => id === object.id && deed === 'created')!;
    if (chronicle.requests.get(`${site.index} ${birth.sequence}`)?.isAnswered !== false) return false;
    if (catalog.get(site.vendor.id)!.manifest.kinds[kind]?.creation?.by !== 'none') return false;
    return site.vendor.deeds.some(({ object: id, by }) => id === object.id && by === 'person');
  });
}
