import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { endOf, observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Pending } from '../../../shared/sync/state.ts';
import { deskPlace, documentedBy, knowing, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const HIGH = { subject: 'printer', priority: 'high' };
const unversioned = ({ version: _none, ...o }: Observation): Observation => o;
const without = (scene: Scene, name: 'remembersHeard' | 'waitsForSettlement'): Scene => ({
  ...scene,
  around: { ...scene.around, rules: { ...scene.around.rules, [name]: () => false } },
});

describe('an event of a copy alive', () => {
  it('that was undeleted is older than no deletion after that', () => {
    const [told, silent] = [ticketScene({}), ticketScene({})];
    observeCopy(told, seenTicket({ life: 'undeleted' }));
    observeCopy(silent, seenTicket({}));

    expect(told.link.revived).toEqual({ atMs: 60_000, version: version(6) });
    expect(silent.link).not.toHaveProperty('revived');
  });

  it.each<[string, Partial<Observation>, boolean]>([
    ['newer', {}, true],
    ['the same, which two states of one second may bear', { version: version(5) }, false],
    ['older', { version: version(4) }, false],
    ['in part', { isComplete: false }, false],
    ['not to be compared', { version: { source: 'feed', value: 9 } }, false],
  ])('fills a record still to be read where it is whole and newer: %s', (_what, o, isFilled) => {
    const scene = ticketScene({});
    scene.record.unread = scene.place.connection.id;

    const end = observeCopy(scene, seenTicket({ fields: HIGH, initial: { description: 'it burns' }, ...o }));

    expect(scene.record.unread === undefined).toBe(isFilled);
    expect(scene.record.fields.description).toBe(isFilled ? 'it burns' : undefined);
    expect(end === 'applied').toBe(isFilled);
  });

  it('does not fill what another connection’s copy is to be read for', () => {
    const scene = ticketScene({});
    scene.record.unread = 'elsewhere' as never;

    observeCopy(scene, seenTicket({ fields: HIGH, initial: { description: 'it burns' } }));

    expect(scene.record.unread).toBe('elsewhere');
    expect(scene.record.fields.description).toBeUndefined();
  });

  it('is taken at its word where nothing of its kind can be read', () => {
    const scene = ticketScene({ place: knowing(deskPlace(), {}) });

    expect(observeCopy(scene, unversioned(seenTicket({ fields: HIGH })))).toBe('applied');
    expect(scene.record.fields.priority).toBe('high');
  });

  it('is left to the read that was asked for, however new', () => {
    const scene = ticketScene({ link: { needsRead: true } });

    expect(observeCopy(scene, seenTicket({ fields: HIGH }))).toBe('merged');
    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.heard).toHaveLength(1);
  });

  it('is not kept for that read where the safeguard is off', () => {
    const scene = without(ticketScene({ link: { needsRead: true } }), 'remembersHeard');

    observeCopy(scene, seenTicket({ fields: HIGH }));

    expect(scene.link).not.toHaveProperty('heard');
  });
});

describe('an event that shows what we have just written', () => {
  const feed = { source: 'feed', value: 1 };
  const wroteAfter = (atMs: number): Partial<Scene['link']> => ({
    wrote: { fields: { priority: 'low' }, base: { atMs } },
    unshown: { priority: 'written' },
  });

  it('may be of before that, where it is no later than what we wrote on: only a look says what came of it', () => {
    const scene = ticketScene({ link: wroteAfter(50_000) });

    expect(observeCopy(scene, seenTicket({ version: feed, atMs: 50_000 }))).toBe('merged');

    expect(scene.link).toMatchObject({ needsRead: true, unshown: { priority: 'written' } });
    expect(scene.link.wrote).not.toHaveProperty('seen');
  });

  it.each<[string, Observation, Partial<Scene['link']>]>([
    ['it is later', seenTicket({ version: feed, atMs: 50_001 }), {}],
    ['it can be compared', seenTicket({ version: version(5), atMs: 50_000 }), {}],
    [
      'it is known what came of it',
      seenTicket({ version: feed, atMs: 50_000 }),
      { wrote: { fields: { priority: 'low' }, base: { atMs: 50_000 }, seen: { atMs: 50_000 } } },
    ],
  ])('is that where %s', (_what, event, more) => {
    const scene = ticketScene({ link: { ...wroteAfter(50_000), ...more } });

    expect(observeCopy(scene, event)).toBe('echo');

    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.link).not.toHaveProperty('unshown');
  });

  it('is that where nothing can be looked at', () => {
    const scene = ticketScene({ place: knowing(deskPlace(), {}), link: wroteAfter(50_000) });

    expect(observeCopy(scene, seenTicket({ version: feed, atMs: 50_000 }))).toBe('echo');
    expect(scene.link).not.toHaveProperty('unshown');
  });
});

describe('an event of the past', () => {
  it.each<[string, Observation['fields'], string]>([
    ['no news where it says what we hold', { subject: 'printer', priority: 'low' }, 'echo'],
    ['noted where it says something else', HIGH, 'merged'],
  ])('is %s', (_what, fields, end) => {
    const scene = ticketScene({ link: { met: { atMs: 50_000, version: version(5) } } });

    expect(observeCopy(scene, seenTicket({ version: version(4), atMs: 40_000, fields }))).toBe(end);
    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link).toMatchObject({ gotVersion: version(5), gotAtMs: 50_000 });
    expect(scene.link).not.toHaveProperty('needsRead');
  });

  it('asks for a read where it is later than what stands there: somebody may have put that back', () => {
    const met = { atMs: 30_000, version: version(3) };
    const event = seenTicket({ version: version(4), atMs: 40_000, fields: HIGH });
    const [read, unread] = [
      ticketScene({ link: { met } }),
      ticketScene({ place: knowing(deskPlace(), {}), link: { met } }),
    ];

    expect(observeCopy(read, event)).toBe('merged');
    expect(read.link).toMatchObject({ needsRead: true, heard: [{ fields: HIGH }] });
    observeCopy(unread, event);
    expect(unread.link).not.toHaveProperty('needsRead');
  });

  it('is merged where it tells of what was put back and lost since, though it says what we hold', () => {
    const ours = {
      value: 'low',
      was: 'urgent',
      stood: { atMs: 20_000 },
      base: { atMs: 40_000 },
      seen: { atMs: 50_000 },
    };
    const provenance = {
      priority: { source: 'hub', actor: 'user:1', fromMs: 90_000, toMs: 90_000 },
    } as const;
    const scene = ticketScene({ provenance, link: { written: { priority: [ours] } } });

    expect(observeCopy(scene, seenTicket({ version: version(4), atMs: 30_000 }))).toBe('merged');
    expect(scene.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'low' }]);
  });
});

describe('an event without news', () => {
  it('asks for a read where something was heard that only a look can judge', () => {
    const heard = [{ fields: { priority: 'urgent' }, atMs: 55_000, authorship: 'other' as const }];
    const scene = ticketScene({ link: { heard } });

    expect(observeCopy(scene, unversioned(seenTicket({})))).toBe('merged');
    expect(scene.link.needsRead).toBe(true);
    expect(scene.link.heard).toHaveLength(2);
  });

  it('asks for a read no older than it where it tells of a pair that has no base yet', () => {
    const rule = (field: string) => ({ field, vendorField: field, direction: 'both' }) as const;
    const kinds = { ticket: { rules: [rule('subject'), rule('priority')] } };
    const place = documentedBy(deskPlace(), { version: 1, kinds });
    const link = { mapping: 1, needsRead: true as const, unbased: ['status', 'priority'] };
    const told = (fields: Observation['fields']) => {
      const scene = ticketScene({ place, link });
      const end = observeCopy(scene, seenTicket({ mapping: 1, fields, isComplete: false }));
      return [end, scene.link.announced];
    };

    expect(told({ priority: 'high' })).toEqual(['merged', version(6)]);
    expect(told({ subject: 'printer' })).toEqual(['echo', undefined]);
  });

  it('is a later look, where it is whole: by version, or by time where versions cannot tell', () => {
    const looked = (o: Observation) => {
      const scene = ticketScene({ link: { wrote: { fields: { priority: 'low' }, base: { atMs: 1 } } } });
      expect(observeCopy(scene, o)).toBe('echo');
      const { gotVersion, gotAtMs, wrote } = scene.link;
      return [gotVersion?.value, gotAtMs, wrote?.seen?.atMs];
    };

    expect(looked(seenTicket({}))).toEqual([6, 60_000, 60_000]);
    expect(looked(seenTicket({ atMs: 40_000 }))).toEqual([6, 50_000, 40_000]);
    expect(looked(seenTicket({ version: version(5) }))).toEqual([5, 60_000, 60_000]);
    expect(looked(seenTicket({ isComplete: false }))).toEqual([5, 50_000, undefined]);
    expect(looked(unversioned(seenTicket({})))).toEqual([5, 60_000, 60_000]);
    expect(looked(unversioned(seenTicket({ atMs: 50_000 })))).toEqual([5, 50_000, 50_000]);
    expect(looked(unversioned(seenTicket({ atMs: 49_999 })))).toEqual([5, 50_000, undefined]);
  });
});

describe('an event that tells of our write as we sent it', () => {
  it.each([true, false])('says that the vendor leaves it alone by now (whole: %s)', (isComplete) => {
    const link = {
      unshown: { priority: 'written' },
      unsettled: { priority: 4 },
    } as const;
    const scene = ticketScene({ link });

    expect(observeCopy(scene, seenTicket({ fields: { priority: 'low' }, isComplete }))).toBe('echo');

    expect(scene.link.unsettled).toEqual({});
  });
});

describe('an event while a request is under way', () => {
  const during = (o: Partial<Observation>, pending: Partial<Pending> = {}) => {
    const update = pendingUpdate({ priority: 'high' }, pending);
    const scene = ticketScene({ fields: { priority: 'high' }, lane: { pending: update } });
    return { end: observeCopy(scene, seenTicket({ fields: HIGH, ...o })), ...scene };
  };

  it('settles it where it proves that a doubtful one was carried out', () => {
    const { end, lane, link } = during({ authorship: 'hub' }, { isDoubtful: true });

    expect(end).toBe('echo');
    expect(lane).not.toHaveProperty('pending');
    expect(link).toMatchObject({ got: HIGH, gotVersion: version(6), wrote: { version: version(6) } });
  });

  it.each<[string, Partial<Observation>, Partial<Pending>]>([
    ['nobody doubts it', { authorship: 'hub' }, {}],
    ['it is told in part', { authorship: 'hub', isComplete: false }, { isDoubtful: true }],
    ['it proves nothing', { authorship: 'hub', fields: { priority: 'low' } }, { isDoubtful: true }],
  ])('settles nothing where %s: our own is no news', (_why, o, pending) => {
    const { end, lane, link } = during(o, pending);

    expect(end).toBe('echo');
    expect(lane.pending).toBeDefined();
    expect(link).not.toHaveProperty('heard');
  });

  it.each<[string, Partial<Observation>, string, number]>([
    ['before what it was decided on, and says the same', { fields: HIGH, version: version(4) }, 'echo', 0],
    ['before that, which was put back then', { version: version(4) }, 'merged', 1],
    ['what it was decided on', { version: version(5) }, 'echo', 0],
    ['after that', { version: version(6) }, 'merged', 1],
  ])('by somebody else is heard where it is of a state %s', (_what, o, end, heard) => {
    const told = during({ authorship: 'other', fields: { priority: 'urgent' }, ...o });

    expect(told.end).toBe(end);
    expect(told.link.heard ?? []).toHaveLength(heard);
  });

  it('is forgotten, or judged at once, where a safeguard is off', () => {
    const given = () => ticketScene({ lane: { pending: pendingUpdate({ subject: 'fire' }) } });
    const [deaf, hasty] = [without(given(), 'remembersHeard'), without(given(), 'waitsForSettlement')];

    expect([deaf, hasty].map((scene) => observeCopy(scene, seenTicket({ fields: HIGH })))).toEqual([
      'merged',
      'applied',
    ]);
    expect(deaf.link).not.toHaveProperty('heard');
  });
});

describe('how an observation ends', () => {
  it.each([
    [{ applied: 1, noted: 1 }, 'applied'],
    [{ applied: 0, noted: 1 }, 'merged'],
    [{ applied: 0, noted: 0 }, 'echo'],
  ])('by what came of it: %j is %s', (merged, end) => {
    expect(endOf(ticketScene({}), merged)).toBe(end);
  });

  it('set aside where the copy would not settle, and for no other reason', () => {
    const parkedAs = (cause: string) => ticketScene({ link: { parked: { cause } as never } });

    expect(endOf(parkedAs('unsettled'), { applied: 1, noted: 0 })).toBe('parked');
    expect(endOf(parkedAs('rejected'), { applied: 1, noted: 0 })).toBe('applied');
  });
});
