import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import type { Heard, Link } from '../../../shared/sync/state.ts';
import { deskPlace, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';
import { ours } from './written.ts';

const externalId = 'case-1' as ExternalId;
const settled = { outcome: 'settled', externalId } as const;
/** What is known of the copy while the write is on its way there. */
const KNOWN: Partial<Link> = {
  got: { subject: 'printer', priority: 'low' },
  met: { atMs: 10_000, version: version(3) },
};
/** Of a state before the one that the write was decided on. */
const AT_45 = { atMs: 45_000, version: version(4) };
const high = pendingUpdate({ priority: 'high' });

/** A ticket whose priority is on its way to its copy. */
const onItsWay = (link: Partial<Link> = {}, pending = high, place = deskPlace()) =>
  ticketScene({ place, fields: { priority: 'high' }, link, lane: { pending, attempts: 3 } });

describe('what was heard while a write was under way', () => {
  const told: Heard = {
    fields: { priority: 'urgent' },
    atMs: 58_000,
    authorship: 'other',
    version: version(7),
    isExact: true,
  };

  it('is asked about where the copy can be read, no older than it was told', () => {
    const scene = onItsWay({ heard: [told] });

    expect(settleWritten(scene, high, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.link).toMatchObject({ needsRead: true, announced: version(7), announcedAtMs: 58_000 });
    expect(scene.link.heard).toEqual([told]);
    expect(scene.record.fields.priority).toBe('high');
  });

  it('is asked about though the answer shows the copy: that tells of the moment of the write', () => {
    const scene = onItsWay({ heard: [told] });
    const observation = seenTicket({ authorship: 'hub', fields: { subject: 'printer', priority: 'high' } });

    settleWritten(scene, high, { ...settled, observation });

    expect(scene.link).toMatchObject({ needsRead: true, heard: [told] });
  });

  it('is judged by a look made after it, and counted with what that shows', () => {
    const { version: _version, ...untimed } = told;
    const scene = onItsWay({ heard: [untimed], met: { atMs: 10_000 } });
    const observation = seenTicket({ fields: { subject: 'scanner', priority: 'high' } });

    expect(settleWritten(scene, high, { ...settled, observation }, true)).toEqual({ applied: 2, noted: 0 });
  });

  it('is judged at once where nothing can be read: an edit our write went over is merged', () => {
    const scene = onItsWay({ heard: [told], met: { atMs: 10_000 } }, high, deskPlace({ canRead: false }));

    expect(settleWritten(scene, high, settled)).toEqual({ applied: 1, noted: 0 });

    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is counted beside what the answer itself shows', () => {
    const place = deskPlace({ canRead: false });
    const { version: _version, ...untimed } = told;
    const scene = onItsWay({ heard: [untimed], met: { atMs: 10_000 } }, high, place);
    const observation = seenTicket({ fields: { subject: 'scanner', priority: 'high' } });

    expect(settleWritten(scene, high, { ...settled, observation })).toEqual({ applied: 2, noted: 0 });
  });

  it('is asked about also where all that was told is that there is news', () => {
    const scene = onItsWay();
    observeCopy(scene, seenTicket({ fields: {}, isComplete: false, needsRead: true, version: version(7) }));

    settleWritten(scene, high, settled);

    expect(scene.link).toMatchObject({ needsRead: true, announced: version(7) });
  });

  it('is asked about where it is older than what the write was decided on, which was put back then', () => {
    const set = { fromMs: 30_000, toMs: 30_000, source: 'hub', actor: 'agent:one' } as const;
    const scene = onItsWay(KNOWN);
    scene.record.provenance.priority = set;

    expect(observeCopy(scene, seenTicket({ ...told, fields: { priority: 'urgent' }, ...AT_45 }))).toBe(
      'merged',
    );

    const observation = seenTicket({ authorship: 'hub', fields: { subject: 'printer', priority: 'high' } });
    expect(settleWritten(scene, high, { ...settled, observation }, true)).toEqual({ applied: 1, noted: 0 });
    expect(scene.record.fields.priority).toBe('low');
  });

  it('is asked about where it is older, and an earlier write of ours went over it', () => {
    const scene = onItsWay(ours);

    expect(observeCopy(scene, seenTicket({ ...told, atMs: 50_000, version: version(4) }))).toBe('merged');

    expect(scene.link.heard).toMatchObject([{ fields: { priority: 'urgent' }, atMs: 50_000 }]);
  });

  it.each([
    ['what stands there', { ...AT_45, fields: { priority: 'low' } }],
    ['what stood there before that', { fields: { priority: 'urgent' }, atMs: 9_000, version: version(2) }],
  ])('is nothing to ask about where it is older, and is %s', (_what, o) => {
    const scene = onItsWay(KNOWN);

    expect(observeCopy(scene, seenTicket({ authorship: 'unknown', ...o }))).toBe('echo');

    expect(scene.link).not.toHaveProperty('heard');
  });

  it('is nothing to ask about where nothing was heard', () => {
    const scene = onItsWay();

    settleWritten(scene, high, settled);

    expect(scene.link).not.toHaveProperty('needsRead');
  });
});
