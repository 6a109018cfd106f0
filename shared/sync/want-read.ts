import type { Version } from '../ports/mapping.ts';
import type { Link } from './state.ts';
import { compareVersions } from './versions.ts';

/**
 * Asks for a read that is no older than what was announced. Every asking is counted: a read that began before
 * it must not pass for its answer, and finds the link changed when it wants to commit.
 */
export function wantRead(link: Link, announced?: Version): void {
  link.needsRead = true;
  link.asks = (link.asks ?? 0) + 1;
  if (announced === undefined) return;
  const order = compareVersions(announced, link.announced);
  if (order === 'newer' || (order === 'unknown' && link.announced === undefined)) link.announced = announced;
}
