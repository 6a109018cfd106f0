import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import type { Child } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { seenTicket, ticketScene } from './scenes.ts';

const FORMER = 'note-0' as ExternalId;
const former = [FORMER];
const back = { externalId: FORMER, life: 'undeleted' } as const;
const diedAt = (source: string) => ({ atMs: 70_000, source: source as ConnectionId });

describe('a copy that a comment had before, and that somebody brings back', () => {
  it.each([
    ['brings back', 'here', 'desk', undefined],
    ['leaves', 'elsewhere', 'chat', diedAt('chat')],
  ])('%s a comment that was deleted %s, and is for people to sort out', (_what, _where, source, left) => {
    const scene = commentScene({ link: { former } });
    scene.record.deleted = diedAt(source);

    expect(observeOther(scene, seenComment(back))).toBe('parked');

    expect(scene.record.deleted).toEqual(left);
    expect(scene.link).toMatchObject({ externalId: 'note-1', besides: [FORMER] });
    expect(scene.link).not.toHaveProperty('revived');
  });

  it('is its copy again where the one it has is dead', () => {
    const scene = commentScene({ link: { former, dead: { atMs: 70_000 } } });
    scene.record.deleted = diedAt('desk');

    expect(observeOther(scene, seenComment(back))).toBe('applied');

    expect(scene.record).not.toHaveProperty('deleted');
    expect((scene.record as Child).links.desk).toMatchObject({ externalId: FORMER, needsRead: true });
  });

  it.each([
    ['nobody knows of', undefined],
    ['it never had', ['note-00' as ExternalId]],
  ])('is not one that %s: such a one brings nobody back', (_which, known) => {
    const scene = commentScene({ link: { ...(known && { former: known }) } });
    scene.record.deleted = diedAt('desk');

    expect(observeOther(scene, seenComment(back))).toBe('parked');

    expect(scene.record.deleted).toEqual(diedAt('desk'));
  });

  it('is told of in vain where it only lived before', () => {
    const scene = commentScene({ link: { former } });
    scene.record.deleted = diedAt('desk');

    expect(observeOther(scene, seenComment({ externalId: FORMER }))).toBe('echo');
    expect(scene.record.deleted).toEqual(diedAt('desk'));
  });
});

it('what a ticket was before it was merged into what it is brings nobody back', () => {
  const scene = ticketScene({ link: { former, dead: { atMs: 70_000 } } });
  scene.record.deleted = diedAt('desk');

  expect(observeOther(scene, seenTicket(back))).toBe('parked');
  expect(scene.record.deleted).toEqual(diedAt('desk'));
});
