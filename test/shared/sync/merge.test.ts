import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { verdictOf } from '../../../shared/sync/hindsight.ts';
import { absorb, seenOf } from '../../../shared/sync/merge.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { deskPlace, seenTicket, ticketScene } from './scenes.ts';
import { seen, version } from './seen.ts';
import { heard } from './written.ts';

describe('absorb: a state known to be current', () => {
  it('counts what is the record’s now, and what was noted alone', () => {
    const link = { sent: { subject: 'printer', priority: 'low' } };
    const scene = ticketScene({ link, fields: { status: 'open' } });

    const merged = absorb(scene, seen({ subject: ' printer', priority: 'high', status: 'open' }));

    expect(merged).toEqual({ applied: 1, noted: 1 });
  });

  it('counts a first meeting for what it brings', () => {
    const scene = ticketScene({ link: { unbased: ['priority', 'subject'] } });

    expect(absorb(scene, seen({ subject: 'printer', priority: 'high' }))).toEqual({ applied: 1, noted: 0 });
    expect(scene.record.fields.priority).toBe('high');
  });

  it('knows nothing of a field before its first meeting: what is told of then is no edit', () => {
    const scene = ticketScene({ link: { unbased: ['priority'], met: { atMs: 20_000 } } });
    absorb(scene, seen({ subject: 'printer', priority: 'high' }));

    const told = heard('urgent', 40_000);

    expect(scene.link.since).toEqual({ priority: { atMs: 60_000, version: version(6) } });
    expect(verdictOf(scene, 'priority', told)).toBe('known');
  });

  it('holds the state for what was got, at its version and time', () => {
    const scene = ticketScene({});

    absorb(scene, seen({ subject: ' printer', priority: 'high' }));

    expect(scene.link).toMatchObject({
      got: { subject: ' printer', priority: 'high' },
      gotVersion: version(6),
      gotAtMs: 60_000,
    });
  });

  it('keeps the version it knows where a state tells none, and is not set back by an earlier clock', () => {
    const scene = ticketScene({});

    absorb(scene, seen({ subject: 'scanner' }, { version: undefined, atMs: 40_000 }));

    expect(scene.link).toMatchObject({ gotVersion: version(5), gotAtMs: 50_000 });
  });

  it('notes since when a value stood there: by its field’s own time where the vendor tells it', () => {
    const scene = ticketScene({ link: { since: { status: { atMs: 1 } } } });
    const fieldTimesMs = { subject: 55_000 };

    absorb(scene, seen({ subject: 'scanner', priority: 'high', status: null }, { fieldTimesMs }));

    expect(scene.link.since).toEqual({
      status: { atMs: 1 },
      subject: { atMs: 55_000, version: version(6) },
      priority: { atMs: 60_000, version: version(6) },
    });
  });

  it('is a look that includes our last write, and every field’s', () => {
    const base = { atMs: 50_000 };
    const unseen = { value: 'normal', base };
    const before = { ...unseen, seen: { atMs: 45_000 } };
    const scene = ticketScene({
      link: {
        wrote: { fields: { priority: 'low' }, base },
        written: {
          priority: [unseen, unseen, { value: 'low', base }],
          subject: [{ ...before, value: 'printer' }],
        },
      },
    });

    absorb(scene, seen({ subject: 'printer', priority: 'low' }));
    absorb(scene, seen({ subject: 'printer', priority: 'low' }, { version: version(7), atMs: 70_000 }));

    const look = { atMs: 60_000, version: version(6) };
    expect(scene.link.wrote?.seen).toEqual(look);
    expect(scene.link.written?.priority).toEqual([unseen, unseen, { value: 'low', base, seen: look }]);
    expect(scene.link.written?.subject?.[0]?.seen).toEqual({ atMs: 45_000 });
    expect(scene.link.since).toEqual({ priority: look });
  });

  it('empties what was sent where a given-up request lands late, so that the copy is written again', () => {
    const scene = ticketScene({ link: { superseded: [{ priority: 'high' }] } });

    const merged = absorb(scene, seen({ priority: 'high' }, { authorship: 'hub' }));

    expect(merged).toEqual({ applied: 0, noted: 1 });
    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toEqual([]);
  });

  it.each([
    [
      'our last write, of another field, has been seen since',
      { priority: 'high' },
      { seen: { atMs: 55_000 } },
    ],
    ['our last write carried it', { subject: 'printer', priority: 'low' }, {}],
  ])('keeps nothing of that where %s', (_which, fields, more) => {
    const wrote = { fields, base: { atMs: 50_000 }, ...more };
    const scene = ticketScene({ link: { superseded: [{ subject: 'plotter' }], wrote } });

    expect(absorb(scene, seen({ subject: 'plotter' }, { authorship: 'hub' }))).toEqual({
      applied: 0,
      noted: 1,
    });

    expect(scene.tree.losses).toEqual([]);
  });

  it('keeps it beside what is written over it, and says why, where we wrote another field since', () => {
    const wrote = { fields: { priority: 'low' }, base: { atMs: 50_000 } };
    const scene = ticketScene({ link: { superseded: [{ subject: 'plotter' }], wrote } });

    absorb(scene, seen({ subject: 'plotter' }, { authorship: 'hub' }));

    const why = 'a request given up would have set it, and a person may have: nobody can tell';
    expect(scene.tree.losses).toMatchObject([{ lost: 'plotter', kept: 'printer', policy: 'doubt', why }]);
  });

  it('spreads no word that means nothing here, and holds it for what was got', () => {
    const place = deskPlace();
    const meaningless = { ...place, mapping: { ...place.mapping, interpret: () => ({}) } };
    const scene = ticketScene({ place: meaningless });

    expect(absorb(scene, seen({ priority: 'P9' }))).toEqual({ applied: 0, noted: 1 });

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.got.priority).toBe('P9');
  });
});

describe('an edit’s time', () => {
  const provenanceOf = (told: Partial<Observation> & { receivedAtMs?: number }, link: Partial<Link> = {}) => {
    const scene = ticketScene({ link });
    observeCopy(scene, seenTicket({ fields: { subject: 'scanner', priority: 'low' }, ...told }));
    return scene.record.provenance.subject;
  };
  const desk = { source: 'desk', actor: 'vendor:desk', revision: 2 };

  it('is somewhere between the last state seen and this one', () => {
    expect(provenanceOf({})).toEqual({ ...desk, fromMs: 50_000, toMs: 60_000 });
  });

  it('is the field’s own where the vendor tells it', () => {
    expect(provenanceOf({ fieldTimesMs: { subject: 55_000, priority: 1 } })).toEqual({
      ...desk,
      fromMs: 55_000,
      toMs: 55_000,
    });
  });

  it('is the event’s where it names what changed', () => {
    const place = deskPlace({ canRead: false });
    const scene = ticketScene({ place });

    observeCopy(scene, seenTicket({ isComplete: false, fields: { subject: 'scanner' } }));

    expect(scene.record.provenance.subject).toEqual({ ...desk, fromMs: 60_000, toMs: 60_000 });
  });

  it('is never later than the event came in, nor than now', () => {
    expect(provenanceOf({ receivedAtMs: 55_000 })).toEqual({ ...desk, fromMs: 50_000, toMs: 55_000 });
    expect(provenanceOf({ receivedAtMs: 900_000, atMs: 800_000 })).toMatchObject({ toMs: 100_000 });
    expect(provenanceOf({ atMs: 800_000 })).toMatchObject({ toMs: 100_000 });
  });
});

describe('what is seen of an observation', () => {
  it('is all it tells of its time, its version and its author', () => {
    const told = seenTicket({ authorship: 'hub', fieldTimesMs: { subject: 1 } });

    expect(seenOf({ ...told, receivedAtMs: 61_000 })).toEqual({
      fields: told.fields,
      authorship: 'hub',
      atMs: 60_000,
      receivedAtMs: 61_000,
      version: version(6),
      fieldTimesMs: { subject: 1 },
    });
  });
});
