import { isMapped } from '../domain/record.ts';
import { rulesOf } from '../mapping/index.ts';
import type { Observation } from '../ports/mapping.ts';
import type { FieldRule } from '../ports/mapping-document.ts';
import { heldIn, meaningThere, sameToVendor } from './held.ts';
import { documentOf, mappingVersion } from './places.ts';
import { project } from './projection.ts';
import { withdrawQuestion } from './question.ts';
import type { Scene } from './scene.ts';
import { forgetUnsayable, lacksDefault } from './sent.ts';
import type { Link } from './state.ts';
import { takeUp } from './take-up.ts';
import { isEmpty, same } from './versions.ts';

/** The code of what an expression of the mapping fails on; another mapping is its way back. */
export const UNMAPPABLE = 'unmappable';

/**
 * Brings a link under its connection's present mapping, where it was noted under an older one. Raw values stay what
 * they were, whatever they mean now: no change of a mapping looks like an edit. What is newly paired has no base;
 * only a read under the lease gives it one. While a request is under way its own mapping holds.
 */
export function adoptMapping(scene: Scene): void {
  const { link, lane, record, place, around } = scene;
  const held = link.mapping ?? 0;
  const version = mappingVersion(place);
  if (!isMapped(record.kind) || held >= version || lane.pending?.record === record.id) return;
  link.mapping = version;
  // Stryker disable next-line ConditionalExpression: switched off by the simulation alone, which must fail then
  if (!around.rules.tellsMappingsApart()) return;
  const rules = rulesOf(documentOf(place), record.kind);
  const fresh = rules
    .filter(({ since = 0 }) => around.rules.isNewPair(since, held))
    .map(({ field }) => field);
  const known = new Set(rules.map(({ field }) => field));
  const gone = [link.sent, link.got]
    .flatMap((values) => Object.keys(values))
    .filter((each) => !known.has(each));
  const forgotten = new Set([...fresh, ...gone]);
  for (const field of forgotten) withdrawQuestion(scene, field);
  forget(link, forgotten);
  if (link.parked?.code === UNMAPPABLE) {
    takeUp(scene.tree, link.parked.id);
    delete link.parked;
  }
  // Stryker disable next-line ArrayDeclaration: what no rule knows is left out
  const unbased = (link.unbased ?? []).filter((field) => known.has(field));
  delete link.unbased;
  if (link.externalId === undefined || record.unread === place.connection.id) return;
  for (const rule of rules) keepEqual(scene, rule, held);
  // It has been seen by nobody there, and may have no word any more.
  const owed = [...known].filter((field) => isOwed(scene, field));
  forgetUnsayable(scene, owed);
  const wanting = [...new Set([...unbased, ...fresh])];
  if (wanting.length === 0) return;
  link.unbased = wanting;
  if (link.dead === undefined) link.needsRead = true;
}

/** Set elsewhere, since all that the copy lacked was written to it: nothing is wanted of a lane whose way is shut. */
function isOwed({ record, lane, place }: Scene, field: string): boolean {
  const { source, revision = 0 } = record.provenance[field] ?? {};
  return source !== place.connection.id && revision > lane.reached;
}

/**
 * What stands there still means what the record holds: under other words, too, nothing is to be written. Of several that
 * meant the same another may stand there than was sent; now that it means something else, the record's word is written.
 */
function keepEqual(scene: Scene, { field, values, reworded = 0 }: FieldRule, under: number): void {
  const { record, link, place, referred, around } = scene;
  // Given though the record never heard of it: a default, which may be none any more.
  if (!isEmpty(link.sent[field])) record.fields[field] ??= null;
  const meaning = meaningThere(scene, field);
  const projected = project(record, link, place, referred, around.nowMs)?.[field];
  if (projected === undefined) return;
  if (meaning !== undefined && same(meaning, record.fields[field])) {
    if (!lacksDefault(scene, field, projected)) link.sent[field] = projected;
  } else if (same(link.sent[field], projected)) {
    const isOtherwise = reworded > under && !sameToVendor(scene, field, heldIn(link, field), projected);
    if (values !== undefined || isOtherwise) delete link.sent[field];
  }
}

/** All that is known of these fields was another vendor field's. */
function forget(link: Link, fields: ReadonlySet<string>): void {
  const { wrote, written, since, unshown, unsettled, superseded, creations, heard, unjudged } = link;
  const without = <Value>(values: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([field]) => !fields.has(field)));
  link.sent = without(link.sent);
  link.got = without(link.got);
  if (since !== undefined) link.since = without(since);
  if (written !== undefined) link.written = without(written);
  if (unshown !== undefined) link.unshown = without(unshown);
  if (unsettled !== undefined) link.unsettled = without(unsettled);
  if (wrote !== undefined) wrote.fields = without(wrote.fields);
  if (superseded !== undefined) link.superseded = superseded.map(without);
  if (creations !== undefined) link.creations = creations.map(without);
  if (heard !== undefined) link.heard = heard.map((each) => ({ ...each, fields: without(each.fields) }));
  if (unjudged !== undefined)
    link.unjudged = {
      ...unjudged,
      change: { ...unjudged.change, fields: without({ ...unjudged.change.fields }) },
    };
}

/**
 * An observation as this link can compare it: without fields that one of the two knows by another pair. Made under
 * another mapping it is whole no more; under one we have not heard of yet, only a read can tell.
 */
export function comparable(
  scene: Scene,
  o: Observation,
  options: { readonly atRead?: true } = {},
): Observation {
  const { link, place } = scene;
  const [held, version, by] = [link.mapping ?? 0, mappingVersion(place), o.mapping ?? 0];
  if (!isMapped(o.kind) || !scene.around.rules.tellsMappingsApart()) return o;
  if (held === version && by === version && link.unbased === undefined) return o;
  if (version < held) return { ...o, fields: {}, isComplete: false, needsRead: true };
  const rules = new Map(rulesOf(documentOf(place), o.kind).map((rule) => [rule.field, rule]));
  const isKnown = (field: string) => {
    const { since = 0 } = rules.get(field) ?? { since: Number.POSITIVE_INFINITY };
    return since <= Math.min(held, by) && (options.atRead === true || link.unbased?.includes(field) !== true);
  };
  const fields = Object.fromEntries(Object.entries(o.fields).filter(([field]) => isKnown(field)));
  return { ...o, fields, isComplete: o.isComplete && by === version && held === version };
}
