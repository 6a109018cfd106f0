import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import type { Scene, Surroundings } from '../../../shared/sync/scene.ts';
import { deskPlace } from './scenes.ts';

export const OTHER = 'other' as ConnectionId;
export const behind = (id: string, position = '1') => ({ id: id as RecordId, position });
/** A second place beside the scene's own. */
export function beside(
  scene: Scene,
  over: Partial<Place> & { readonly state?: 'pending' } = {},
): Surroundings {
  const place = { ...deskPlace(), ...over };
  const state = over.state === undefined ? place.connection.state : ({ kind: 'pending' } as const);
  const other = { ...place, connection: { ...place.connection, id: OTHER, state } };
  return { ...scene.around, places: new Map([...scene.around.places, [OTHER, other]]) };
}
export const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};
