import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { elsewhere } from './comment-scene.ts';
import { deletion, theirs, timed, undeletion, under } from './deaths.ts';
import { seenTicket } from './scenes.ts';
import { version } from './seen.ts';
import { WRITE } from './written.ts';

const edit = (priority: string, atMs: number, value: number) =>
  seenTicket({
    fields: { priority },
    isComplete: false,
    authorship: 'other',
    atMs,
    version: version(value),
  });

describe('what was set in a copy before it died, and is told of after that', () => {
  const met = { atMs: 10_000 };
  const end = deletion({ atMs: 80_000, version: version(9) });

  it('is an edit of its record’s, where that lives on', () => {
    const scene = theirs({ place: under({ ticket: 'ignore' }), link: { met } });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    observeCopy(scene, end);

    expect(observeCopy(scene, edit('urgent', 60_000, 7))).toBe('applied');
    expect(scene.record.fields.priority).toBe('urgent');
    expect(observeCopy(scene, edit('low', 70_000, 8))).toBe('applied');

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.record.provenance.priority).toMatchObject({ toMs: 70_000, source: 'desk' });
    expect(scene.link).not.toHaveProperty('heard');
  });

  it.each([
    ['went over it', 45_000, 'urgent'],
    ['went over what was put back after it', 30_000, 'low'],
  ])('is an edit of its record’s where our write %s', (_how, atMs, set) => {
    const written = { priority: [{ ...WRITE, seen: { atMs: 55_000 } }] };
    const scene = theirs({
      place: under({ ticket: 'ignore' }),
      fields: { priority: 'high' },
      link: { met, written },
    });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    observeCopy(scene, deletion({ atMs: 80_000 }));

    expect(observeCopy(scene, timed(atMs, { fields: { subject: 'printer', priority: 'urgent' } }))).toBe(
      'applied',
    );

    expect(scene.record.fields.priority).toBe(set);
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: set }]);
    expect(scene.link).not.toHaveProperty('heard');
  });

  it('is judged by a look where its record died with it and was brought back', () => {
    const scene = theirs({ link: { met } });
    observeCopy(scene, end);

    expect(observeCopy(scene, edit('urgent', 60_000, 7))).toBe('merged');
    observeCopy(scene, undeletion({ atMs: 90_000, version: version(10) }));

    expect(scene.record.deleted).toBeUndefined();
    expect(scene.link).toMatchObject({ needsRead: true, heard: [{ fields: { priority: 'urgent' } }] });
  });

  it('is nothing new where it is older than what is known', () => {
    const scene = theirs({ place: under({ ticket: 'ignore' }), link: { met: { atMs: 65_000 } } });
    observeCopy(scene, end);

    expect(observeCopy(scene, edit('urgent', 60_000, 7))).toBe('echo');
    expect(scene.link).not.toHaveProperty('heard');
  });

  it('says nothing of what stood there anyway, and has been changed elsewhere since', () => {
    const scene = theirs({ place: under({ ticket: 'ignore' }), link: { met } });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    observeCopy(scene, end);
    scene.record.fields.subject = 'scanner';

    observeCopy(scene, { ...edit('urgent', 60_000, 7), fields: { subject: 'printer', priority: 'urgent' } });

    expect(scene.record.fields).toMatchObject({ subject: 'scanner', priority: 'urgent' });
  });
});
