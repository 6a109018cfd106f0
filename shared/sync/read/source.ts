import type { ConnectionId, OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Vitals } from '../../ports/activity.ts';
import type { EngineDeps } from '../../ports/engine.ts';
import type { Connections } from '../../ports/index.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Store } from '../../ports/store.ts';
import { rootKey } from '../keys.ts';
import { type Place, type Places, placesOf } from '../places.ts';
import type { Root } from '../state.ts';

export interface ReadingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly integrations: EngineDeps['integrations'];
  readonly vitals: (organization: OrganizationId, connection: ConnectionId) => Promise<Vitals>;
}

export async function placesIn(deps: ReadingDeps, organization: OrganizationId): Promise<Places> {
  return placesOf(await deps.connections.ofOrganization(organization), deps.integrations);
}

/** The root under this id, or the older one it was folded into. */
export async function rootAt(
  deps: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  id: RecordId,
): Promise<Root | undefined> {
  const { pk, sk } = rootKey(organization, id);
  const root = (await deps.store.get<Root>(pk, sk))?.data;
  return root?.foldedInto === undefined ? root : rootAt(deps, organization, root.foldedInto);
}

export async function ticketAt(
  deps: ReadingDeps,
  organization: OrganizationId,
  id: RecordId,
): Promise<Root | undefined> {
  const root = await rootAt(deps, organization, id);
  return root?.kind === 'ticket' ? root : undefined;
}

export type { Place, Places };
