import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import type { Link, Root } from '../../../shared/sync/state.ts';
import { askAgainAfterMs } from '../../../shared/sync/want-read.ts';
import { commentScene, elsewhere, seenComment } from './comment-scene.ts';
import { deletion, theirs, timed, undeletion, under } from './deaths.ts';
import { doubt, inDoubt } from './in-doubt.ts';
import { NOW_MS, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const statusOf = ({ record }: Scene) => (record as Root).fields.status;
const by = (source: string, atMs: number) => ({
  source: source as ConnectionId,
  actor: `vendor:${source}`,
  fromMs: atMs,
  toMs: atMs,
});

describe('deletion: what dies with a copy', () => {
  it('is the ticket, where all its copies are ours', () => {
    const scene = ticketScene({});
    elsewhere(scene, { externalId: 'made-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is not the ticket, where it came from elsewhere', () => {
    const scene = ticketScene({});
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.changes).toEqual([]);
  });

  it('is the ticket with the copy it came from, whatever other copies there are', () => {
    const scene = theirs();
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is the ticket, where the place it came from has no copy of it any more', () => {
    const scene = ticketScene({});
    elsewhere(scene, { origin: 'theirs' });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is the comment, wherever it is deleted', () => {
    const scene = commentScene({});
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.record.deleted).toEqual({ atMs: 60_000, source: 'desk' });
    expect(scene.tree.root.deleted).toBeUndefined();
  });

  it('is decided for each kind by itself', () => {
    const scene = commentScene({ place: under({ ticket: 'ignore' }) });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.record.deleted).toBeDefined();
  });
});

describe('deletion: a ticket closed with its copy', () => {
  const closing = (fields: Record<string, string> = { status: 'pending' }) =>
    theirs({ place: under({ ticket: 'close' }), fields });

  it('is closed at the time of the deletion, by the connection', () => {
    const scene = closing();

    observeCopy(scene, deletion());

    expect(scene.record.provenance.status).toMatchObject(by('desk', 60_000));
    expect(scene.link.closedFrom).toBe('pending');
  });

  it('stays as somebody closed it before', () => {
    const scene = closing({ status: 'closed' });
    scene.record.provenance.status = by('elsewhere', 30_000);

    observeCopy(scene, deletion());

    expect(scene.record.provenance.status).toEqual(by('elsewhere', 30_000));
  });

  it('is open again when the copy comes back: by the connection, now', () => {
    const scene = closing();
    observeCopy(scene, deletion());

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('pending');
    expect(scene.record.provenance.status).toMatchObject(by('desk', NOW_MS));
    expect(scene.link).not.toHaveProperty('closedFrom');
  });

  it('stays closed when the copy comes back, where it was closed at that vendor before', () => {
    const scene = closing({ status: 'closed' });
    scene.record.provenance.status = by('desk', 30_000);
    observeCopy(scene, deletion());

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('closed');
    expect(scene.record.provenance.status).toEqual(by('desk', 30_000));
  });

  it('keeps what it has become since', () => {
    const scene = closing();
    observeCopy(scene, deletion());
    scene.record.fields.status = 'solved';

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('solved');
  });
});

describe('deletion: a copy that comes back', () => {
  const dead = { atMs: 55_000, version: version(5) };

  it.each(['desk', 'hub'] as const)('brings back the record that was deleted by %s', (source) => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: source as ConnectionId };

    observeCopy(scene, undeletion());

    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.link.revived).toEqual({ atMs: 90_000, version: version(9) });
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.changes).toMatchObject([{ what: 'restored', source: 'desk', actor: 'vendor:desk' }]);
  });

  it.each<[string, Partial<Link>, true | undefined]>([
    ['was merged into another meanwhile is looked at', { dead, mergedInto: 'case-9' as ExternalId }, true],
    ['is merely dead stays so', { dead }, undefined],
    [
      'is another record’s since a merge needs no look',
      { isBorrowed: true, mergedInto: 'case-9' as ExternalId },
      undefined,
    ],
    ['lives needs no look', {}, undefined],
  ])('with its record: a copy elsewhere that %s', (_which, link, needsRead) => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: 'desk' as ConnectionId };
    elsewhere(scene, link);

    observeCopy(scene, undeletion());

    expect(scene.tree.root.lanes.elsewhere?.link.needsRead).toBe(needsRead);
  });

  it('does not bring back what was deleted elsewhere', () => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: 'elsewhere' as ConnectionId };

    observeCopy(scene, undeletion());

    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.record.deleted).toBeDefined();
    expect(scene.tree.changes).toEqual([]);
  });

  it('tells of no return where the record went on without it', () => {
    const scene = theirs({ link: { dead } });

    observeCopy(scene, undeletion());

    expect(scene.tree.changes).toEqual([]);
  });

  it.each([
    ['is looked at where it is told of later than the death', timed(55_001), 'merged'],
    ['is of its earlier life where it is told of as of that moment', timed(55_000), 'echo'],
    ['is of its earlier life up to the version it died with', seenTicket({ version: version(5) }), 'echo'],
    ['is looked at from the next version on', seenTicket({ version: version(6), atMs: 1 }), 'merged'],
  ])('%s', (_rule, told, end) => {
    const scene = theirs({ link: { dead } });

    expect(observeCopy(scene, told)).toBe(end);
    expect(scene.link.needsRead).toBe(end === 'merged' ? true : undefined);
    expect(scene.link.dead).toEqual(dead);
  });

  it.each([
    ['ends what an earlier deletion announced', 89_999, undefined],
    ['leaves one of that very moment to the look', 90_000, { atMs: 90_000 }],
  ])('%s, which was still to be looked at', (_rule, atMs, doomed) => {
    const scene = theirs({ link: { doomed: { atMs }, needsRead: true } });

    observeCopy(scene, timed(90_000, { life: 'undeleted' }));

    expect(scene.link.doomed).toEqual(doomed);
    expect(scene.link).toMatchObject({ revived: { atMs: 90_000 }, needsRead: true });
  });

  it('lives by a read that saw it later than its death', () => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: 'desk' as ConnectionId };

    takeRead(scene, { state: 'present', observation: seenTicket({}) });

    expect(scene.link.revived).toEqual({ atMs: 60_000, version: version(6) });
    expect(scene.record.deleted).toBeUndefined();
  });

  it('stays dead by a read that answers with its earlier life', () => {
    const scene = theirs({ link: { dead, needsRead: true } });

    expect(takeRead(scene, { state: 'present', observation: seenTicket({ version: version(5) }) })).toBe(
      'taken',
    );

    expect(scene.link.dead).toEqual(dead);
    expect(scene.link).not.toHaveProperty('needsRead');
  });

  describe('and is shown dead by the first look since', () => {
    const back = { link: { revived: { atMs: 90_000, version: version(9) }, needsRead: true } } as const;
    const gone = { state: 'deleted' } as const;

    it('is asked about again, ever later, and dead in the end', () => {
      const scene = theirs(back);

      const looks = [1, 2, 3].map(() => [takeRead(scene, gone), askAgainAfterMs(scene.link)]);

      expect(looks).toEqual([
        ['stale', 1_000],
        ['stale', 4_000],
        ['stale', 16_000],
      ]);
      expect(scene.link).toMatchObject({ needsRead: true });
      expect(scene.link).not.toHaveProperty('dead');
      expect(takeRead(scene, gone)).toBe('taken');
      expect(scene.link.dead).toBeDefined();
      expect(scene.link).not.toHaveProperty('doubts');
    });

    it('has a request of unknown fate wait for a later look', () => {
      const scene = inDoubt(back.link);

      expect(settleByRead(scene, doubt, gone)).toBe('stale');

      expect(scene.lane.pending).toEqual(doubt);
      expect(scene.link).not.toHaveProperty('dead');
    });

    it.each([
      ['another death was told of meanwhile', { ...back.link, dead: { atMs: 95_000 } }],
      [
        'it has been seen alive since, and its death is told',
        { revived: { atMs: 40_000 }, doomed: { atMs: 70_000 } },
      ],
    ])('is dead at once where %s', (_what, link) => {
      const scene = theirs({ link });

      expect(takeRead(scene, gone)).toBe('taken');

      expect(scene.link.dead).toBeDefined();
    });
  });
});

describe('what was heard of a copy before it died', () => {
  it('is judged when it is back: what a person put back there then stands against what we had written', () => {
    const again = { fields: { priority: 'low' }, authorship: 'other', isExact: true } as const;
    const scene = theirs({
      fields: { priority: 'high' },
      provenance: { priority: by('chat', 52_000) },
      link: { got: { subject: 'printer', priority: 'low' }, heard: [{ ...again, atMs: 55_000 }] },
    });

    observeCopy(scene, deletion());
    observeCopy(scene, undeletion());
    const observation = seenTicket({ version: version(9), atMs: 90_000 });
    takeRead(scene, { state: 'present', observation });

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'low' }]);
    expect(scene.link).not.toHaveProperty('heard');
  });
});
