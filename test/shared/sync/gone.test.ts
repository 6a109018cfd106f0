import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { NotFoundError } from '../../../shared/errors.ts';
import { awaitsLife } from '../../../shared/sync/need.ts';
import { takeOutcome } from '../../../shared/sync/outcome.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import { deskPlace, NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';

const GONE = { outcome: 'refused', why: 'gone', error: new NotFoundError('it is deleted') } as const;
const GO_ON = { next: 'go-on' };
const update = pendingUpdate({ priority: 'high' });
const unwritten = (place = deskPlace()) => ticketScene({ place, lane: { pending: update } });
const comment = pendingUpdate(
  {},
  {
    record: 'comment-1' as RecordId,
    change: {
      kind: 'comment',
      operation: 'create',
      record: 'comment-1' as RecordId,
      rootExternalId: 'case-1' as ExternalId,
      fields: { body: 'it burns' },
      comment: { visibility: 'public', body: 'it burns', author: { role: 'agent' } },
    },
  },
);

/** A comment whose copy is being made. */
function unsaid(place = deskPlace()): Scene {
  const given = commentScene({ place, lane: { pending: comment } });
  delete given.link.externalId;
  return given;
}

describe('a write to what is gone', () => {
  it('is a deletion the vendor vouches for', () => {
    const given = unwritten();

    expect(takeOutcome(given, update, GONE, 1)).toEqual(GO_ON);
    expect(given.link.dead).toMatchObject({ atMs: NOW_MS });
    expect(given.lane).not.toHaveProperty('pending');
  });

  it('is believed once it is not to be found, though by the vendor’s clock it came back later than now', () => {
    const given = ticketScene({ lane: { pending: update }, link: { revived: { atMs: NOW_MS + 60_000 } } });
    takeOutcome(given, update, GONE, 1);

    expect(takeRead(given, { state: 'absent' })).toBe('taken');
    expect(given.link.dead).toMatchObject({ atMs: NOW_MS + 60_000 });
  });

  it('is looked at first where the object may have been merged', () => {
    const given = unwritten(deskPlace({ canMerge: true }));

    takeOutcome(given, update, GONE, 1);

    expect(given.link).toMatchObject({ needsRead: true, doomed: { atMs: NOW_MS, isGuess: true } });
    expect(given.link).not.toHaveProperty('dead');
  });

  it.each([
    ['at the time that its vendor has told before', {}, { atMs: 60_000 }],
    [
      'as of now, where what was told was over',
      { revived: { atMs: 80_000 } },
      { atMs: NOW_MS, isGuess: true },
    ],
  ])('is looked at first, and then known to have ended %s', (_when, link, doomed) => {
    const given = ticketScene({
      place: deskPlace({ canMerge: true }),
      lane: { pending: update },
      link: { doomed: { atMs: 60_000 }, needsRead: true, ...link },
    });

    takeOutcome(given, update, GONE, 1);

    expect(given.link.doomed).toStrictEqual(doomed);
  });

  it('is dead at once where nothing else may go on for it, and not told to be dying any more', () => {
    const given = ticketScene({ lane: { pending: update }, link: { doomed: { atMs: 60_000 } } });

    takeOutcome(given, update, GONE, 1);

    expect(given.link).toHaveProperty('dead');
    expect(given.link).not.toHaveProperty('doomed');
  });

  it('takes the conversation with it where something was to be made in it', () => {
    const given = unsaid();

    expect(takeOutcome(given, comment, GONE, 1)).toEqual(GO_ON);

    expect(given.lane.link.dead).toMatchObject({ atMs: NOW_MS });
    expect(given.link).not.toHaveProperty('dead');
    expect(given.lane).toMatchObject({ attempts: 1 });
    expect(awaitsLife(given)).toBe(true);
  });

  it('says nothing of the copy that has taken the place of the one it was for', () => {
    const [edited, said] = [unwritten(), unsaid()];
    edited.link.externalId = 'case-2' as ExternalId;
    said.lane.link.externalId = 'case-2' as ExternalId;

    expect(takeOutcome(edited, update, GONE, 1)).toEqual(GO_ON);
    expect(takeOutcome(said, comment, GONE, 1)).toEqual(GO_ON);

    for (const { lane } of [edited, said]) {
      expect(lane.link).not.toHaveProperty('dead');
      expect(lane.link).not.toHaveProperty('doomed');
      expect(lane).not.toHaveProperty('pending');
    }
  });

  it('has a conversation looked at first that may have been merged', () => {
    const given = unsaid(deskPlace({ canMerge: true }));

    takeOutcome(given, comment, GONE, 1);

    expect(given.lane.link).toMatchObject({ needsRead: true, doomed: { atMs: NOW_MS } });
    expect(given.lane.link).not.toHaveProperty('dead');
  });

  it('is nobody’s death where a ticket was to be made, which hangs on nothing', () => {
    const record = 'ticket-1' as RecordId;
    const change = { kind: 'ticket', operation: 'create', record, fields: {} } as const;
    const pending = pendingUpdate({}, { change });
    const given = ticketScene({ lane: { pending } });
    delete given.link.externalId;

    takeOutcome(given, pending, GONE, 1);

    expect(given.link).not.toHaveProperty('dead');
    expect(given.record.deleted).toBeUndefined();
    expect(given.lane).toMatchObject({ attempts: 1 });
  });

  it('has a file’s parent looked for anew, which is another record’s copy', () => {
    const given = fileScene();
    const pending = pendingUpdate({}, { change: { ...comment.change, kind: 'attachment' } as never });
    given.lane.pending = pending;

    takeOutcome(given, pending, GONE, 1);

    expect(given.lane).not.toHaveProperty('parent');
    expect(given.link).not.toHaveProperty('needsRead');
  });
});
