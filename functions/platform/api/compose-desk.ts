import { createDesk, createMappingDesk } from '../../../shared/connections/index.ts';
import type { Platform } from '../../../shared/ports/index.ts';
import { createWaitingRoom } from '../../../shared/sync/index.ts';
import { adapters } from '../../adapters.ts';
import { integrations } from '../../mappings.ts';
import { type ApiSettings, gateDeps } from './compose-gate.ts';
import type { DeskDeps } from './deps.ts';
import { createReservations } from './reservations.ts';

export function deskDeps(platform: Platform, settings: ApiSettings): DeskDeps {
  const { clock, random, stores } = platform;
  const { gate, engine } = gateDeps(platform, settings);
  return {
    ...gate,
    reservations: createReservations({ store: stores.connections, clock, random }),
    engine: createWaitingRoom(engine),
    desk: createDesk(platform, adapters),
    mappings: createMappingDesk(platform, adapters, integrations),
  };
}
