import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { judge, seenOf } from '../../../shared/sync/merge.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import type { Child } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { contactDesk, deskPlace, NOW_MS, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const LATE = 'case-2' as ExternalId;
const late = seenTicket({ externalId: LATE, authorship: 'hub' });
const ASKED = { subject: 'printer', priority: 'high' };
const DOUBTFUL = {
  id: 'parked-1',
  cause: 'doubtful',
  reason: 'two of them',
  fault: 'hub',
  atMs: 1,
  attempts: 0,
} as const;
/** The copy a creation sent twice made first, deleted by somebody since. */
const dead = () => ticketScene({ link: { dead: { atMs: 70_000 }, creations: [ASKED] } });

describe('an object of a record’s beside the copy it has', () => {
  it('takes the place of a dead one: a creation sent twice has landed again', () => {
    const scene = dead();

    expect(observeOther(scene, late)).toBe('merged');

    const { link } = scene.tree.root.lanes.desk!;
    expect(link).toMatchObject({ externalId: LATE, former: ['case-1'], needsRead: true, sent: ASKED });
    expect(link).toMatchObject({ origin: 'ours', linkedAtMs: NOW_MS });
    expect(link).not.toHaveProperty('dead');
  });

  it('takes it with no more than is known: who sent nothing twice, or had no id', () => {
    const scene = ticketScene({ link: { dead: { atMs: 70_000 }, former: ['case-0' as ExternalId] } });
    delete scene.link.externalId;

    observeOther(scene, late);

    const { link } = scene.tree.root.lanes.desk!;
    expect(link.former).toEqual(['case-0']);
    expect(link.sent).toEqual({});
    expect(link).not.toHaveProperty('creations');
    expect(scene.tree.unparked).toEqual([]);
  });

  it('ends what people were asked about the dead one', () => {
    const scene = ticketScene({ link: { dead: { atMs: 70_000 }, parked: DOUBTFUL } });

    observeOther(scene, late);

    expect(scene.tree.unparked).toEqual(['parked-1']);
  });

  it('takes the place of a comment’s in the comment alone', () => {
    const scene = commentScene({ link: { dead: { atMs: 70_000 } } });

    observeOther(scene, { ...late, kind: 'comment' });

    expect((scene.record as Child).links.desk).toMatchObject({ externalId: LATE, former: ['note-1'] });
    expect(scene.tree.root.lanes.desk?.link.externalId).toBe('case-1');
  });

  it('is not taken for it where it only tells of its own life', () => {
    const scene = dead();

    expect(observeOther(scene, { ...late, life: 'undeleted' })).toBe('parked');
    expect(scene.link).toMatchObject({ externalId: 'case-1' });
  });

  it('that stood there before is another matter once it is brought back', () => {
    const scene = ticketScene({ link: { former: [LATE] } });

    expect(observeOther(scene, { ...late, life: 'undeleted' })).toBe('parked');
  });

  it('dies when it did, and no later than now; what else people were asked stays asked', () => {
    const deathAt = (atMs: number) => {
      const scene = ticketScene({ link: { parked: { ...DOUBTFUL, cause: 'rejected' } } });
      observeOther(scene, { ...late, atMs, life: 'deleted' }, { isUnclaimed: true });
      expect(scene.link).toHaveProperty('parked');
      return scene.record.deleted?.atMs;
    };

    expect([NOW_MS - 5, NOW_MS + 5].map(deathAt)).toEqual([NOW_MS - 5, NOW_MS]);
  });

  it('that comes back beside a living copy is for people to sort out', () => {
    const scene = ticketScene({});

    expect(observeOther(scene, late, { tombstone: { dead: { atMs: 10_000 } } })).toBe('parked');
    expect(scene.tree.root.lanes.desk?.link).toMatchObject({ externalId: 'case-1' });
  });

  it('is only to be deleted where its record is', () => {
    const scene = dead();
    scene.record.deleted = { atMs: 70_000, source: 'hub' };

    observeOther(scene, late);

    expect(scene.tree.root.lanes.desk?.link).toMatchObject({ externalId: LATE });
    expect(scene.tree.root.lanes.desk?.link).not.toHaveProperty('needsRead');
  });

  it('says nothing new where it stood there before', () => {
    const scene = ticketScene({ link: { former: [LATE] } });

    expect(observeOther(scene, late)).toBe('echo');
    expect(scene.link.externalId).toBe('case-1');
    expect(scene.tree.parked).toEqual([]);
  });

  it('ends the record’s life by its own death, be it known only now: somebody deleted it while its answer was lost', () => {
    const scene = ticketScene({ link: { creations: [ASKED], parked: DOUBTFUL } });

    expect(observeOther(scene, { ...late, life: 'deleted' }, { isUnclaimed: true })).toBe('applied');

    expect(scene.record.deleted).toMatchObject({ source: 'desk' });
    expect(scene.link).toMatchObject({ externalId: 'case-1' });
    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.tree.unparked).toEqual(['parked-1']);
  });

  it('says nothing of the record’s life by its death where it may have been merged into another', () => {
    const place = deskPlace({ canMerge: true });
    const scene = ticketScene({ place, link: { origin: 'theirs', creations: [ASKED], parked: DOUBTFUL } });

    expect(observeOther(scene, { ...late, life: 'deleted' }, { isUnclaimed: true })).toBe('merged');

    expect(scene.record).not.toHaveProperty('deleted');
    expect(scene.link).toMatchObject({ externalId: 'case-1' });
    expect(scene.tree.unparked).toEqual(['parked-1']);
  });

  it('says nothing by the death of what the record gave up itself', () => {
    const scene = ticketScene({});

    expect(observeOther(scene, { ...late, life: 'deleted' })).toBe('echo');
    expect(scene.record.deleted).toBeUndefined();
  });

  it('brings the record back that died with it, and is its copy again', () => {
    const scene = dead();
    scene.record.deleted = { atMs: 70_000, source: 'desk' as never };

    expect(observeOther(scene, late, { tombstone: { dead: { atMs: 10_000 } } })).toBe('applied');

    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.root.lanes.desk?.link).toMatchObject({ externalId: LATE, needsRead: true });
  });

  it('is for people to sort out while the copy lives', () => {
    const scene = ticketScene({});

    expect(observeOther(scene, late)).toBe('parked');
    expect(scene.link).toMatchObject({ externalId: 'case-1', parked: { cause: 'doubtful' } });
    expect(scene.tree.parked).toMatchObject([
      { reason: 'a second copy of this record exists: delete the one that is not wanted', fault: 'hub' },
    ]);
  });
});

function contactScene(): Scene {
  const scene = ticketScene({ place: contactDesk() });
  Object.assign(scene.tree.root, { kind: 'contact' });
  return scene;
}

describe('of two copies that people were asked about', () => {
  const asked = () => {
    const scene = ticketScene({});
    observeOther(scene, late);
    scene.tree.parked.length = 0;
    return scene;
  };

  it('the one that is deleted leaves the other, and nothing to ask', () => {
    const scene = asked();

    expect(observeOther(scene, { ...late, life: 'deleted' })).toBe('merged');

    expect(scene.record.deleted).toBeUndefined();
    expect(scene.link).toMatchObject({ externalId: 'case-1' });
    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.tree.unparked).toHaveLength(1);
    expect(observeOther(scene, { ...late, life: 'deleted' })).toBe('echo');
  });

  it('the one that was the copy before, and was brought back beside it, leaves the other by its deletion', () => {
    const scene = ticketScene({ link: { former: [LATE] } });
    observeOther(scene, { ...late, life: 'undeleted' });

    expect(observeOther(scene, { ...late, life: 'deleted' })).toBe('merged');

    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.link).not.toHaveProperty('besides');
  });

  it('another is still to be asked about where there were three', () => {
    const scene = asked();
    const third = { ...late, externalId: 'case-3' as ExternalId };
    for (const o of [third, late]) observeOther(scene, o);

    expect(observeOther(scene, { ...third, life: 'deleted' })).toBe('merged');

    expect(scene.link).toHaveProperty('parked');
    observeOther(scene, { ...late, life: 'deleted' });
    expect(scene.link).not.toHaveProperty('parked');
  });

  it.each([
    ['a comment', commentScene({})],
    ['a customer', contactScene()],
  ])('the other is left where the first is deleted: %s', (_what, scene) => {
    const { kind } = scene.record;
    const first = { ...late, kind, externalId: scene.link.externalId! };
    observeOther(scene, { ...late, kind });
    scene.tree.parked.length = 0;

    expect(observeCopy(scene, { ...first, life: 'deleted' })).toBe('applied');

    expect(scene.record.deleted).toBeUndefined();
    const own = scene.record.kind === 'comment' ? scene.record.links.desk : scene.lane.link;
    expect(own).toMatchObject({ externalId: LATE, former: [first.externalId], needsRead: true });
    expect(own).not.toHaveProperty('parked');
    expect(own).not.toHaveProperty('besides');
    expect(scene.tree.unparked).toHaveLength(1);
  });

  it('a ticket dies with the one that it has, on which hangs what is said in it', () => {
    const scene = asked();

    observeCopy(scene, seenTicket({ life: 'deleted', fields: {} }));

    expect(scene.record.deleted).toBeDefined();
  });

  it('the last of three is asked about still where the first is deleted', () => {
    const scene = commentScene({});
    const [second, third] = ['note-2', 'note-3'] as ExternalId[];
    for (const externalId of [second!, third!]) observeOther(scene, { ...late, kind: 'comment', externalId });

    observeCopy(scene, { ...late, kind: 'comment', externalId: 'note-1' as ExternalId, life: 'deleted' });

    const { desk } = (scene.record as Child).links;
    expect(desk).toMatchObject({ externalId: second, besides: [third], parked: { cause: 'doubtful' } });
  });

  it('what else is set aside stays so', () => {
    const scene = ticketScene({ link: { parked: { ...DOUBTFUL, cause: 'rejected' } } });
    observeOther(scene, late);

    observeOther(scene, { ...late, life: 'deleted' });

    expect(scene.link).toMatchObject({ parked: { cause: 'rejected' } });
  });
});

describe('a creation sent twice', () => {
  const change = { kind: 'ticket', operation: 'create', record: 'ticket-1' as never, fields: ASKED } as const;
  const pending = pendingUpdate({}, { change, isSentAgain: true });
  const externalId = 'case-1' as ExternalId;

  it('leaves its values behind when it settles, should both land', () => {
    const scene = ticketScene({ lane: { pending } });

    settleWritten(scene, pending, { externalId });

    expect(scene.link.creations).toEqual([ASKED]);
  });

  it('excuses nobody who sets what it asked for again, once its copy has been seen and written to', () => {
    const scene = ticketScene({ lane: { pending } });
    const shown = (value: number, fields: typeof ASKED) =>
      seenTicket({ authorship: 'hub', version: { source: 'desk', value }, fields });
    settleWritten(scene, pending, { externalId, observation: shown(6, ASKED) });
    const update = pendingUpdate({ priority: 'low' });
    scene.lane.pending = update;
    settleWritten(scene, update, { externalId, observation: shown(7, { ...ASKED, priority: 'low' }) });

    expect(judge(scene, 'priority', seenOf(shown(8, ASKED)))).toBe('edit');
  });
});
