import type { ConnectionId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';
import { pairedBy } from '../mapping/index.ts';
import type { Connection } from '../ports/connections.ts';
import type { EngineDeps } from '../ports/engine.ts';
import type { KindCapability, Manifest } from '../ports/manifest.ts';
import type { Mapping, MappingContext } from '../ports/mapping.ts';
import type { MappingDocument } from '../ports/mapping-document.ts';

/** One connection with all the engine may know of it. */
export interface Place {
  readonly connection: Connection;
  readonly manifest: Manifest;
  readonly mapping: Mapping;
}
export type Places = ReadonlyMap<ConnectionId, Place>;

export function placeOf(connection: Connection, integrations: EngineDeps['integrations']): Place | undefined {
  const integration = integrations(connection.integration);
  return integration === undefined ? undefined : { connection, ...integration };
}

export function placesOf(
  connections: readonly Connection[],
  integrations: EngineDeps['integrations'],
): Places {
  return new Map(
    connections.flatMap((connection) => {
      const place = placeOf(connection, integrations);
      return place === undefined ? [] : [[connection.id, place] as const];
    }),
  );
}

export function contextOf({ connection }: Place, receivedAtMs: number): MappingContext {
  const { settings, hubUserId, account, mapping } = connection;
  return { settings, hubUserId, account, mapping, receivedAtMs };
}

/** The document a place pairs its fields by; undefined where they are fixed, whatever else its own document says. */
export const documentOf = ({ connection, manifest }: Place): MappingDocument | undefined =>
  pairedBy(connection.mapping, manifest.mapping);

export const mappingVersion = (place: Place): number => documentOf(place)?.version ?? 0;

export const capabilityOf = (place: Place, kind: RecordKind): KindCapability | undefined =>
  place.manifest.kinds[kind];

export const isChannel = (place: Place): boolean => place.manifest.isCustomerVisible;
