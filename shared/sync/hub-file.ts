import type { RecordId } from '../domain/ids.ts';
import type { ParentKind, Visibility } from '../domain/record.ts';
import { InvalidInputError } from '../errors.ts';
import type { HubEdit, NewFile } from '../ports/engine.ts';
import { maxBytesAt, refusalOf } from './attachment.ts';
import { mayCome } from './living-copy.ts';
import { capabilityOf, type Place, type Places } from './places.ts';
import { maySee } from './projection.ts';
import { type Surroundings, type Tree, treeOf } from './scene.ts';
import type { Child, Root } from './state.ts';

/** What the file is to hang on. */
export interface Parent {
  readonly root: Root;
  /** The comment, where it is one. */
  readonly child: Child | undefined;
}

/**
 * Who may see a file that is sent through the hub. A place that would get it and does not carry such says so before
 * there is a file, not by parked work after.
 * @throws InvalidInputError
 */
export function admitFile(
  { root, child }: Parent,
  file: NewFile & { readonly size: number },
  places: Places,
): Visibility {
  if (child !== undefined && file.visibility !== undefined && file.visibility !== child.visibility)
    throw new InvalidInputError('a file of a comment is seen by whoever sees the comment', {
      pointer: '/visibility',
    });
  const visibility = child?.visibility ?? file.visibility ?? 'internal';
  const kind: ParentKind = child === undefined ? 'ticket' : 'comment';
  for (const place of places.values()) {
    if (!goesTo(place, { root, kind, visibility })) continue;
    const reason = refusalOf(file, place);
    if (reason === undefined) continue;
    const pointer = file.size > maxBytesAt(place) ? '/size' : '/type';
    throw new InvalidInputError(`${place.connection.name} does not take it: ${reason}`, { pointer });
  }
  return visibility;
}

interface Hung {
  readonly root: Root;
  readonly kind: ParentKind;
  readonly visibility: Visibility;
}

function goesTo(place: Place, { root, kind, visibility }: Hung): boolean {
  const lane = root.lanes[place.connection.id];
  if (lane === undefined || lane.link.dead !== undefined || !maySee(visibility, place)) return false;
  return capabilityOf(place, 'attachment')?.creation !== undefined && mayCome(root, kind, place);
}

/** A root of its own, as every file is; it came from nowhere else, so all of its copies are ours. @throws InvalidInputError */
export function fileFrom(
  parent: Parent,
  file: Extract<HubEdit, { edit: 'attachment' }>,
  actor: string,
  { places, nowMs }: Surroundings,
): Tree {
  const { id, name, type, content } = file;
  const visibility = admitFile(parent, { ...file, size: content.size }, places);
  const provenance = { source: 'hub', actor, fromMs: nowMs, toMs: nowMs } as const;
  const root: Root = {
    id,
    kind: 'attachment',
    fields: { name, type, size: content.size },
    provenance: { name: provenance, type: provenance, size: provenance, visibility: provenance },
    revision: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lanes: {},
    childCount: 0,
    file: { of: hangsOn(parent), visibility, content },
  };
  const tree = treeOf(root);
  tree.changes.push({ record: id, kind: 'attachment', what: 'created', fields: {}, source: 'hub', actor });
  return tree;
}

function hangsOn({ root, child }: Parent): { root: RecordId; record: RecordId; kind: ParentKind } {
  return child === undefined
    ? { root: root.id, record: root.id, kind: 'ticket' }
    : { root: root.id, record: child.id, kind: 'comment' };
}
