import type { ConflictPolicy } from '../policy.ts';
import { PERHAPS_OURS } from './newest.ts';

/** What its vendor may have made of our write is perhaps no edit of this connection’s. */
const EDIT_WINS: ConflictPolicy = {
  name: 'side',
  decide: (_record, { isUnsettled }) =>
    isUnsettled === true
      ? PERHAPS_OURS
      : { winner: 'edit', why: 'this connection’s edits win in this field' },
};
const RECORD_WINS: ConflictPolicy = {
  name: 'side',
  decide: () => ({ winner: 'record', why: 'what the hub holds wins over this connection’s edits here' }),
};

/** One side is named once and for all; when it was said does not matter. */
export const side = (wins: 'this connection' | 'hub record'): ConflictPolicy =>
  wins === 'this connection' ? EDIT_WINS : RECORD_WINS;
