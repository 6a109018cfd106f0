import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { newLane, type Scene, sceneAt, treeOf } from '../../../shared/sync/scene.ts';
import type { Child, Lane, Link, Root } from '../../../shared/sync/state.ts';
import { around, deskPlace, seenTicket, ticketScene } from './scenes.ts';

const CONNECTION = 'desk' as ConnectionId;
const COMMENT = 'comment-1' as RecordId;

interface Given {
  readonly place?: Place;
  readonly comment?: Partial<Child>;
  readonly link?: Partial<Link>;
  readonly lane?: Partial<Lane>;
}

/** A public comment of a ticket with one copy, in step and at version 5 of 50 seconds, unless told otherwise. */
export function commentScene({ place = deskPlace(), comment, link, lane }: Given): Scene {
  const { root } = ticketScene({ place }).tree;
  const copy: Link = {
    origin: 'ours',
    externalId: 'note-1' as ExternalId,
    sent: { body: 'it burns' },
    got: { body: 'it burns', visibility: 'public' },
    gotVersion: { source: 'desk', value: 5 },
    gotAtMs: 50_000,
    ...link,
  };
  const child: Child = {
    id: COMMENT,
    kind: 'comment',
    root: root.id,
    fields: { body: 'it burns' },
    provenance: {},
    revision: 1,
    createdAtMs: 10_000,
    updatedAtMs: 10_000,
    visibility: 'public',
    author: { role: 'agent' },
    position: '1',
    links: { [CONNECTION]: copy },
    ...comment,
  };
  root.lanes[CONNECTION] = { ...root.lanes[CONNECTION]!, ...lane };
  const tree = treeOf(root, [child]);
  return sceneAt(tree, tree.children.get(COMMENT)!, place, around(place));
}

export const seenComment = (observation: Partial<Observation>): Observation =>
  seenTicket({
    kind: 'comment',
    externalId: 'note-1' as ExternalId,
    rootExternalId: 'case-1' as ExternalId,
    fields: { body: 'it burns' },
    visibility: 'public',
    ...observation,
  });

/** One more copy of the scene's root, somewhere else. */
export function elsewhere({ tree }: Scene, link: Partial<Link>): void {
  const root: Root = tree.root;
  const lane = newLane('ours');
  root.lanes.elsewhere = { ...lane, link: { ...lane.link, ...link } };
}
