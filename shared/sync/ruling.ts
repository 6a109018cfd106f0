import type { FieldValue } from '../domain/record.ts';
import type { Contender, Ruling } from './policy.ts';
import { currentValue } from './projection.ts';
import { actorOf, type Scene } from './scene.ts';
import type { Interval } from './state.ts';
import { same } from './versions.ts';

export interface Edit extends Interval {
  readonly value: FieldValue;
  /** What its author started from, where that is known. */
  readonly base: FieldValue | undefined;
  readonly isUnsettled?: boolean;
}

/** What the policy says of an edit of a field that the record has otherwise; whatever loses is journalled. */
export function ruleOn(scene: Scene, field: string, { base, ...edit }: Edit): Ruling {
  const { record, place, around, tree } = scene;
  const policy = around.rules.policyFor(place.connection, record.kind, field);
  const ours = record.provenance[field];
  const recordSide = {
    value: currentValue(record, field),
    by: ours?.actor ?? 'hub',
    fromMs: ours?.fromMs ?? 0,
    toMs: ours?.toMs ?? record.createdAtMs,
  };
  const editSide = { ...edit, by: actorOf(place) };
  const ruling = policy.decide(recordSide, editSide, base);
  const [kept, losers] = sidesOf(ruling, recordSide, editSide);
  for (const lost of losers) {
    tree.losses.push({
      record: record.id,
      field,
      lost: lost.value,
      lostBy: lost.by,
      lostAtMs: lost.toMs,
      kept: kept.value,
      keptBy: kept.by,
      policy: policy.name,
      why: ruling.why,
    });
  }
  return ruling;
}

/** What stands, and what does not: of a merge, whichever side differs from it. */
function sidesOf(
  ruling: Ruling,
  record: Contender,
  edit: Contender,
): [Pick<Contender, 'value' | 'by'>, Contender[]] {
  switch (ruling.winner) {
    case 'edit':
      return [edit, [record]];
    case 'record':
    case 'nobody':
      return [record, [edit]];
    case 'merge': {
      const merged = { value: ruling.value, by: 'hub' };
      return [merged, [record, edit].filter(({ value }) => !same(value, ruling.value))];
    }
  }
}
