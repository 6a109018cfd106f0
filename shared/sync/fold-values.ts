import type { FieldValue } from '../domain/record.ts';
import { currentValue } from './projection.ts';
import { setValue, type Tree } from './scene.ts';
import type { AnyRecord, Link, Provenance } from './state.ts';
import { same } from './versions.ts';

/**
 * What the younger of two records held, which is in no copy's past from here on: it fills what the older lacks, and
 * where that has a value of its own it is kept in the journal (invariant 3). One that is known by its id alone is from
 * here on what the younger was, and what its copy holds is merged into that once it is read.
 */
export function keepValues(tree: Tree, older: AnyRecord, given: AnyRecord): void {
  const isShell = older.unread !== undefined && given.unread === undefined;
  if (isShell) delete older.unread;
  for (const [field, by] of Object.entries(given.provenance)) {
    // The hub's own defaults are nobody's.
    if (by.actor === 'hub' && !isShell) continue;
    const [lost, kept] = [currentValue(given, field), currentValue(older, field)];
    if (isEmpty(lost) || same(lost, kept) || isReadAnew(older, given, field)) continue;
    if (isEmpty(kept)) setValue(tree, older, field, lost, by);
    else noteLoss(tree, older, { field, lost, by });
  }
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

const isEmpty = (value: FieldValue): boolean => value === null || value === '';

function noteLoss(
  tree: Tree,
  older: AnyRecord,
  { field, lost, by }: { readonly field: string; readonly lost: FieldValue; readonly by: Provenance },
): void {
  tree.losses.push({
    record: older.id,
    field,
    lost,
    lostBy: by.actor,
    lostAtMs: by.toMs,
    kept: currentValue(older, field),
    keptBy: older.provenance[field]?.actor ?? 'hub',
    policy: 'fold',
    why: 'two records turned out to be one object’s, and the older’s value stands',
  });
}
