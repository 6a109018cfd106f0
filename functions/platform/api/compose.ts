import { backfillsOn } from '../../../shared/backfill/index.ts';
import { storeAudit, storeAuditTrail } from '../../../shared/connections/index.ts';
import { createSchedules } from '../../../shared/connections/schedules.ts';
import type { ContentAddress, Platform } from '../../../shared/ports/index.ts';
import { createEngine } from '../../../shared/sync/index.ts';
import { type ApiSettings, gateDeps } from './compose-gate.ts';
import type { ApiDeps } from './deps.ts';

export function apiDeps(platform: Platform, settings: ApiSettings, addressOf: ContentAddress): ApiDeps {
  const { clock, random, stores, publicUrl } = platform;
  const { gate, engine } = gateDeps(platform, settings);
  const { issuer } = settings;
  return {
    ...gate,
    addressOf,
    auditTrail: storeAuditTrail(stores.audit),
    audit: storeAudit({ store: stores.audit, random }),
    backfills: backfillsOn(platform),
    schedules: createSchedules({ store: stores.connections, clock }),
    document: async () => (await import('./document.ts')).openApiDocument({ publicUrl, issuer }),
    engine: createEngine(engine),
  };
}
