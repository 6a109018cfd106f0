import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { observe } from '../../../shared/sync/observe.ts';
import { isBack, observeOther } from '../../../shared/sync/other-copy.ts';
import { type Scene, sceneAt } from '../../../shared/sync/scene.ts';
import type { Child, Link } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { parkedAs } from './parked-as.ts';
import { seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const FORMER = 'note-0' as ExternalId;
const [FIRST, SECOND] = ['note-1', 'note-2'] as [ExternalId, ExternalId];
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

describe('a copy that died and was followed by another, where nobody says that it is back', () => {
  const dead = { atMs: 70_000, version: version(7) };
  const followed = (first: Scene = commentScene({ link: { dead } })) => {
    observeOther(first, { ...seenComment({ externalId: SECOND }), kind: first.record.kind });
    const { tree, record, place, around } = first;
    return sceneAt(tree, record, place, around);
  };

  it.each([
    ['later than its end, by its version', { version: version(8), atMs: 60_000 }, 'parked'],
    ['of the version it ended with', { version: version(7), atMs: 90_000 }, 'echo'],
    ['later than its end, by its time', { version: undefined, atMs: 70_001 }, 'parked'],
    ['at the time of its end', { version: undefined, atMs: 70_000 }, 'echo'],
  ])('is back where it is seen %s', (_when, { version: seen, atMs }, end) => {
    const scene = followed();
    const { version: _own, ...o } = seenComment({ atMs });

    expect(observeOther(scene, seen === undefined ? o : { ...o, version: seen })).toBe(end);

    const besides = end === 'parked' ? [FIRST] : undefined;
    expect(scene.link.besides).toEqual(besides);
    expect(scene.link.parked?.code).toBe(besides && 'second_copy');
  });

  it('is back though the next has died since, and brings its comment with it', () => {
    const scene = followed();
    Object.assign(scene.link, { dead: { atMs: 80_000 } });
    scene.record.deleted = diedAt('desk');

    expect(observeOther(scene, seenComment({ version: version(8) }))).toBe('applied');

    expect(scene.record).not.toHaveProperty('deleted');
    expect((scene.record as Child).links.desk).toMatchObject({ externalId: FIRST, former: [FIRST, SECOND] });
  });

  it('is claimed as back since then: what is told late of its end was before', () => {
    const scene = followed();
    const identity = { root: scene.tree.root, child: scene.record as Child, isKnown: true };
    const told = seenComment({ version: version(8), atMs: 90_000 });

    const { claims } = observe(told, identity, scene.place, scene.around);

    const back = { atMs: 90_000, version: version(8) };
    expect(claims).toMatchObject([{ externalId: FIRST, claim: { record: 'comment-1', back } }]);
  });

  it('is a ticket’s second one, and does not take the place of the next, should that have died too', () => {
    const scene = followed(ticketScene({ link: { dead } }));
    Object.assign(scene.link, { dead: { atMs: 80_000 } });

    const told = seenTicket({ externalId: 'case-1' as ExternalId, version: version(8) });
    expect(observeOther(scene, told)).toBe('parked');

    expect(scene.link).toMatchObject({ externalId: SECOND, besides: ['case-1'] });
  });
});

it('what a ticket was before it was merged into what it is brings nobody back', () => {
  const scene = ticketScene({ link: { former, dead: { atMs: 70_000 } } });
  scene.record.deleted = diedAt('desk');

  expect(observeOther(scene, seenTicket(back))).toBe('parked');
  expect(scene.record.deleted).toEqual(diedAt('desk'));
});

describe('a record’s own copy, back while it names another record’s', () => {
  const own: Link = {
    origin: 'ours',
    externalId: FORMER,
    sent: { status: 'S1' },
    got: { status: 'S2' },
    gotAtMs: 3,
  };
  const borrowing = (more: Partial<Link> = {}) => {
    const scene = ticketScene({
      link: { externalId: 'case-9' as ExternalId, isBorrowed: true, former, binned: own, ...more },
      lane: { referred: { record: 'ada' as RecordId, externalId: 'contact-1' as ExternalId } },
    });
    const end = observeOther(scene, seenTicket(back), {
      tombstone: { dead: { atMs: 1 }, wasOf: scene.record.id },
    });
    return { ...scene, end, lane: scene.tree.root.lanes.desk! };
  };

  it('is its own again as it was, to be looked at, and so is whom it names', () => {
    const { end, lane } = borrowing({ sharers: ['ticket-2' as RecordId] });

    expect(end).toBe('applied');
    expect(lane.link).toMatchObject({ ...own, former: [], sharers: ['ticket-2'], needsRead: true });
    expect(lane.link).not.toHaveProperty('isBorrowed');
    expect(lane.link).not.toHaveProperty('besides');
    expect(lane.link.revived).toMatchObject({ atMs: 60_000 });
    expect(lane.referred).toMatchObject({ isOld: true });
  });

  it('leaves nothing set aside about the other', () => {
    const { lane, tree } = borrowing({ parked: parkedAs('unseen') });

    expect(lane.link).not.toHaveProperty('parked');
    expect(tree.unparked).toHaveLength(1);
  });

  it.each(['doubtful', 'unseen'] as const)(
    'has people asked still about a second one: set aside as %s',
    (cause) => {
      const second = cause === 'doubtful' ? { code: 'second_copy' } : {};
      const besides = ['note-9' as ExternalId];
      const { lane } = borrowing({ parked: { ...parkedAs(cause), ...second }, besides });

      expect(lane.link).toMatchObject({ externalId: FORMER, besides, parked: { code: 'second_copy' } });
    },
  );

  it('is one among others where another is told of', () => {
    const { end, lane } = borrowing({ binned: { ...own, externalId: 'case-8' as ExternalId } });

    expect(end).toBe('parked');
    expect(lane.link).toMatchObject({ externalId: 'case-9', besides: [FORMER] });
  });
});

it.each([
  ['seen later than it died', { atMs: 80_000 }, true],
  ['seen before that', { atMs: 60_000 }, false],
  ['told to have died again', { atMs: 80_000, life: 'deleted' as const }, false],
])('what a comment had before is back or not: %s', (_how, o, is) => {
  const { link } = commentScene({ link: { former, ends: { [FORMER]: { atMs: 70_000 } } } });
  const { version: _version, ...seen } = seenComment({ externalId: FORMER, ...o });

  expect(isBack(link, seen)).toBe(is);
});
