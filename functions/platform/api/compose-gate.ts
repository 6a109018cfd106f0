import { configured, createFeatures, settingsFrom } from '../../../shared/config/index.ts';
import { createDirectory, createVitals, engineDeps } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { Connections, Platform } from '../../../shared/ports/index.ts';
import { createReading } from '../../../shared/sync/read/index.ts';
import { catalog } from '../../catalog.ts';
import { integrations } from '../../mappings.ts';
import { verifier } from './bearer.ts';

export interface ApiSettings {
  readonly issuer: string;
  readonly audience: string;
  /** The console's own client at the issuer: a token made out to it is an ID token. */
  readonly consoleClientId?: string | undefined;
  /** Where a connection's secret lies in Secrets Manager: its owner fills it, the API never reads it out. */
  readonly secretNameOf: (connection: ConnectionId) => string;
}

/** As a function's environment says, which the entry reads. */
export function apiSettings(
  of: (name: string) => string,
  secretName: (prefix: string, connection: ConnectionId) => string,
): ApiSettings {
  const prefix = of('SECRETS_PREFIX');
  return {
    issuer: of('API_ISSUER'),
    audience: of('API_AUDIENCE'),
    consoleClientId: of('CONSOLE_CLIENT_ID'),
    secretNameOf: (connection) => secretName(prefix, connection),
  };
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

/** `GateDeps` with all of the reading, and what the engine is made of. */
export function gateDeps(platform: Platform, settings: ApiSettings) {
  const { clock, stores, publicUrl, telemetry } = platform;
  const connections = freshConnections(platform);
  const engine = engineDeps(platform, integrations);
  const hubSettings = settingsFrom(platform.settings, catalog);
  const { issuer, audience, consoleClientId: clientId, secretNameOf } = settings;
  const vitals = createVitals(platform);
  return {
    engine,
    gate: {
      catalog: catalog.map((manifest) => configured(manifest, hubSettings)),
      clock,
      telemetry,
      publicUrl,
      connections,
      secretNameOf,
      features: createFeatures(stores.connections, hubSettings),
      reading: createReading({ store: engine.store, clock, connections, integrations, vitals }),
      verify: verifier({ issuer, audience, clientId, identity: hubSettings.identity }, clock.now),
    },
  };
}
