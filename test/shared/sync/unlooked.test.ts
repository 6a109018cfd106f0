import { describe, expect, it } from 'vitest';
import { judgeUnlooked } from '../../../shared/sync/unlooked.ts';
import { heard } from './in-doubt.ts';
import { ticketScene } from './scenes.ts';
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

  it('is nothing where nothing was told', () => {
    const scene = ticketScene({});

    expect(judgeUnlooked(scene)).toBe(false);

    expect(scene.tree.changes).toEqual([]);
  });
});
