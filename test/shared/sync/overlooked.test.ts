import { describe, expect, it } from 'vitest';
import { lookBack, notePutBack } from '../../../shared/sync/hindsight.ts';
import { mergeOverlooked } from '../../../shared/sync/overlooked.ts';
import { policyOf } from '../../../shared/sync/policy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Heard, Link } from '../../../shared/sync/state.ts';
import { deskPlace, NOW_MS, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';
import { UNSEEN, WRITE } from './written.ts';

const HIGH = { subject: 'printer', priority: 'high' };
const ours: Partial<Link> = {
  met: { atMs: 10_000 },
  written: { priority: [WRITE] },
  since: { priority: { atMs: 60_000 } },
  got: HIGH,
  sent: HIGH,
};
const told = (priority: string | null, atMs: number, more: Partial<Heard> = {}): Heard => ({
  fields: { priority },
  atMs,
  authorship: 'unknown',
  ...more,
});
const at = (atMs: number) => ({ source: 'hub', actor: 'user:1', fromMs: atMs, toMs: atMs }) as const;
const scene = (priority = 'high', link: Partial<Link> = {}, setAtMs = 15_000) =>
  ticketScene({
    fields: { priority },
    provenance: { priority: at(setAtMs) },
    link: { ...ours, got: { ...HIGH }, sent: { ...HIGH }, written: { priority: [{ ...WRITE }] }, ...link },
  });
const merge = (given: Scene, heard: readonly Heard[], edited?: ReadonlySet<string>) =>
  mergeOverlooked(given, lookBack(given, heard), edited);

describe('an edit our write went over', () => {
  it('is merged at its own time', () => {
    const exact = scene();

    expect(merge(exact, [told('urgent', 50_000, { isExact: true })])).toBe(1);

    expect(exact.record.fields.priority).toBe('urgent');
    expect(exact.record.provenance.priority).toMatchObject({
      source: 'desk',
      actor: 'vendor:desk',
      fromMs: 50_000,
      toMs: 50_000,
    });
  });

  it('is the last of several', () => {
    const given = scene();

    merge(given, [told('urgent', 52_000, { isExact: true }), told('normal', 48_000, { isExact: true })]);

    expect(given.record.fields.priority).toBe('urgent');
  });

  it('is, of one moment, what our write was decided on, whatever we have written since', () => {
    const next = { value: 'normal', was: 'high', stood: { atMs: 60_000 }, base: { atMs: 80_000 } };
    const given = scene('high', { written: { priority: [{ ...WRITE }, next] } });
    const person = { isExact: true, authorship: 'other' } as const;

    merge(given, [told('low', 40_000, person), told('urgent', 40_000, person)]);

    expect(given.record.fields.priority).toBe('low');
  });

  it('is looked for in each field by itself', () => {
    const given = scene();
    given.link.written = { ...given.link.written, subject: [{ ...WRITE, value: 'printer', was: 'plotter' }] };
    const both = {
      fields: { priority: 'urgent', subject: 'scanner' },
      atMs: 50_000,
      authorship: 'other',
      isExact: true,
    } as const;

    expect(merge(given, [both])).toBe(2);
    expect(given.record.fields).toMatchObject({ priority: 'urgent', subject: 'scanner' });
  });

  it('changes nothing where the record says the same by now', () => {
    const given = scene('urgent');

    expect(merge(given, [told('urgent', 50_000)])).toBe(0);
    expect(given.tree.losses).toEqual([]);
  });

  it('changes nothing where it means nothing here', () => {
    const place = deskPlace();
    const given = { ...scene(), place: { ...place, mapping: { ...place.mapping, interpret: () => ({}) } } };

    expect(merge(given, [told('urgent', 50_000)])).toBe(0);
    expect(given.tree.losses).toEqual([]);
  });

  it('loses to what was set later, and is kept in the journal', () => {
    const given = scene('high', {}, 55_000);

    expect(merge(given, [told('urgent', 50_000, { isExact: true })])).toBe(0);

    expect(given.record.fields.priority).toBe('high');
    expect(given.link.sent.priority).toBe('high');
    expect(given.tree.losses).toMatchObject([
      { lost: 'urgent', lostAtMs: 50_000, kept: 'high', keptBy: 'user:1' },
    ]);
  });

  it('is merged against what our write was decided on, where the policy merges', () => {
    const write = { ...WRITE, value: 'a;x', was: 'a' };
    const got = { subject: 'printer', priority: 'a;x' };
    const given = scene('a;x', { written: { priority: [write] }, got });
    const rules = { ...given.around.rules, policyFor: () => policyOf({ use: 'set' }) };

    expect(merge({ ...given, around: { ...given.around, rules } }, [told('y', 50_000)])).toBe(1);

    expect(given.record.fields.priority).toBe('x;y');
    expect(given.link.sent).not.toHaveProperty('priority');
  });

  it('was empty where nothing stood there', () => {
    const given = scene();

    expect(merge(given, [told(null, 50_000, { isExact: true })])).toBe(1);
    expect(given.record.fields.priority).toBeNull();
  });
});

describe('a value put back before our write', () => {
  it('was set between what was heard and the state our write was decided on', () => {
    const given = scene();

    expect(merge(given, [told('urgent', 30_000)])).toBe(1);

    expect(given.record.fields.priority).toBe('low');
    expect(given.record.provenance.priority).toMatchObject({ source: 'desk', fromMs: 30_000, toMs: 40_000 });
    expect(given.link.sent).not.toHaveProperty('priority');
  });

  it('is never later than it was heard', () => {
    const given = scene();

    merge(given, [told('urgent', 30_000, { receivedAtMs: 35_000 })]);

    expect(given.record.provenance.priority).toMatchObject({ fromMs: 30_000, toMs: 35_000 });
  });
});

describe('a value said again by a person', () => {
  it('is theirs from then on, and stands there already', () => {
    const given = scene('urgent');

    expect(merge(given, [told('high', 70_000, { isExact: true, authorship: 'other' })])).toBe(1);

    expect(given.record.fields.priority).toBe('high');
    expect(given.link.sent.priority).toBe('high');
  });
});

describe('an edit that was itself edited before it was read', () => {
  const edited = new Set(['priority']);

  it('goes to the journal with who, when and why', () => {
    const given = scene();

    expect(merge(given, [told('urgent', 50_000, { isExact: true })], edited)).toBe(0);

    expect(given.tree.losses).toEqual([
      {
        record: 'ticket-1',
        field: 'priority',
        lost: 'urgent',
        lostBy: 'vendor:desk',
        lostAtMs: 50_000,
        kept: 'high',
        keptBy: 'user:1',
        policy: 'newest',
        why: 'edited again before it was read',
      },
    ]);
  });

  it('is no loss where the later edit says the same', () => {
    const given = scene('normal', { got: { subject: 'printer', priority: 'urgent' } });

    merge(given, [told('urgent', 50_000)], edited);

    expect(given.tree.losses).toEqual([]);
  });
});

describe('what stands there since nobody knows whose write', () => {
  const unseen = { written: { priority: [{ ...UNSEEN }] } };

  it('is kept with its reason, as of the last look', () => {
    const given = scene('urgent', unseen);
    delete given.record.provenance.priority;

    expect(merge(given, [told('low', 50_000)])).toBe(0);

    expect(given.tree.losses).toMatchObject([
      {
        lost: 'high',
        lostAtMs: 50_000,
        kept: 'urgent',
        keptBy: 'hub',
        why: 'nobody can tell whether it was set again after our write',
      },
    ]);
  });

  it.each([
    ['the field was edited since', 'urgent', new Set(['priority'])],
    ['the record says the same', 'high', new Set<string>()],
  ])('is in no doubt where %s', (_rule, priority, edited) => {
    const given = scene(priority, unseen);

    merge(given, [told('low', 50_000)], edited);

    expect(given.tree.losses).toEqual([]);
  });

  it('was the loser where an edit that it went over has taken its place', () => {
    const given = scene('high', unseen);

    merge(given, [told('urgent', 50_000)]);

    expect(given.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
    expect(given.tree.losses).toHaveLength(1);
  });
});

describe('what was heard of a time after what we hold', () => {
  const heard = [told('urgent', 70_000), told('normal', 75_000)];

  it('is noted, the last of it, and changes nothing by itself', () => {
    const given = scene();

    const past = lookBack(given, heard);

    expect(past).toEqual({
      overlooked: [],
      replaced: [],
      doubtful: [],
      since: [{ field: 'priority', value: 'normal', atMs: 75_000, isTheirs: false, isSaid: false }],
    });
    expect(lookBack(given, [{ ...told('urgent', 70_000), fields: { status: null } }]).since).toEqual([]);
  });

  it('makes our value, where it stands there again, one put back since then', () => {
    const given = scene();

    notePutBack(given, lookBack(given, heard), seen(HIGH, { atMs: NOW_MS }));

    expect(given.link).toMatchObject({ got: { priority: 'normal' }, gotAtMs: 75_000 });
  });

  it('does so where its vendor has its own way of writing it', () => {
    const given = scene();

    notePutBack(given, lookBack(given, heard), seen({ priority: ' high' }, { atMs: NOW_MS }));

    expect(given.link).toMatchObject({ got: { priority: 'normal' } });
  });

  it.each([
    ['something else stands there', { priority: 'low' }],
    ['the field was not looked at', { subject: 'printer' }],
  ])('says nothing where %s', (_rule, fields) => {
    const given = scene();

    notePutBack(given, lookBack(given, heard), seen(fields));

    expect(given.link).toMatchObject({ got: HIGH, gotAtMs: 50_000 });
  });

  it('says nothing where the field was not looked at and nothing stood there', () => {
    const given = scene('high', { got: { subject: 'printer', priority: null } });

    notePutBack(given, lookBack(given, heard), seen({ subject: 'printer' }));

    expect(given.link.got.priority).toBeNull();
  });

  it('sets no clock back', () => {
    const given = scene('high', { gotAtMs: 90_000 });

    notePutBack(given, lookBack(given, heard), seen(HIGH));

    expect(given.link.gotAtMs).toBe(90_000);
  });
});
