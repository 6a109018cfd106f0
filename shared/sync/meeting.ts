import type { Fields, FieldValue } from '../domain/record.ts';
import { ruleFor } from '../mapping/index.ts';
import type { FieldRule } from '../ports/mapping-document.ts';
import { isOfOurs } from './held.ts';
import { documentOf } from './places.ts';
import { currentValue, interpret } from './projection.ts';
import { actorOf, type Scene, setValue } from './scene.ts';
import { markSent } from './sent.ts';
import type { Interval } from './state.ts';
import { isEmpty, same } from './versions.ts';

type Meeting = 'same' | 'vendor' | 'hub';

/** Whose value stands where a pair first meets; an empty side takes the other's. */
function firstOf(
  rule: FieldRule | undefined,
  raw: FieldValue,
  vendor: FieldValue | undefined,
  hub: FieldValue,
): Meeting {
  const theirs = vendor === undefined ? raw : vendor;
  if (same(vendor, hub) || (isEmpty(theirs) && isEmpty(hub))) return 'same';
  if (isEmpty(theirs) || (rule?.first === 'hub' && !isEmpty(hub))) return 'hub';
  // A word of the vendor's that means nothing here is the vendor's to keep, where it comes first.
  return vendor === undefined ? 'same' : 'vendor';
}

/** A pair's first meeting, at a read: what stands there is its base. True when it is now the record's value. */
export function meet(scene: Scene, field: string, seen: Fields, when: Interval): boolean {
  const { record, link, place, around, referred, tree } = scene;
  const raw = seen[field] ?? null;
  const value = interpret(record, seen, place, referred, around.nowMs)[field];
  const ours = currentValue(record, field);
  const rule = ruleFor(documentOf(place), record.kind, field);
  const isOurs = rule?.first === 'hub' && isOfOurs(scene, field, raw);
  const winner = isOurs ? 'same' : firstOf(rule, raw, value, ours);
  link.unbased = link.unbased?.filter((each) => each !== field) ?? [];
  if (link.unbased.length === 0) delete link.unbased;
  link.got[field] = raw;
  noteFirst(scene, field, { winner, theirs: value ?? raw, ours, when });
  if (winner === 'hub') delete link.sent[field];
  else {
    const provenance = { ...when, source: place.connection.id, actor: actorOf(place) };
    if (winner === 'vendor') setValue(tree, record, field, value ?? null, provenance);
    markSent(scene, field);
  }
  return winner === 'vendor';
}

/** Two values met and one had to go: it is kept like any that lost. */
function noteFirst(
  { record, place, tree, around }: Scene,
  field: string,
  met: { winner: Meeting; theirs: FieldValue; ours: FieldValue; when: Interval },
): void {
  const { winner, theirs, ours, when } = met;
  if (winner === 'same' || [theirs, ours].some(isEmpty)) return;
  const by = record.provenance[field];
  const hub = { value: ours, by: by?.actor ?? 'hub', atMs: by?.toMs ?? around.nowMs };
  const vendor = { value: theirs, by: actorOf(place), atMs: when.toMs };
  const [lost, kept] = winner === 'hub' ? [vendor, hub] : [hub, vendor];
  tree.losses.push({
    record: record.id,
    field,
    lost: lost.value,
    lostBy: lost.by,
    lostAtMs: lost.atMs,
    kept: kept.value,
    keptBy: kept.by,
    policy: 'first direction',
    why: `the field is newly mapped, and starts from the ${winner}`,
  });
}
