import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

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
const dead = () => ticketScene({ link: { dead: { atMs: 70_000 }, superseded: [ASKED] } });

describe('an object of a record’s beside the copy it has', () => {
  it('takes the place of a dead one: a creation sent twice has landed again', () => {
    const scene = dead();

    expect(observeOther(scene, late)).toBe('merged');

    const { link } = scene.tree.root.lanes.desk!;
    expect(link).toMatchObject({ externalId: LATE, former: ['case-1'], needsRead: true, sent: ASKED });
    expect(link).not.toHaveProperty('dead');
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
    const scene = ticketScene({ link: { superseded: [ASKED], parked: DOUBTFUL } });

    expect(observeOther(scene, { ...late, life: 'deleted' }, { isUnclaimed: true })).toBe('applied');

    expect(scene.record.deleted).toMatchObject({ source: 'desk' });
    expect(scene.link).toMatchObject({ externalId: 'case-1' });
    expect(scene.link).not.toHaveProperty('parked');
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
  });
});

it('a creation sent twice leaves its values behind when it settles, should both land', () => {
  const change = { kind: 'ticket', operation: 'create', record: 'ticket-1' as never, fields: ASKED } as const;
  const pending = pendingUpdate({}, { change, isSentAgain: true });
  const scene = ticketScene({ lane: { pending } });

  settleWritten(scene, pending, { outcome: 'settled', externalId: 'case-1' as ExternalId });

  expect(scene.link.superseded).toEqual([ASKED]);
});
