import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { commentScene } from './comment-scene.ts';
import { undeletion } from './deaths.ts';
import { ticketScene } from './scenes.ts';

describe('deletion: whom a copy names that is back', () => {
  const named = { record: 'ada' as RecordId, externalId: 'ada-1' as ExternalId };
  const backWith = (scene: Scene) => {
    observeCopy(scene, undeletion());
    return scene.lane.referred;
  };

  it('is looked up anew; of whom nobody was named nothing is known, and a comment’s return says nothing of it', () => {
    const dead = { dead: { atMs: 60_000 } };

    expect(backWith(ticketScene({ link: dead, lane: { referred: named } }))).toEqual({
      ...named,
      isOld: true,
    });
    expect(backWith(ticketScene({ link: dead }))).toBeUndefined();
    expect(backWith(commentScene({ link: dead, lane: { referred: named } }))).toEqual(named);
  });
});
