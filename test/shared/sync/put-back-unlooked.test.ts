import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { policyOf } from '../../../shared/sync/policy.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { judgeUnlooked } from '../../../shared/sync/unlooked.ts';
import { elsewhere } from './comment-scene.ts';
import { deletion, theirs, timed, under } from './deaths.ts';
import { heard } from './in-doubt.ts';
import { ticketScene } from './scenes.ts';
import { version } from './seen.ts';
import { ours } from './written.ts';

const met = { atMs: 10_000 };
const looked = { gotAtMs: 75_000, gotVersion: version(8) };
const wrote = { fields: { subject: 'printer' }, base: { atMs: 50_000, version: version(5) } };
const end = deletion({ atMs: 80_000, version: version(9) });

const outlived = ({ link, ...more }: Parameters<typeof ticketScene>[0] = {}) => {
  const scene = theirs({ ...more, place: under({ ticket: 'ignore' }), link: { met, ...link } });
  elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
  return scene;
};

const edit = (priority: string, atMs: number, value: number) =>
  timed(atMs, { fields: { priority }, isComplete: false, version: version(value) });
const [urgent, low] = [edit('urgent', 60_000, 7), edit('low', 70_000, 8)];
const said = (fields: Observation['fields'], atMs: number) => timed(atMs, { fields, isComplete: false });

/** Set elsewhere while the copy was as it died. */
const since = (priority: string) => ({
  fields: { priority },
  provenance: {
    priority: { fromMs: 55_000, toMs: 55_000, source: 'chat' as ConnectionId, actor: 'chat' },
  },
});
const got = { subject: 'printer', priority: 'low' };

describe('what was set in a copy before it died, is told of after that, and was put back in between', () => {
  it.each<[string, Partial<Link>, readonly Observation[]]>([
    ['a look has shown', looked, [urgent]],
    ['a look after our write of another has shown', { ...looked, wrote: { ...wrote, seen: met } }, [urgent]],
    ['was told before it', {}, [low, urgent]],
    ['a look has shown, and is told after it', looked, [urgent, low]],
  ])('is no edit where what stood there again %s', (_how, link, told) => {
    const scene = outlived({ link });
    observeCopy(scene, end);

    for (const each of told) observeCopy(scene, each);

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.got.priority).toBe('low');
    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.tree.losses).toEqual([]);
  });

  it('makes an edit of that, of between it and the look, where others had set something before', () => {
    const scene = outlived({ ...since('high'), link: { got, ...looked } });
    observeCopy(scene, end);

    expect(observeCopy(scene, urgent)).toBe('applied');
    expect(observeCopy(scene, urgent)).toBe('echo');

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.record.provenance.priority).toMatchObject({ fromMs: 60_000, toMs: 75_000 });
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'low' }]);
  });

  it('is what that was set over, where the policy merges', () => {
    const given = outlived({ ...since('low;urgent'), link: { got, ...looked } });
    const rules = { ...given.around.rules, policyFor: () => policyOf({ use: 'set' }) };
    const scene = { ...given, around: { ...given.around, rules } };
    observeCopy(scene, end);

    observeCopy(scene, edit('low;urgent', 60_000, 7));

    expect(scene.record.fields.priority).toBe('low');
  });

  it('is kept in the journal where it is of the moment of the last look', () => {
    const scene = outlived({ link: { gotAtMs: 60_000, gotVersion: version(7) } });
    observeCopy(scene, end);

    observeCopy(scene, urgent);

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toMatchObject([
      { lost: 'urgent', kept: 'low', policy: 'doubt', why: expect.stringContaining('nobody can tell') },
    ]);
  });

  it.each<[string, Partial<Link>]>([
    ['did not show that field', { got: { subject: 'printer' }, sent: {} }],
    ['is known by our write of another alone', { wrote }],
  ])('is an edit where the later state %s', (_how, known) => {
    const scene = outlived({ link: { ...looked, ...known } });
    observeCopy(scene, end);

    observeCopy(scene, urgent);

    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is an edit, too, where another field was set later, and told of before', () => {
    const scene = outlived();
    observeCopy(scene, deletion({ atMs: 80_000 }));

    observeCopy(scene, said({ priority: 'urgent' }, 60_000));
    observeCopy(scene, said({ subject: 'scanner' }, 55_000));

    expect(scene.record.fields).toMatchObject({ subject: 'scanner', priority: 'urgent' });
  });

  it('is judged by a look, should its record come back with it', () => {
    const scene = theirs({ link: { met } });
    observeCopy(scene, end);
    observeCopy(scene, low);

    expect(observeCopy(scene, urgent)).toBe('merged');

    expect(scene.link).toMatchObject({ heard: [{ fields: { priority: 'urgent' } }] });
  });

  it('is known still where something older is said again', () => {
    const known = { priority: { atMs: 65_000 } };
    const scene = outlived({
      fields: { priority: 'high' },
      link: { ...ours, gotAtMs: 65_000, since: known },
    });
    observeCopy(scene, deletion({ atMs: 80_000 }));
    observeCopy(scene, said({ priority: 'high' }, 50_000));

    expect(observeCopy(scene, said({ priority: 'urgent' }, 62_000))).toBe('echo');

    expect(scene.link.since).toEqual(known);
  });
});

describe('what was told of a copy that nobody will look at, with what stood there again', () => {
  const told = heard({ priority: 'urgent' }, 60_000);

  it.each([
    ['a person set again', { authorship: 'other', isExact: true }],
    ['was told of as a state', { authorship: 'unknown', isExact: false }],
  ] as const)('is no edit where that %s', (_how, by) => {
    const scene = ticketScene({ link: { heard: [{ ...heard({ priority: 'low' }, 70_000), ...by }, told] } });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.got.priority).toBe('low');
    expect(scene.tree.losses).toEqual([]);
  });

  it('is an edit where that stood there before it', () => {
    const scene = ticketScene({ link: { heard: [heard({ priority: 'low' }, 58_000), told] } });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is in no doubt where that is told of after the look', () => {
    const link = { heard: [told, heard({ priority: 'low' }, 70_000)], gotAtMs: 60_000 };
    const scene = ticketScene({ link });

    judgeUnlooked(scene);

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toEqual([]);
  });

  it.each([
    ['before a later look', 75_000],
    ['after the last look', 50_000],
  ])('dates that by who told of it first, %s', (_how, gotAtMs) => {
    const state = { ...heard({ priority: 'low' }, 70_000), authorship: 'unknown', isExact: false } as const;
    const scene = ticketScene({
      ...since('high'),
      link: { got, gotAtMs, heard: [told, state] },
    });

    judgeUnlooked(scene);

    expect(scene.record.provenance.priority).toMatchObject({ fromMs: 60_000, toMs: 70_000 });
  });
});
