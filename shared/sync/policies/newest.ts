import type { ConflictPolicy, Contender } from '../policy.ts';

interface Later {
  readonly winner: 'record' | 'edit';
  readonly why: string;
}

export const PERHAPS_OURS = {
  winner: 'record',
  why: 'the vendor may have made the edit of our write',
} as const satisfies Later;

/**
 * The later of two edits. A record-level time only bounds its fields from above, so a contender is an
 * interval; where two overlap nobody can tell, and the side that a person last touched at a vendor, the
 * edit, is kept: its copy then needs no write. What may be nobody's says perhaps what we wrote, and the
 * record has come to hold something else since.
 */
export function later(record: Contender, edit: Contender): Later {
  if (edit.toMs < record.fromMs) return { winner: 'record', why: 'set later' };
  if (edit.isUnsettled === true) return PERHAPS_OURS;
  if (edit.fromMs > record.toMs) return { winner: 'edit', why: 'set later' };
  return { winner: 'edit', why: 'times overlap; the edit seen at the vendor is kept' };
}

export const newest: ConflictPolicy = { name: 'newest', decide: later };
