import type { ConnectionId } from '../domain/ids.ts';
import { keepLoss } from './loss.ts';
import { currentValue, project } from './projection.ts';
import { type Surroundings, setValue, type Tree } from './scene.ts';
import type { AnyRecord, Link, Provenance } from './state.ts';
import { isEmpty, same } from './versions.ts';

interface Held {
  readonly given: AnyRecord;
  readonly field: string;
  readonly by: Provenance;
}

/**
 * What the younger of two records held, which is in no copy's past from here on: it fills what the older lacks, and
 * where that has a value of its own, or says itself that there is none, it is kept in the journal (invariant 3). One that
 * is known by its id alone is from here on what the younger was, and what its copy holds is merged into that once it is
 * read.
 */
export function keepValues(tree: Tree, older: AnyRecord, given: AnyRecord, around: Surroundings): void {
  const isShell = older.unread !== undefined && given.unread === undefined;
  if (isShell) delete older.unread;
  for (const [field, by] of Object.entries(given.provenance)) {
    // The hub's own defaults are nobody's.
    if (by.actor === 'hub' && !isShell) continue;
    const [lost, kept] = [currentValue(given, field), currentValue(older, field)];
    if (isEmpty(lost) || same(lost, kept) || isReadAnew(older, given, field)) continue;
    const held = { given, field, by };
    const own = ownCopy(tree, older, held, around);
    if (!isEmpty(kept) || (own !== undefined && !isShell)) noteLoss(tree, older, held);
    else {
      setValue(tree, older, field, lost, by);
      // What it says instead, once it is read, is news.
      if (own !== undefined) own.got[field] = linksOf(given)[by.source]?.got[field] ?? null;
    }
  }
}

/**
 * The system that told of the value has another object for the older's copy, and there it is not to be written: filled,
 * this record would never again be what its own copy is.
 */
function ownCopy(
  tree: Tree,
  older: AnyRecord,
  { given, field, by }: Held,
  around: Surroundings,
): Link | undefined {
  const place = around.places.get(by.source as ConnectionId);
  const [link, its] = [linksOf(older)[by.source], linksOf(given)[by.source]];
  if (place === undefined || link?.externalId === undefined || link.dead !== undefined) return undefined;
  if (link.externalId === its?.externalId) return undefined;
  const filled = { ...older, fields: { ...older.fields, [field]: currentValue(given, field) } };
  const { referred } = tree.root.lanes[by.source] ?? {};
  const isWritten = field in (project(filled, link, place, referred, around.nowMs) ?? {});
  return isWritten ? undefined : link;
}

/** The copy both were made of shows it, and has no base in this field: its read will judge. */
function isReadAnew(older: AnyRecord, given: AnyRecord, field: string): boolean {
  const held = linksOf(older);
  return Object.entries(linksOf(given)).some(([id, { externalId }]) => {
    const link = held[id];
    return link !== undefined && link.externalId === externalId && field in link.sent && !(field in link.got);
  });
}

function linksOf(record: AnyRecord): Readonly<Record<string, Link>> {
  if (record.kind === 'comment') return record.links;
  return Object.fromEntries(Object.entries(record.lanes).map(([id, { link }]) => [id, link]));
}

function noteLoss(tree: Tree, older: AnyRecord, { given, field, by }: Held): void {
  keepLoss(tree, older, field, {
    lost: currentValue(given, field),
    lostBy: by.actor,
    lostAtMs: by.toMs,
    policy: 'fold',
    why: 'two records turned out to be one object’s, and the older’s value stands',
  });
}
