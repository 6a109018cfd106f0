import type { RecordId } from '../../../shared/domain/index.ts';
import type { KindCapability } from '../../../shared/ports/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { type Scene, sceneAt, treeOf } from '../../../shared/sync/scene.ts';
import type { AttachedFile, Lane, Link, Root } from '../../../shared/sync/state.ts';
import { around, deskPlace, ticketScene } from './scenes.ts';

export const TICKET = 'ticket-9' as RecordId;
export const CONTENT = { key: 'k', size: 2_000, sha256: 'abc' } as AttachedFile['content'];

/** A desk that takes files of up to so many bytes. */
export function fileDesk(maxBytes = 5_000, kind: Partial<KindCapability> = {}): Place {
  const place = deskPlace(kind);
  const { kinds } = place.manifest;
  const attachment = { ...kinds.ticket!, facet: 'file' } satisfies KindCapability;
  const files = { maxBytes } as NonNullable<Place['manifest']['files']>;
  return { ...place, manifest: { ...place.manifest, files, kinds: { ...kinds, attachment } } };
}

interface Given {
  readonly place?: Place;
  readonly fields?: Root['fields'];
  readonly file?: Partial<AttachedFile>;
  readonly link?: Partial<Link>;
  readonly lane?: Partial<Lane>;
  readonly root?: Partial<Root>;
}

/** A public photo of a ticket, its bytes here; no copy yet, whose parent's is known, unless told otherwise. */
export function fileScene({ place = fileDesk(), fields, file, link, lane, root }: Given = {}): Scene {
  const given = ticketScene({ place }).tree.root;
  const parent = { kind: 'ticket', externalId: 'case-9' } as Lane['parent'] & object;
  const { externalId: _none, ...copy } = given.lanes.desk!.link;
  const photo: Root = {
    ...given,
    kind: 'attachment',
    fields: { name: 'photo.png', type: 'image/png', size: 1_999, ...fields },
    file: {
      of: { root: TICKET, record: TICKET, kind: 'ticket' },
      visibility: 'public',
      content: CONTENT!,
      ...file,
    },
    ...root,
    lanes: { desk: { ...given.lanes.desk!, parent, ...lane, link: { ...copy, sent: {}, got: {}, ...link } } },
  };
  const tree = treeOf(photo);
  return sceneAt(tree, tree.root, place, around(place));
}
