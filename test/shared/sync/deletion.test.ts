import { describe, expect, it } from 'vitest';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import { MAX_ABSENCES } from '../../../shared/sync/timing.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { deletion, theirs, timedDeletion } from './deaths.ts';
import { parkedAs } from './parked-as.ts';
import { deskPlace, documentedBy, NOW_MS, seenTicket } from './scenes.ts';
import { version } from './seen.ts';

describe('deletion: an event the vendor vouches for', () => {
  it('takes copy and record also where a mapping says nothing of deletions', () => {
    const scene = theirs({ place: documentedBy(deskPlace(), { version: 1, kinds: {} }) });

    expect(observeCopy(scene, deletion())).toBe('applied');

    expect(scene.record.deleted).toBeDefined();
  });

  it('takes copy and record, and says so once, with who and when', () => {
    const scene = theirs();

    expect(observeCopy(scene, deletion())).toBe('applied');

    expect(scene.link.dead).toEqual({ atMs: 60_000, version: version(6) });
    expect(scene.record.deleted).toEqual({ atMs: 60_000, source: 'desk' });
    expect(scene.tree.changes).toEqual([
      {
        record: 'ticket-1',
        kind: 'ticket',
        what: 'deleted',
        fields: {},
        source: 'desk',
        actor: 'vendor:desk',
      },
    ]);
  });

  it('is no news the second time, and answers no question', () => {
    const scene = theirs();
    observeCopy(scene, deletion());
    scene.link.needsRead = true;
    const [dead, changes] = [scene.link.dead, scene.tree.changes.length];

    expect(observeCopy(scene, deletion({ version: version(8), atMs: 80_000 }))).toBe('echo');

    expect(scene.link).toMatchObject({ dead, needsRead: true });
    expect(scene.tree.changes).toHaveLength(changes);
  });

  it('answers every question about the copy', () => {
    const scene = theirs({ link: { needsRead: true, doomed: { atMs: 40_000 }, doubts: 1 } });

    observeCopy(scene, deletion());

    for (const question of ['needsRead', 'doomed', 'doubts']) expect(scene.link).not.toHaveProperty(question);
  });

  it.each<[string, Parameters<typeof theirs>[0]]>([
    ['copy', { link: { parked: parkedAs('unseen') } }],
    ['conversation', { lane: { parked: parkedAs('unseen') } }],
  ])('says where a %s has gone that was not to be found', (_what, given) => {
    const scene = theirs(given);

    observeCopy(scene, deletion());

    expect([scene.link.parked, scene.lane.parked]).toEqual([undefined, undefined]);
    expect(scene.tree.unparked).toEqual([parkedAs('unseen').id]);
  });

  it.each(['unsettled', 'rejected'] as const)(
    'leaves no write to be replayed that was set aside as %s',
    (cause) => {
      const scene = theirs({ link: { parked: parkedAs(cause), unsettled: { subject: 3 } } });

      observeCopy(scene, deletion());

      expect(scene.link).not.toHaveProperty('parked');
      expect(scene.tree.unparked).toEqual([parkedAs(cause).id]);
    },
  );

  it('of a comment says so of that one, not of its conversation', () => {
    const lost = parkedAs('unseen');
    const scene = commentScene({ link: { parked: { ...lost, id: 'its own' } }, lane: { parked: lost } });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect([scene.link.parked, scene.lane.parked]).toEqual([undefined, lost]);
  });

  it('brings nothing back that was set aside for another cause', () => {
    const [shut, twin] = [parkedAs('unauthorized'), parkedAs('doubtful')];
    const scene = theirs({ lane: { parked: shut }, link: { parked: twin } });

    observeCopy(scene, deletion());

    expect([scene.lane.parked, scene.link.parked]).toEqual([shut, twin]);
  });

  it('is never later than now, whatever the vendor’s clock says', () => {
    const scene = theirs();

    observeCopy(scene, timedDeletion(NOW_MS + 60_000));

    expect(scene.record.deleted).toMatchObject({ atMs: NOW_MS });
  });

  it('leaves a record that was deleted elsewhere as it was deleted there', () => {
    const scene = theirs();
    scene.record.deleted = { atMs: 20_000, source: 'hub' };

    observeCopy(scene, deletion());

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toEqual({ atMs: 20_000, source: 'hub' });
    expect(scene.tree.changes).toEqual([]);
  });
});

describe('deletion: told of late, or under a time that cannot be placed', () => {
  it('is looked at first, of a time just before what we hold, where no version tells', () => {
    const scene = theirs();

    expect(observeCopy(scene, timedDeletion(49_001))).toBe('merged');

    expect(scene.link.needsRead).toBe(true);
    expect(scene.link.dead).toBeUndefined();
    expect(scene.record.deleted).toBeUndefined();
  });

  it.each([
    ['of a version before the one we hold', deletion({ version: version(4), atMs: 70_000 }), {}],
    ['of a time long before what we hold', timedDeletion(49_000), {}],
    ['of a time long before its return', timedDeletion(79_000), { revived: { atMs: 80_000 } }],
  ])('is over, and is no proof of what is out of sight since: %s', (_which, told, link) => {
    const scene = theirs({ link });

    expect(observeCopy(scene, told)).toBe('echo');
    expect(scene.link).not.toHaveProperty('needsRead');

    expect(takeRead(scene, { state: 'absent' })).toBe('absent');
    expect(scene.record.deleted).toBeUndefined();
  });

  it.each([
    ['of the moment of what we hold', timedDeletion(50_000)],
    ['of a later version, though its time be earlier', deletion({ atMs: 40_000 })],
  ])('is believed at once: %s', (_which, told) => {
    const scene = theirs();

    expect(observeCopy(scene, told)).toBe('applied');
  });

  it('is looked at first where the copy is known to have come back since', () => {
    const scene = theirs({ link: { revived: { atMs: 80_000 } } });

    expect(observeCopy(scene, timedDeletion(79_001))).toBe('merged');
    expect(scene.link).not.toHaveProperty('announcedAtMs');
    expect(observeCopy(scene, timedDeletion(80_001))).toBe('applied');
  });

  it('is looked at first where the copy came back in that very moment: stamps may be whole seconds', () => {
    const scene = theirs({ link: { revived: { atMs: 80_000 } } });

    expect(observeCopy(scene, timedDeletion(80_000))).toBe('merged');

    expect(scene.link).toMatchObject({ needsRead: true, announcedAtMs: 80_000 });
  });

  it.each([
    ['just before what we hold', 49_500, {}],
    ['just before its return', 79_500, { revived: { atMs: 80_000 } }],
    ['in the moment of its return', 80_000, { revived: { atMs: 80_000 } }],
  ])('is not believed for being out of sight, which may be a permission lost: %s', (_which, atMs, link) => {
    const scene = theirs({ link });
    observeCopy(scene, timedDeletion(atMs));

    expect(takeRead(scene, { state: 'absent' })).toBe('absent');
    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.record.deleted).toBeUndefined();

    takeRead(scene, { state: 'present', observation: seenTicket({ atMs: 80_000 }) });
    expect(scene.link).not.toHaveProperty('doomed');
  });

  it('is believed once enough looks have found nothing: not before the last of its life that was seen', () => {
    const scene = theirs({ link: { absences: MAX_ABSENCES } });
    observeCopy(scene, timedDeletion(49_500));

    expect(takeRead(scene, { state: 'absent' })).toBe('taken');

    expect(scene.link.dead).toEqual({ atMs: 50_000, version: version(5) });
    expect(scene.record.deleted).toEqual({ atMs: 49_500, source: 'desk' });
    expect(observeCopy(scene, seenTicket({ version: version(5), atMs: 50_000 }))).toBe('echo');
  });

  it('takes the time it was told under where the looks find nothing and no version tells', () => {
    const scene = theirs({ link: { revived: { atMs: 80_000 }, absences: MAX_ABSENCES } });
    observeCopy(scene, timedDeletion(79_500));

    takeRead(scene, { state: 'absent' });

    expect(scene.link.dead).toEqual({ atMs: 79_500, version: version(5) });
  });

  it('is forgotten where the look finds the copy alive', () => {
    const scene = theirs();
    observeCopy(scene, timedDeletion(49_500));

    takeRead(scene, { state: 'present', observation: seenTicket({}) });

    expect(scene.link).not.toHaveProperty('doomed');
    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.record.deleted).toBeUndefined();
  });
});

describe('deletion: found by a read', () => {
  it('takes the copy at the time of the look, after all versions seen', () => {
    const scene = theirs({ link: { needsRead: true } });

    expect(takeRead(scene, { state: 'deleted' })).toBe('taken');

    expect(scene.link.dead).toEqual({ atMs: NOW_MS, version: version(5) });
    expect(scene.link).not.toHaveProperty('needsRead');
  });

  it('answers the question that stood after the death was known already', () => {
    const dead = { atMs: 70_000, version: version(7) };
    const scene = theirs({ link: { dead, needsRead: true } });

    takeRead(scene, { state: 'deleted' });

    expect(scene.link.dead).toEqual(dead);
    expect(scene.link).not.toHaveProperty('needsRead');
  });
});
