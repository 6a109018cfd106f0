import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { NotFoundError } from '../../../shared/errors.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { takeOutcome } from '../../../shared/sync/outcome.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { endUnlooked, settleByRead } from '../../../shared/sync/settlement.ts';
import type { Heard, Link, Pending } from '../../../shared/sync/state.ts';
import { MAX_UNSETTLED } from '../../../shared/sync/timing.ts';
import { judgeUnlooked } from '../../../shared/sync/unlooked.ts';
import { commentScene, elsewhere, seenComment } from './comment-scene.ts';
import { deletion, theirs, under } from './deaths.ts';
import { doubt, heard, inDoubt } from './in-doubt.ts';
import { ticketScene } from './scenes.ts';
import { version } from './seen.ts';
import { WRITE } from './written.ts';

describe('what was told of a copy that nobody will look at', () => {
  it('is an edit at its own time, where it is later than what was held', () => {
    const scene = ticketScene({ link: { heard: [heard({ priority: 'urgent' }, 70_000)] } });

    expect(judgeUnlooked(scene)).toBe(true);

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.record.provenance.priority).toMatchObject({ fromMs: 50_000, toMs: 70_000 });
    expect(scene.link).not.toHaveProperty('heard');
  });

  it('is merged where our write went over it', () => {
    const scene = ticketScene({
      fields: { priority: 'high' },
      link: {
        met: { atMs: 10_000 },
        written: { priority: [{ ...WRITE, seen: { atMs: 45_000 } }] },
        heard: [heard({ priority: 'urgent' }, 42_000)],
      },
    });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
  });

  it.each<[string, Heard]>([
    ['another field is told of later', heard({ subject: 'printer' }, 70_000)],
    ['another value is told later as ours', { ...heard({ priority: 'high' }, 70_000), authorship: 'hub' }],
  ])('is an edit, and not put back, where %s', (_where, later) => {
    const scene = ticketScene({ link: { heard: [heard({ priority: 'urgent' }, 60_000), later] } });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is an edit of a field that was never seen', () => {
    const link = { got: { subject: 'printer' }, heard: [heard({ priority: 'urgent' }, 40_000)] };
    const scene = ticketScene({ link: { ...link, gotAtMs: 50_000 } });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is judged field by field: what was put back of one is no news of another', () => {
    const told = [
      heard({ priority: 'urgent', subject: 'scanner' }, 60_000),
      heard({ priority: 'low' }, 70_000),
    ];
    const scene = ticketScene({ link: { heard: told } });

    judgeUnlooked(scene);

    expect(scene.record.fields).toMatchObject({ priority: 'low', subject: 'scanner' });
  });

  it('is nothing where nothing was told', () => {
    const scene = ticketScene({});

    expect(judgeUnlooked(scene)).toBe(false);

    expect(scene.tree.changes).toEqual([]);
  });
});

const GONE = { outcome: 'refused', why: 'gone', error: new NotFoundError('it is deleted') } as const;

describe('what was told of a copy that died before anybody looked', () => {
  const told: Partial<Link> = { heard: [heard({ priority: 'urgent' }, 55_000)], needsRead: true };

  it.each([
    ['elsewhere', ticketScene({ link: told })],
    ['though its copy be deleted', theirs({ place: under({ ticket: 'ignore' }), link: told })],
    ['closed', theirs({ place: under({ ticket: 'close' }), link: told })],
  ])('is an edit of its record’s, which lives on %s', (_how, scene) => {
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.record.provenance.priority).toMatchObject({ toMs: 55_000, source: 'desk' });
    expect(scene.link).not.toHaveProperty('heard');
  });

  it.each<[string, (scene: Scene) => unknown]>([
    ['has been refused', (scene) => takeOutcome(scene, doubt, GONE, 1)],
    ['is given up', (scene) => settleByRead(scene, doubt, { state: 'deleted' })],
  ])('is judged once the request that was under way there %s', (_how, settle) => {
    const scene = inDoubt(told);
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    observeCopy(scene, deletion());
    expect(scene.link.heard).toEqual(told.heard);

    settle(scene);

    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.record.provenance.priority).toMatchObject({ toMs: 55_000, source: 'desk' });
  });

  it.each<[string, (scene: Scene, pending: Pending) => unknown]>([
    ['died', (scene, pending) => settleByRead(scene, pending, { state: 'deleted' })],
    [
      'went on as another',
      (scene, pending) => {
        endUnlooked(scene, pending);
        judgeUnlooked(scene);
      },
    ],
  ])(
    'is put back by a person where our request is told to have landed before it, and the copy %s',
    (_how, end) => {
      const pending = { ...doubt, toldAs: { atMs: 56_000, version: version(6) } };
      const back = { ...heard({ priority: 'low' }, 57_000), version: version(7), isExact: false };
      const scene = inDoubt({ heard: [back] }, pending);
      elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

      end(scene, pending);

      expect(scene.lane).not.toHaveProperty('pending');
      expect(scene.record.fields.priority).toBe('low');
      expect(scene.record.provenance.priority).toMatchObject({ toMs: 57_000, source: 'desk' });
      expect(scene.tree.deeds).toMatchObject([{ outcome: 'done' }]);
      expect(scene.link.wrote?.version).toEqual(version(6));
    },
  );

  it('is given up where nobody has told that it landed', () => {
    const scene = inDoubt({ heard: [heard({ priority: 'low' }, 57_000)] });

    endUnlooked(scene, doubt);

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link.superseded).toEqual([{ priority: 'high' }]);
  });

  it.each([
    ['is told to stand there', 57_000, undefined],
    ['stood there before it', 40_000, doubt],
  ])('is put back before a request given up, whose value %s', (_how, atMs, left) => {
    const scene = inDoubt({ dead: { atMs: 80_000 }, met: { atMs: 10_000 }, unjudged: doubt });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    delete scene.lane.pending;
    scene.link.heard = [
      { ...heard({ priority: 'high' }, atMs), authorship: 'unknown', isExact: false },
      { ...heard({ priority: 'urgent' }, 30_000), authorship: 'unknown', isExact: false },
    ];

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.unjudged).toEqual(left);
  });

  it('leaves a request given up for a look to judge where it tells of none of its fields', () => {
    const scene = inDoubt({ dead: { atMs: 80_000 }, met: { atMs: 10_000 }, unjudged: doubt });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    delete scene.lane.pending;
    scene.link.heard = [heard({ subject: 'scanner' }, 57_000)];

    judgeUnlooked(scene);

    expect(scene.record.fields).toMatchObject({ subject: 'scanner', priority: 'high' });
    expect(scene.link).toMatchObject({ unjudged: doubt, got: { priority: 'low' } });
    expect(scene.link).not.toHaveProperty('written');
  });

  it('leaves nothing set aside as never settling, of what is written no more', () => {
    const more = {
      ...told,
      unshown: { priority: 'written' },
      unsettled: { priority: MAX_UNSETTLED },
    } as const;
    const scene = theirs({ place: under({ ticket: 'ignore' }), link: more });

    observeCopy(scene, deletion());

    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'low' }]);
  });

  it('is one where the record lives on in its second copy', () => {
    const link = { heard: [heard({ body: 'it is out' }, 55_000)], besides: ['note-2' as ExternalId] };
    const scene = commentScene({ link });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.record.fields.body).toBe('it is out');
  });

  it.each([
    ['died with it', theirs({ link: told })],
    ['was dead before', theirs({ place: under({ ticket: 'ignore' }), link: told })],
  ])('is kept for its return where its record %s', (how, scene) => {
    if (how === 'was dead before') scene.record.deleted = { atMs: 52_000, source: 'hub' };

    observeCopy(scene, deletion());

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.heard).toEqual(told.heard);
  });
});
