import { describe, expect, it } from 'vitest';
import { needOf } from '../../../shared/sync/need.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import { deletion, theirs, timed, timedDeletion } from './deaths.ts';
import { parkedAs } from './parked-as.ts';
import { deskPlace } from './scenes.ts';
import { version } from './seen.ts';

describe('deletion: at a vendor that merges objects', () => {
  it('is looked at first, for only a read names the survivor', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true }) });

    expect(observeCopy(scene, deletion())).toBe('merged');
    expect(scene.link).toMatchObject({ needsRead: true, doomed: { atMs: 60_000, version: version(6) } });
  });

  it.each(['rejected', 'unsettled'] as const)(
    'is looked at also of a copy with work set aside as %s',
    (cause) => {
      const parked = parkedAs(cause);
      const scene = theirs({ place: deskPlace({ canMerge: true }), link: { parked } });

      observeCopy(scene, deletion());

      expect(needOf(scene)).toBe('read');
      expect(scene.tree.unparked).toEqual([parked.id]);
    },
  );

  it('is looked at without taking up what waits for something else, nor answering what is asked', () => {
    const { value, ...shown } = { ...parkedAs('asked'), value: 'theirs' };
    const lane = { parked: parkedAs('unauthorized') };
    const link = { asked: { subject: { ...shown, value } } };
    const scene = theirs({ place: deskPlace({ canMerge: true }), link, lane });

    observeCopy(scene, deletion());

    expect(scene.lane.parked).toEqual(lane.parked);
    expect(scene.link.asked).toEqual(link.asked);
  });

  it('stands while a look shows the life before it, which some may do in a row', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true }) });
    observeCopy(scene, timedDeletion(60_000));
    const look = () => takeRead(scene, { state: 'present', observation: timed(50_000) });

    expect([look(), look(), look()]).toEqual(['stale', 'stale', 'stale']);
    expect(scene.link).toMatchObject({ needsRead: true, doomed: { atMs: 60_000 } });

    expect(look()).toBe('taken');
    expect(scene.link).not.toHaveProperty('doomed');
  });

  it('is looked at of a copy that is dead where it is later than its death: it was back, and may have gone on as another', () => {
    const told = (atMs: number, canMerge = true) => {
      const link = { dead: { atMs: 50_000 } };
      const scene = theirs({ place: deskPlace(canMerge ? { canMerge } : {}), link });
      const end = observeCopy(scene, timedDeletion(atMs));
      return [end, needOf(scene), scene.link.dead?.atMs];
    };

    expect(told(60_000)).toEqual(['merged', 'read', 60_000]);
    expect(told(50_999)).toEqual(['echo', 'none', 50_000]);
    expect(told(60_000, false)).toEqual(['echo', 'none', 50_000]);
  });

  it('is believed at once of a kind that is taken no more', () => {
    const scene = theirs();
    const manifest = { ...scene.place.manifest, kinds: {} };

    expect(observeCopy({ ...scene, place: { ...scene.place, manifest } }, deletion())).toBe('applied');
  });

  it('is believed at once where nothing can be read', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true, canRead: false }) });

    expect(observeCopy(scene, deletion())).toBe('applied');
  });
});

describe('deletion: announced where objects are merged, of one that is not to be found', () => {
  const doomed = (absences: number) =>
    theirs({
      place: deskPlace({ canMerge: true }),
      link: { needsRead: true, doomed: { atMs: 60_000 }, absences },
    });

  it('is not believed: what is out of sight may have gone on as another', () => {
    const scene = doomed(0);

    expect(takeRead(scene, { state: 'absent' })).toBe('absent');
    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.record.deleted).toBeUndefined();
  });

  it('is believed in the end', () => {
    const scene = doomed(8);

    expect(takeRead(scene, { state: 'absent' })).toBe('taken');
    expect(scene.link.dead).toMatchObject({ atMs: 60_000 });
  });

  it('is believed at once of what has been looked for in vain to the end', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true }), link: { absences: 8 } });

    expect(observeCopy(scene, deletion())).toBe('applied');
    expect(scene.link.dead).toMatchObject({ atMs: 60_000 });
    expect(scene.link).not.toHaveProperty('doomed');
  });
});
