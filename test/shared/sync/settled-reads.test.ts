import { describe, expect, it } from 'vitest';
import { seenOf } from '../../../shared/sync/merge.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import { shownIn } from '../../../shared/sync/shown.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { doubt, heard, inDoubt, present, shown } from './in-doubt.ts';
import { seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';
import { WRITE } from './written.ts';

const untimed = (priority: string, atMs: number) => {
  const { version: _version, ...observation } = shown(priority, { atMs }).observation;
  return present(observation);
};

describe('a read under the lease', () => {
  it('answers what was asked, and what was in doubt about the copy being there', () => {
    const asked = { needsRead: true, announced: version(6), announcedAtMs: 60_000, doubts: 1 } as const;
    const scene = ticketScene({ link: { ...asked, absences: 2, doomed: { atMs: 1 } } });

    expect(takeRead(scene, shown('high'))).toBe('taken');

    for (const question of [...Object.keys(asked), 'absences', 'doomed'])
      expect(scene.link).not.toHaveProperty(question);
    expect(scene.record.fields.priority).toBe('high');
  });

  it('is made anew where the mapping has changed since it was asked for', () => {
    const foreign = shown('high', { mapping: 1 });

    expect(() => takeRead(ticketScene({}), foreign)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => settleByRead(inDoubt(), doubt, foreign)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('of a comment is under no mapping', () => {
    const scene = commentScene({});
    const observation = seenComment({ mapping: 1, fields: { body: 'it is out' } });

    expect(takeRead(scene, present(observation))).toBe('taken');
    expect(scene.record.fields.body).toBe('it is out');
  });

  it('fills a record that has not been seen yet, with what only a first look tells', () => {
    const scene = ticketScene({});
    scene.record.unread = scene.place.connection.id;

    takeRead(scene, shown('high', { initial: { status: 'open' } }));

    expect(scene.record).not.toHaveProperty('unread');
    expect(scene.record.fields).toMatchObject({ priority: 'high', status: 'open' });
    expect(scene.link.met).toEqual({ atMs: 60_000, version: version(6) });
  });

  it('is judged where another connection’s copy is the one not seen yet', () => {
    const scene = ticketScene({});
    scene.record.unread = 'elsewhere' as typeof scene.place.connection.id;

    takeRead(scene, shown('high'));

    expect(scene.record).toHaveProperty('unread');
    expect(scene.record.fields.priority).toBe('high');
  });
});

describe('a read that may answer with the past', () => {
  const told = { needsRead: true, announcedAtMs: 60_000 } as const;

  it.each([
    ['shows nothing of the news it was asked for', 'low', {}, 'stale'],
    ['shows something new', 'high', {}, 'taken'],
    ['shows just what was told', 'low', { heard: [heard({ priority: 'low' }, 60_000)] }, 'taken'],
    [
      'shows one of two things told',
      'low',
      { heard: [heard({ priority: 'low', subject: 'scanner' }, 60_000)] },
      'stale',
    ],
    ['shows what was told, and nothing of it was', 'low', { heard: [] }, 'stale'],
  ])('that %s', (_rule, priority, link, taken) => {
    const scene = ticketScene({ link: { ...told, ...link } });

    expect(takeRead(scene, untimed(priority, 61_000))).toBe(taken);
  });

  it('that shows all that was told, newer than what is held, answers under whatever time', () => {
    const scene = ticketScene({ link: { ...told, heard: [heard({ priority: 'urgent' }, 60_000)] } });

    expect(takeRead(scene, shown('urgent', { atMs: 55_000 }))).toBe('taken');
  });

  it.each([
    ['set before it', ['urgent', 'high'], 'urgent', 60_000, ['stale', 'stale', 'stale', 'taken']],
    [
      'set before it, told after it',
      ['urgent', 'high'],
      'urgent',
      60_000,
      ['stale', 'stale', 'stale', 'taken'],
      true,
    ],
    ['put back since, at that time', ['urgent', 'high'], 'urgent', 60_700, ['taken']],
    ['set before it and again after it', ['urgent', 'high', 'urgent'], 'urgent', 61_000, ['taken']],
  ] as const)(
    'that shows not what was told last, but what was %s, is believed once it has said so often enough',
    (_what, values, standing, atMs, answers, isTurned?: true) => {
      const events = values.map((priority, at) => heard({ priority }, 60_000 + at * 600));
      const known = isTurned === true ? events.toReversed() : events;
      const announcedAtMs = Math.max(...events.map((each) => each.atMs));
      const scene = ticketScene({ link: { ...told, announcedAtMs, heard: known } });

      const taken = answers.map(() => takeRead(scene, untimed(standing, atMs)));

      expect(taken).toEqual(answers);
    },
  );

  it('that shows what stood there between what is held and the news takes back nothing of that', () => {
    const scene = ticketScene({ link: { ...told, heard: [heard({ priority: 'urgent' }, 60_000)] } });

    expect(takeRead(scene, shown('low', { atMs: 55_000 }))).toBe('stale');
    expect(takeRead(scene, shown('urgent', { atMs: 60_000, version: version(7) }))).toBe('taken');

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toEqual([]);
  });
});

describe('what a read shows of what was told', () => {
  it('is not outrun in a field of which only one told', () => {
    const events = [heard({ subject: 'scanner' }, 60_000), heard({ priority: 'high' }, 60_600)];
    const scene = ticketScene({ link: { heard: events } });

    expect(shownIn(scene, seenOf(seenTicket({ fields: { priority: null } })))).toBe('news');
  });
});

describe('what was heard before a read', () => {
  const write = { ...WRITE, seen: { atMs: 45_000 } };
  const ours = {
    met: { atMs: 10_000 },
    written: { priority: [write] },
    got: { subject: 'printer', priority: 'high' },
  };

  it('is merged where our write went over it', () => {
    const scene = ticketScene({
      fields: { priority: 'high' },
      link: { ...ours, heard: [heard({ priority: 'urgent' }, 42_000)] },
    });

    takeRead(scene, shown('high'));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
  });

  it('goes to the journal where the read shows a later edit of the field', () => {
    const scene = ticketScene({
      fields: { priority: 'high' },
      link: { ...ours, heard: [heard({ priority: 'urgent' }, 42_000)] },
    });

    takeRead(scene, shown('normal'));

    expect(scene.record.fields.priority).toBe('normal');
    expect(scene.tree.losses).toMatchObject([
      { lost: 'urgent', kept: 'normal', why: 'edited again before it was read' },
    ]);
  });

  it('makes what stands there still an edit, where it was something else in between', () => {
    const link = {
      met: { atMs: 10_000 },
      heard: [heard({ priority: 'urgent' }, 55_000)],
      sent: { subject: 'printer', priority: 'low' },
      got: { subject: 'printer', priority: 'low' },
    };
    const scene = ticketScene({ fields: { priority: 'normal' }, link });

    takeRead(scene, shown('low'));

    expect(scene.record.fields.priority).toBe('low');
  });
});
