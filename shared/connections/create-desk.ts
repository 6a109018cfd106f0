import { HubError, InvalidInputError } from '../errors.ts';
import type { Manifest, Platform } from '../ports/index.ts';
import { createWaitingRoom } from '../sync/index.ts';
import { storeAudit } from './audit.ts';
import { createStates } from './authorize.ts';
import { Desk } from './desk.ts';
import { createDirectory } from './directory.ts';
import { checkUrl } from './egress.ts';
import { engineDeps } from './engine-deps.ts';
import { type IntegrationCode, Opener } from './opener.ts';

/** The desk on a platform; `codes` are the integrations people can connect here. */
export function createDesk(platform: Platform, codes: readonly IntegrationCode[]): Desk {
  const { clock, random, secrets, secretsWriter, stores, isLocal } = platform;
  const opener = new Opener(platform);
  const integrations = (id: string) => codes.find(({ manifest }) => manifest.id === id);
  return new Desk({
    // What is parked is taken out without a look at any mapping.
    forget: createWaitingRoom(engineDeps(platform, () => undefined)).forget,
    clock,
    random,
    secrets,
    secretsWriter,
    integrations,
    directory: createDirectory({ store: stores.connections, clock }),
    register: opener.register,
    vault: opener.vault,
    states: createStates({ store: stores.connections, clock }),
    audit: storeAudit({ store: stores.audit, random }),
    redirectUri: `${platform.publicUrl}/oauth/callback`,
    checkUrl: (url, manifest, pointer) => checkVendorUrl(url, manifest, { isLocal, pointer }),
    open: async (connection) => {
      // Its owner may have filled it a moment ago.
      await secrets.get(connection.id, { fresh: true });
      return opener.opening(connection, manifestOf(integrations(connection.integration)));
    },
    check: async (connection, code) => {
      const opened = await opener.open(connection, code, { priority: 'live' });
      try {
        return await opened.integration.check();
      } finally {
        await opened.settle();
      }
    },
  });
}

function checkVendorUrl(
  url: string,
  { allowedHosts }: Manifest,
  { isLocal, pointer }: { readonly isLocal: boolean; readonly pointer: string },
): void {
  try {
    checkUrl(url, { allowedHosts, isLocal });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new InvalidInputError(error.message, { pointer });
  }
}

function manifestOf(code: IntegrationCode | undefined): Manifest {
  if (code === undefined) throw new InvalidInputError('there is no such integration');
  return code.manifest;
}
