import { RECORD_KINDS } from '../../shared/domain/index.ts';

export const USAGE = `npm run backfill -- [--connection ID] [--out] [--kinds ${RECORD_KINDS.join(',')}] [--since 2026-01-01T00:00:00Z] [--cancel]

Starts a backfill (--out: of what the hub holds and has no copy there; comments go with their tickets) and shows its progress; where one is under way, shows that one. Ctrl-C leaves it running.
The hub is the local one (DESKBRIDGE_DATA, .deskbridge by default), or --hub https://… with DESKBRIDGE_TOKEN.`;
