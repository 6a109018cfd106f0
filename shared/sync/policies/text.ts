import { diff3Merge } from 'node-diff3';
import type { FieldValue } from '../../domain/record.ts';
import type { ConflictPolicy } from '../policy.ts';
import { later } from './newest.ts';

/** Longer texts are not compared line by line. */
const MAX_LINES = 1_000;
/** Pairs of equal lines: each is tried with each, so that repeated lines take time with the cube of their number. */
const MAX_PAIRS = 40_000;

/** Line by line against what both started from; where both changed the same lines, the later text stands whole. */
export const textMerge: ConflictPolicy = {
  name: 'text',
  decide(record, edit, base) {
    const value = mergedText(base, record.value, edit.value);
    if (value !== undefined) return { winner: 'merge', value, why: 'both changed other lines' };
    const { winner, why } = later(record, edit);
    return { winner, why: `both changed the same lines: ${why}` };
  },
};

/** Undefined where the two cannot be brought together without choosing between them. */
export function mergedText(
  base: FieldValue | undefined,
  one: FieldValue,
  other: FieldValue,
): string | undefined {
  if (typeof base !== 'string' || typeof one !== 'string' || typeof other !== 'string') return undefined;
  const [o, a, b] = [linesOf(base), linesOf(one), linesOf(other)];
  if (Math.max(o.length, a.length, b.length) > MAX_LINES) return undefined;
  if (Math.max(pairsOf(o, a), pairsOf(o, b)) > MAX_PAIRS) return undefined;
  const merged: string[] = [];
  for (const region of diff3Merge(a, o, b)) {
    if (region.ok === undefined) return undefined;
    merged.push(...region.ok);
  }
  return merged.join('\n');
}

const linesOf = (text: string): string[] => text.split('\n');

function pairsOf(one: readonly string[], other: readonly string[]): number {
  const times = new Map<string, number>();
  for (const line of one) times.set(line, (times.get(line) ?? 0) + 1);
  return other.reduce((pairs, line) => pairs + (times.get(line) ?? 0), 0);
}
