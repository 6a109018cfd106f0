import { backfillsOn } from '../../../shared/backfill/index.ts';
import { storeAudit, storeAuditTrail } from '../../../shared/connections/index.ts';
import { createSchedules } from '../../../shared/connections/schedules.ts';
import type { ContentAddress, Platform, UploadDoor } from '../../../shared/ports/index.ts';
import { createEngine } from '../../../shared/sync/index.ts';
import { createUploads } from '../../../shared/uploads/index.ts';
import { type ApiSettings, gateDeps } from './compose-gate.ts';
import type { ApiDeps } from './deps.ts';
import { createReservations } from './reservations.ts';

/** Where files are had and where they are put; the bytes themselves the API never sees. */
export interface Contents {
  readonly addressOf: ContentAddress;
  readonly door: UploadDoor;
}

export function apiDeps(platform: Platform, settings: ApiSettings, { addressOf, door }: Contents): ApiDeps {
  const { clock, random, stores, publicUrl } = platform;
  const { gate, engine } = gateDeps(platform, settings);
  const { issuer } = settings;
  return {
    ...gate,
    addressOf,
    uploads: createUploads({ store: stores.records, clock, door }),
    reservations: createReservations({ store: stores.connections, clock, random }),
    auditTrail: storeAuditTrail(stores.audit),
    audit: storeAudit({ store: stores.audit, random }),
    backfills: backfillsOn(platform),
    schedules: createSchedules({ store: stores.connections, clock }),
    document: async () => (await import('./document.ts')).openApiDocument({ publicUrl, issuer }),
    engine: createEngine(engine),
  };
}
