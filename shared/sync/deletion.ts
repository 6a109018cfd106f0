import type { Version } from '../ports/mapping.ts';
import { actorOf, type Scene } from './scene.ts';
import type { EndState, Link, RecordChange } from './state.ts';
import { compareVersions } from './versions.ts';
import { wantRead } from './want-read.ts';

interface Moment {
  readonly atMs: number;
  readonly version?: Version;
}

/** A deletion the vendor vouches for. Where what we hold is later, or cannot be compared, it is read first. */
export function takeDeletion(scene: Scene, moment: Moment, via: 'event' | 'read'): EndState {
  const { link, record, place, around } = scene;
  if (link.dead !== undefined) {
    // A read has answered what was asked for; left standing, the question would be asked for ever.
    if (via === 'read') delete link.needsRead;
    return 'echo';
  }
  if (via === 'event' && isOutdated(link, moment)) {
    wantRead(link);
    link.doomed = {
      atMs: moment.atMs,
      ...(moment.version === undefined ? {} : { version: moment.version }),
    };
    return 'merged';
  }
  link.dead = deathOf(link, moment, around.nowMs);
  delete link.doomed;
  delete link.needsRead;
  delete link.heard;
  if (!isMortal(scene) || record.deleted !== undefined) return 'applied';
  record.deleted = { atMs: link.dead.atMs, source: place.connection.id };
  note(scene, 'deleted');
  return 'applied';
}

function deathOf(link: Link, moment: Moment, nowMs: number): NonNullable<Link['dead']> {
  const version = moment.version ?? link.gotVersion;
  return { atMs: Math.min(moment.atMs, nowMs), ...(version === undefined ? {} : { version }) };
}

function isOutdated(link: Link, moment: Moment): boolean {
  for (const known of [{ atMs: link.gotAtMs, version: link.gotVersion }, link.revived]) {
    if (known === undefined) continue;
    const order = compareVersions(moment.version, known.version);
    if (order === 'older') return true;
    if (order === 'unknown' && moment.atMs < known.atMs) return true;
  }
  return false;
}

/**
 * A comment deleted anywhere is deleted. A root dies with the copy it came from, or, where all are ours, with
 * any: a case thrown away must not take the customer's conversation with it.
 */
function isMortal({ record, link, tree }: Scene): boolean {
  if (link.origin === 'theirs' || record.kind === 'comment') return true;
  const links = Object.values(tree.root.lanes).map((lane) => lane.link);
  return !links.some((other) => other.origin === 'theirs' && other.externalId !== undefined);
}

/** An undelete event, or a read that saw life later than the deletion: the same record goes on. */
export function revive(scene: Scene, moment: Moment): void {
  const { link, record, place } = scene;
  delete link.dead;
  link.revived = {
    atMs: moment.atMs,
    ...(moment.version === undefined ? {} : { version: moment.version }),
  };
  if (record.deleted === undefined) return;
  if (record.deleted.source !== place.connection.id && record.deleted.source !== 'hub') return;
  delete record.deleted;
  note(scene, 'restored');
}

export function isLaterThanDeath(link: Link, moment: Moment): boolean {
  if (link.dead === undefined) return true;
  const order = compareVersions(moment.version, link.dead.version);
  return order === 'newer' || (order === 'unknown' && moment.atMs > link.dead.atMs);
}

function note({ tree, record, place }: Scene, what: RecordChange['what']): void {
  tree.changes.push({
    record: record.id,
    kind: record.kind,
    what,
    fields: {},
    source: place.connection.id,
    actor: actorOf(place),
  });
}
