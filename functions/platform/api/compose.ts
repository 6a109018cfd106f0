import { backfillsOn } from '../../../shared/backfill/index.ts';
import { configured, createFeatures, settingsFrom } from '../../../shared/config/index.ts';
import {
  createDesk,
  createDirectory,
  createMappingDesk,
  createVitals,
  engineDeps,
  type MappingDesk,
  storeAudit,
  storeAuditTrail,
} from '../../../shared/connections/index.ts';
import { createSchedules } from '../../../shared/connections/schedules.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { Connections, Platform } from '../../../shared/ports/index.ts';
import { createEngine } from '../../../shared/sync/index.ts';
import { createReading } from '../../../shared/sync/read/index.ts';
import { catalog } from '../../catalog.ts';
import { integrations } from '../../mappings.ts';
import { verifier } from './bearer.ts';
import type { ApiDeps, ConnectionDesk } from './deps.ts';
import { createReservations } from './reservations.ts';

export interface ApiSettings {
  readonly issuer: string;
  readonly audience: string;
  /** The console's own client at the issuer: a token made out to it is an ID token. */
  readonly consoleClientId?: string | undefined;
  /** Where a connection's secret lies in Secrets Manager: its owner fills it, the API never reads it out. */
  readonly secretNameOf: (connection: ConnectionId) => string;
}

/** Lists a connection in the very next request after its creation; the directory's own list may be a minute old. */
function freshConnections({ stores, clock }: Platform): Connections {
  const directory = createDirectory({ store: stores.connections, clock });
  return {
    get: directory.get,
    byAddress: directory.byAddress,
    ofOrganization: (organization) =>
      createDirectory({ store: stores.connections, clock }).ofOrganization(organization),
  };
}

/** Every vendor's client comes with the desk, so it is opened only by who creates, authorizes or checks. */
function lazyDesk(platform: Platform): ConnectionDesk {
  let opened: Promise<ConnectionDesk> | undefined;
  const desk = () => {
    opened ??= import('../../adapters.ts').then(({ adapters }) => createDesk(platform, adapters));
    return opened;
  };
  return {
    create: async (request) => (await desk()).create(request),
    keepSecrets: async (request) => (await desk()).keepSecrets(request),
    remove: async (request) => (await desk()).remove(request),
    begin: async (request) => (await desk()).begin(request),
    complete: async (request) => (await desk()).complete(request),
    refuse: async (request) => (await desk()).refuse(request),
    check: async (request) => (await desk()).check(request),
  };
}

/** The same of mappings. */
function lazyMappings(platform: Platform): MappingDesk {
  let opened: Promise<MappingDesk> | undefined;
  const desk = () => {
    opened ??= import('../../adapters.ts').then(({ adapters }) =>
      createMappingDesk(platform, adapters, integrations),
    );
    return opened;
  };
  return {
    read: async (asked) => (await desk()).read(asked),
    suggest: async (asked) => (await desk()).suggest(asked),
    validate: async (asked) => (await desk()).validate(asked),
    preview: async (asked) => (await desk()).preview(asked),
    put: async (asked) => (await desk()).put(asked),
  };
}

export function apiDeps(platform: Platform, settings: ApiSettings): ApiDeps {
  const { clock, random, stores, publicUrl, telemetry } = platform;
  const connections = freshConnections(platform);
  const auditTrail = storeAuditTrail(stores.audit);
  const vitals = createVitals(platform);
  const deps = engineDeps(platform, integrations);
  const hubSettings = settingsFrom(platform.settings, catalog);
  const { issuer, audience, consoleClientId: clientId } = settings;
  return {
    catalog: catalog.map((manifest) => configured(manifest, hubSettings)),
    clock,
    telemetry,
    publicUrl,
    connections,
    secretNameOf: settings.secretNameOf,
    auditTrail,
    audit: storeAudit({ store: stores.audit, random }),
    reservations: createReservations({ store: stores.connections, clock, random }),
    backfills: backfillsOn(platform),
    features: createFeatures(stores.connections, hubSettings),
    schedules: createSchedules({ store: stores.connections, clock }),
    document: async () => (await import('./document.ts')).openApiDocument({ publicUrl, issuer }),
    engine: createEngine(deps),
    reading: createReading({ store: deps.store, clock, connections, integrations, vitals }),
    desk: lazyDesk(platform),
    mappings: lazyMappings(platform),
    verify: verifier({ issuer, audience, clientId, identity: hubSettings.identity }, clock.now),
  };
}
