import type { Loss } from './journal.ts';
import { currentValue } from './projection.ts';
import type { Tree } from './scene.ts';
import type { AnyRecord } from './state.ts';

/** Journals a value that does not stand, beside what the record holds and whose that is. */
export function keepLoss(
  tree: Tree,
  record: AnyRecord,
  field: string,
  loss: Pick<Loss, 'lost' | 'lostBy' | 'lostAtMs' | 'policy' | 'why'>,
): void {
  tree.losses.push({
    record: record.id,
    field,
    ...loss,
    kept: currentValue(record, field),
    keptBy: record.provenance[field]?.actor ?? 'hub',
  });
}
