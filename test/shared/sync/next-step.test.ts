import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { landingTime, nextStep, pendingFor } from '../../../shared/sync/reconcile.ts';
import { newLane, type Scene } from '../../../shared/sync/scene.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const FRESH_START = { fresh: undefined, unmatched: undefined, transfer: 'mine' };
const stepOf = (
  { tree, place, around }: Scene,
  progress: Partial<typeof FRESH_START> | { fresh: RecordId } = {},
) => nextStep(tree, place, around, { ...FRESH_START, ...progress });
const hasNews = (place = deskPlace(), link: Parameters<typeof ticketScene>[0]['link'] = {}) =>
  ticketScene({
    place,
    fields: { priority: 'high' },
    link: { sent: { subject: 'printer', priority: 'low' }, ...link },
  });
const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};
const behind = (id: string, position = '1') => ({ id: id as RecordId, position });

describe('the next step of a lane', () => {
  it('is none where copy and record agree', () => {
    expect(stepOf(ticketScene({}))).toEqual({ do: 'rest' });
  });

  it('is none where there is no lane, or the way is shut', () => {
    const parked = {
      id: 'p',
      cause: 'unauthorized',
      reason: 'r',
      fault: 'organization',
      atMs: 1,
      attempts: 0,
    } as const;
    const scene = ticketScene({ lane: { parked }, fields: { priority: 'high' }, link: { sent: {} } });
    const elsewhere = { ...scene.place, connection: { ...scene.place.connection, id: 'other' as never } };

    expect(stepOf(scene)).toEqual({ do: 'rest' });
    expect(stepOf({ ...scene, place: elsewhere })).toEqual({ do: 'rest' });
  });

  it('is nobody’s to decide who knows an older mapping than the lane', () => {
    expect(() => stepOf(ticketScene({ link: { mapping: 3 } }))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('is to write what the copy lacks, on the condition that it is as it was', () => {
    expect(stepOf(hasNews())).toEqual({
      do: 'write',
      record: expect.objectContaining({ id: 'ticket-1' }),
      change: {
        kind: 'ticket',
        operation: 'update',
        record: 'ticket-1',
        externalId: 'case-1',
        fields: { priority: 'high' },
        ifVersion: version(5),
      },
    });
  });

  it('is to read first where no condition can be set, and to write once that was done', () => {
    const unconditional = () => hasNews(deskPlace({ hasConditionalWrites: false }));
    const written = stepOf(unconditional(), { fresh: 'ticket-1' as RecordId });

    expect(stepOf(unconditional())).toMatchObject({ do: 'read' });
    expect(written).toMatchObject({ do: 'write' });
    expect('change' in written && written.change).not.toHaveProperty('ifVersion');
  });

  it('is to read first where no version is known to set a condition on', () => {
    const scene = hasNews();
    delete scene.link.gotVersion;

    expect(stepOf(scene)).toMatchObject({ do: 'read' });
  });

  it('is to write at once where nothing can be read', () => {
    expect(stepOf(hasNews(deskPlace({ canRead: false, hasConditionalWrites: false })))).toMatchObject({
      do: 'write',
    });
  });

  it('is to make the copy where there is none', () => {
    const scene = uncopied(ticketScene({}));

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: { operation: 'create', kind: 'ticket', record: 'ticket-1', fields: { subject: 'printer' } },
    });
  });

  it('is to delete the copy of what is deleted', () => {
    const scene = ticketScene({});
    scene.record.deleted = { atMs: 1, source: 'hub' };

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: { operation: 'delete', fields: {}, externalId: 'case-1' },
    });
  });
});

describe('the next step beside a request under way', () => {
  const at = (pending: Parameters<typeof pendingUpdate>[1]) => {
    const given = pendingUpdate({ priority: 'high' }, pending);
    return { given, step: stepOf(ticketScene({ lane: { pending: given } })) };
  };

  it('is another worker’s while that may be at work', () => {
    expect(at({ leaseUntilMs: NOW_MS + 1, settleAtMs: NOW_MS + 9 }).step).toEqual({ do: 'leave' });
  });

  it.each([
    ['its worker is gone', { leaseUntilMs: NOW_MS }],
    ['it is in doubt', { leaseUntilMs: NOW_MS + 1, isDoubtful: true as const }],
  ])('waits for its end where %s', (_why, pending) => {
    expect(at({ ...pending, settleAtMs: NOW_MS + 9 }).step).toEqual({ do: 'wait', untilMs: NOW_MS + 9 });
  });

  it('is to settle it once nothing of it can land any more', () => {
    const { given, step } = at({ settleAtMs: NOW_MS });

    expect(step).toEqual({ do: 'settle', pending: given });
  });

  it('loads the comment that it is about first', () => {
    expect(at({ settleAtMs: NOW_MS, record: 'comment-9' as RecordId }).step).toEqual({
      do: 'load',
      child: 'comment-9',
    });
  });

  it('leaves a lane to the worker that carries its bytes, and first removes what it left when killed', () => {
    const transfer = (id: string, leaseUntilMs: number) =>
      stepOf(ticketScene({ lane: { transfer: { id, leaseUntilMs } as never } }));

    expect(transfer('theirs', NOW_MS + 1)).toEqual({ do: 'leave' });
    expect(transfer('mine', NOW_MS + 1)).toEqual({ do: 'rest' });
    expect(transfer('theirs', NOW_MS)).toMatchObject({ do: 'abandon', record: { kind: 'ticket' } });
  });
});

describe('the comments of a lane', () => {
  it('wait until there is a conversation to put them in', () => {
    const scene = ticketScene({
      place: deskPlace({}),
      lane: { behind: [behind('c')] },
      link: { parked: {} as never },
    });

    expect(stepOf(uncopied(scene))).toEqual({ do: 'rest' });
  });

  it('are loaded in their order', () => {
    const scene = ticketScene({ lane: { behind: [behind('second', '2'), behind('first', '1')] } });

    expect(stepOf(scene)).toEqual({ do: 'load', child: 'first' });
  });

  it('are passed over where they lack nothing', () => {
    expect(stepOf(commentScene({ lane: { behind: [behind('comment-1')] } }))).toEqual({
      do: 'skip',
      child: 'comment-1',
    });
  });

  it('are made in their conversation, with author and visibility', () => {
    const scene = commentScene({ lane: { behind: [behind('comment-1')] } });

    expect(stepOf(uncopied(scene))).toMatchObject({
      do: 'write',
      change: {
        kind: 'comment',
        operation: 'create',
        rootExternalId: 'case-1',
        fields: { body: 'it burns' },
        comment: { visibility: 'public', body: 'it burns', author: { role: 'agent' } },
      },
    });
  });

  it('are written where they stand', () => {
    const scene = commentScene({
      lane: { behind: [behind('comment-1')] },
      link: { sent: { body: 'it smokes' } },
    });

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: {
        operation: 'update',
        externalId: 'note-1',
        rootExternalId: 'case-1',
        fields: { body: 'it burns' },
      },
    });
  });

  it('of one source wait for an earlier one that is still to be read there', () => {
    const scene = ticketScene({ lane: { behind: [{ ...behind('later', '2'), source: 'other' as never }] } });
    const lane = newLane('theirs');
    scene.tree.root.lanes.other = { ...lane, behind: [{ ...behind('earlier', '1'), isUnread: true }] };

    expect(stepOf(scene)).toEqual({ do: 'rest' });

    scene.tree.root.lanes.other.behind[0]!.position = '3';
    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });

    Object.assign(scene.tree.root.lanes.other, {
      behind: [{ ...behind('earlier', '1'), isUnread: true }],
      parked: {},
    });
    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });
  });

  it('of one source wait for none of another, though that is still to be read, and asleep where they come from', () => {
    const scene = ticketScene({ lane: { behind: [{ ...behind('later', '2'), source: 'other' as never }] } });
    const asleep = {
      ...behind('earlier', '1'),
      source: 'desk' as never,
      isUnread: true,
      awaitsLife: true,
    } as const;
    scene.tree.root.lanes.other = { ...newLane('theirs'), behind: [asleep] };

    expect(stepOf(scene)).toEqual({ do: 'load', child: 'later' });
  });

  it('sleep while their conversation is dead there, and others go on', () => {
    const scene = ticketScene({
      lane: { behind: [{ ...behind('asleep', '1'), awaitsLife: true }, behind('awake', '2')] },
      link: { dead: { atMs: 1 } },
    });

    expect(stepOf(scene)).toEqual({ do: 'load', child: 'awake' });
  });
});

describe('a request, before it is sent', () => {
  const change = pendingUpdate({ priority: 'high' }).change;

  it('is noted with the state it was decided on, and until when it may land', () => {
    expect(pendingFor(ticketScene({}), change, NOW_MS + 30_000)).toStrictEqual({
      id: expect.any(String),
      record: 'ticket-1',
      change,
      base: { subject: 'printer', priority: 'low' },
      baseAtMs: 50_000,
      baseVersion: version(5),
      startedAtMs: NOW_MS,
      leaseUntilMs: NOW_MS + 30_000,
      settleAtMs: NOW_MS + 90_000,
      revision: 1,
    });
    const scene = ticketScene({});
    delete scene.link.gotVersion;
    expect(pendingFor(scene, change, 1)).not.toHaveProperty('baseVersion');
  });

  it.each([
    ['as long as its vendor takes', { by: 'unique' }, change, 60_000],
    ['not at all where it can be sent again', { by: 'unique' }, { ...change, operation: 'create' }, 0],
    [
      'as long, and as a search lags',
      { by: 'find', searchLagMs: 5_000 },
      { ...change, operation: 'create' },
      65_000,
    ],
    ['as long where nobody can look for it', { by: 'none' }, { ...change, operation: 'create' }, 60_000],
  ] as const)('may land for %s', (_rule, creation, request, ms) => {
    expect(landingTime(deskPlace({ creation }), request as typeof change)).toBe(ms);
  });

  it('goes by the vendor’s id of its conversation where that is known', () => {
    const scene = commentScene({ lane: { behind: [behind('comment-1')] }, link: { sent: {} } });
    scene.tree.root.lanes.desk!.link.externalId = 'case-9' as ExternalId;

    expect(stepOf(scene)).toMatchObject({ change: { rootExternalId: 'case-9' } });
  });
});
