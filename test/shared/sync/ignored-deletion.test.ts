import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { DeletionPolicies } from '../../../shared/ports/index.ts';
import { fileOf } from '../../../shared/sync/attachment.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { sceneAt, treeOf } from '../../../shared/sync/scene.ts';
import { deletion, theirs } from './deaths.ts';
import { fileDesk, fileScene } from './file-scene.ts';
import { around, deskPlace } from './scenes.ts';

describe('deletion: what it means is its connection’s to say, of each kind', () => {
  const ignoring = (place: Place, deletions: DeletionPolicies): Place => ({
    ...place,
    connection: { ...place.connection, mapping: { version: 1, kinds: {}, deletions } },
  });
  const own = { origin: 'theirs', externalId: 'file-1' as ExternalId } as const;

  it.each(['contact', 'account'] as const)('takes the copy of a %s alone where it is ignored', (kind) => {
    const place = ignoring(deskPlace(), { [kind]: 'ignore' });
    const tree = treeOf({ ...theirs({ place }).tree.root, kind });
    const scene = sceneAt(tree, tree.root, place, around(place));

    observeCopy(scene, deletion({ kind }));

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toBeUndefined();
  });

  it.each([
    ['goes on elsewhere where it is ignored', { attachment: 'ignore' }, undefined],
    ['is deleted where nothing is said of files', { comment: 'ignore' }, { atMs: 60_000, source: 'desk' }],
  ] as const)('a file whose bytes are here %s', (_rule, deletions, deleted) => {
    const scene = fileScene({ place: ignoring(fileDesk(), deletions), link: own });

    observeCopy(scene, deletion({ kind: 'attachment' }));

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toEqual(deleted);
    expect(needOf(scene)).toBe(deleted === undefined ? 'none' : 'discard');
  });

  it('a file of which no bytes are here is gone all the same', () => {
    const place = ignoring(fileDesk(), { attachment: 'ignore' });
    const scene = fileScene({ place, link: own });
    delete fileOf(scene.record).content;

    observeCopy(scene, deletion({ kind: 'attachment' }));

    expect(scene.record.deleted).toBeDefined();
  });
});
