import type { Scene } from '../../../shared/sync/scene.ts';
import { ticketScene } from './scenes.ts';

/** A ticket known by its id alone: its one copy has never been read. */
export function unreadTicket(): Scene {
  const scene = ticketScene({ link: { origin: 'theirs', sent: {}, got: {}, gotAtMs: 0, needsRead: true } });
  scene.record.fields = {};
  scene.record.createdAtMs = 55_000;
  scene.record.unread = scene.place.connection.id;
  delete scene.link.gotVersion;
  return scene;
}
