import type { ConflictPolicy } from '../policy.ts';

/**
 * The later of two edits. A record-level time only bounds its fields from above, so a contender is an
 * interval; where two overlap nobody can tell, and the side that a person last touched at a vendor, the
 * edit, is kept: its copy then needs no write.
 */
export const newest = {
  name: 'newest',
  decide(record, edit) {
    if (edit.fromMs > record.toMs) return { winner: 'edit', why: 'set later' };
    if (edit.toMs < record.fromMs) return { winner: 'record', why: 'set later' };
    if (edit.fromMs === edit.toMs && record.fromMs === record.toMs && edit.toMs < record.toMs) {
      return { winner: 'record', why: 'set later' };
    }
    return { winner: 'edit', why: 'times overlap; the edit seen at the vendor is kept' };
  },
} as const satisfies ConflictPolicy;
