import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { MappedKind } from '../domain/record.ts';
import { ConflictError } from '../errors.ts';
import { type Conclusion, conclude } from './conclude.ts';
import { type Desk, follow, loadRoot, openSession, placesFor, stage, surroundings } from './desk.ts';
import { recordList } from './keys.ts';
import type { Places } from './places.ts';
import { sceneAt, treeOf } from './scene.ts';
import type { Root } from './state.ts';

const ATTEMPTS = 3;

export interface RemapRequest {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly kind: MappedKind;
  readonly next?: string;
  readonly limit: number;
  /** Between the wakes of two records: live work goes in between. */
  readonly spacingMs: number;
}
export interface Remapped {
  readonly looked: number;
  readonly woken: number;
  /** Absent: that was the last of this kind. */
  readonly next?: string;
}

/**
 * Meets a page of records with the connection's present mapping: each link takes it up, and what has to be read or
 * written for it is woken, one after another. Newest first; a record that moves ahead meanwhile has met it by that.
 */
export async function remap(desk: Desk, request: RemapRequest): Promise<Remapped> {
  const { organization, connection, kind, next, limit, spacingMs } = request;
  const { store, connections } = desk.deps;
  // Strongly read, it is what the list of places holds from here on.
  await connections.get(organization, connection);
  const places = await placesFor(desk, organization);
  const page = await store.page<Root>(recordList(organization, kind), {
    limit,
    ...(next === undefined ? {} : { next }),
  });
  let woken = 0;
  for (const { data } of page.items) {
    if (data.lanes[connection] === undefined) continue;
    if (await meetRoot(desk, places, request, { id: data.id, delayMs: woken * spacingMs })) woken += 1;
  }
  return { looked: page.items.length, woken, ...(page.next === undefined ? {} : { next: page.next }) };
}

async function meetRoot(
  desk: Desk,
  places: Places,
  { organization, connection }: RemapRequest,
  { id, delayMs }: { id: Root['id']; delayMs: number },
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const session = openSession(desk);
      const root = await loadRoot(session, organization, id);
      const place = places.get(connection);
      if (root?.lanes[connection] === undefined || place === undefined) return false;
      const around = surroundings(desk, places);
      const tree = treeOf(root);
      sceneAt(tree, tree.root, place, around);
      const conclusion = paced(conclude(tree, organization, around), delayMs);
      const aftermath = await stage(session, conclusion, organization);
      await session.commit();
      await follow(desk, session, aftermath);
      return aftermath.wakes.length > 0;
    } catch (error) {
      // Whoever was quicker has met the mapping too, and may have left something to do.
      if (!(error instanceof ConflictError) || attempt >= ATTEMPTS) throw error;
    }
  }
}

function paced(conclusion: Conclusion, delayMs: number): Conclusion {
  const wakes = conclusion.wakes.map((order) => {
    const { wake } = conclusion.tree.root.lanes[order.connection] ?? {};
    if (wake?.id === order.wake) wake.dueAtMs += delayMs;
    return { ...order, delayMs: order.delayMs + delayMs };
  });
  return { ...conclusion, wakes };
}
