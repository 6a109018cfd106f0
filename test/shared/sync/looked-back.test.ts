import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { MappingDocument } from '../../../shared/ports/index.ts';
import { lookBack, notePutBack, theirsIn } from '../../../shared/sync/hindsight.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { mergeOverlooked } from '../../../shared/sync/overlooked.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Heard, Written } from '../../../shared/sync/state.ts';
import { deskPlace, documentedBy, knowing, seenTicket, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';
import { heard, ours, UNSEEN, WRITE } from './written.ts';

describe('hindsight: when our own write landed', () => {
  const landing = (told: Heard, write: Written, place = deskPlace()) => {
    const scene = ticketScene({ place, link: { ...ours, written: { priority: [{ ...write }] } } });
    lookBack(scene, [told]);
    return scene.link.written?.priority?.at(-1)?.seen;
  };

  it('is no later than it was seen to have', () => {
    const ownEvent = (atMs: number) => heard('high', atMs, { authorship: 'hub' });

    expect(landing(ownEvent(70_000), WRITE)).toEqual({ atMs: 60_000 });
    expect(landing(ownEvent(45_000), WRITE)).toEqual({ atMs: 45_000 });
  });

  it('is not told by another’s hand, nor by nobody’s where nothing is known of the vendor', () => {
    expect(landing(heard('high', 45_000, { authorship: 'other' }), UNSEEN)).toBeUndefined();
    expect(landing(heard('high', 45_000), UNSEEN, knowing(deskPlace(), {}))).toBeUndefined();
  });
});

describe('hindsight: what was set over a write that was made on a condition', () => {
  const write = { ...UNSEEN, isConditional: true } as const;
  const link = { ...ours, since: {}, written: { priority: [write] } };
  const back = heard('high', 70_000);

  it.each([
    ['after it, and what stands there again was put back', [heard('urgent', 50_000), back], ['urgent']],
    ['in whatever order that is heard of', [back, heard('urgent', 50_000)], ['urgent']],
    ['not by what it was decided on, which may still stand there', [heard('low', 50_000), back], []],
    ['not within a second, which vendors blur', [heard('urgent', 40_900), back], []],
    ['not by our own hand', [heard('urgent', 50_000, { authorship: 'hub' }), back], []],
  ])('was set %s', (_what, told, since) => {
    const past = lookBack(ticketScene({ link: structuredClone(link) }), told);

    expect(past.since.map(({ value }) => value)).toEqual(since);
  });

  it('is overlooked where the write was made on none', () => {
    const unconditional = { ...link, written: { priority: [UNSEEN] } };

    const { since, overlooked } = lookBack(ticketScene({ link: unconditional }), [
      heard('urgent', 50_000),
      back,
    ]);

    expect(since).toEqual([]);
    expect(overlooked).toMatchObject([{ value: 'urgent' }]);
  });

  const landing = (told: readonly Heard[]) => {
    const scene = ticketScene({ link: structuredClone(link) });
    lookBack(scene, told);
    return scene.link.written?.priority?.[0]?.seen;
  };

  it('was set over it after it was told to have landed', () => {
    expect(landing([heard('high', 45_000), heard('urgent', 50_000)])).toEqual({ atMs: 45_000 });
  });

  it('is no word of ours, in which our own write came back', () => {
    expect(landing([heard('high!', 50_000, { authorship: 'hub' }), back])).toEqual({ atMs: 70_000 });
  });

  it('leaves alone what a look has shown to be ours before', () => {
    const seen = { atMs: 45_000 };
    const scene = ticketScene({ link: { ...link, written: { priority: [{ ...write, seen }] } } });

    lookBack(scene, [heard('urgent', 50_000)]);

    expect(scene.link.written?.priority?.[0]?.seen).toEqual(seen);
  });
});

describe('hindsight: what was overlooked', () => {
  it('is told of each field by what told of it', () => {
    const told = [
      heard('urgent', 45_000),
      { fields: { subject: 'printer' }, atMs: 50_000, authorship: 'unknown' } as const,
    ];

    expect(lookBack(ticketScene({ link: ours }), told).overlooked).toMatchObject([
      { field: 'priority', value: 'urgent' },
    ]);
  });

  it.each([
    ['', ['urgent', 'low']],
    [', heard of in whatever order', ['low', 'urgent']],
  ])('is what our write was decided on, where a person put it back within that moment%s', (_how, values) => {
    const told = values.map((value) => heard(value, 40_000, { isExact: true, authorship: 'other' }));

    expect(lookBack(ticketScene({ link: ours }), told).overlooked).toMatchObject([
      { field: 'priority', value: 'low', when: { fromMs: 40_000, toMs: 40_000 } },
    ]);
  });

  it('casts doubt on what we wrote, whatever else was heard of before', () => {
    const scene = ticketScene({ link: { ...ours, written: { priority: [UNSEEN] } } });

    expect(lookBack(scene, [heard('urgent', 30_000), heard('low', 50_000)]).doubtful).toEqual(['priority']);
  });

  it('casts none in words that mean nothing here', () => {
    const place = deskPlace();
    const mute = { ...place, mapping: { ...place.mapping, interpret: () => ({}) } };
    const scene = ticketScene({ place: mute, link: { ...ours, written: { priority: [UNSEEN] } } });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.tree.losses).toEqual([]);
  });

  it('needs no write where it is what stands there, said again', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      link: { ...ours, sent: { subject: 'printer' } },
    });
    const again = heard('high', 70_000, { isExact: true, authorship: 'other' });

    expect(mergeOverlooked(scene, lookBack(scene, [again]))).toBe(1);

    expect(scene.record.fields.priority).toBe('high');
    expect(needOf(scene)).toBe('none');
  });

  it('is added to a set of which nobody knows what it was before', () => {
    const rule = {
      field: 'priority',
      vendorField: 'Tags',
      direction: 'both',
      policy: { use: 'set' },
    } as const;
    const mapping: MappingDocument = { version: 0, kinds: { ticket: { rules: [rule] } } };
    const { was: _was, ...blind } = UNSEEN;
    const scene = ticketScene({
      place: documentedBy(deskPlace(), mapping),
      fields: { priority: 'a;b' },
      link: { ...ours, got: { priority: 'a;b' }, written: { priority: [{ ...blind, value: 'a;b' }] } },
    });

    mergeOverlooked(scene, lookBack(scene, [heard('c', 50_000)]));

    expect(scene.record.fields.priority).toBe('a;b;c');
  });

  it('is merged at its own time, and what it replaces is kept', () => {
    const scene = ticketScene({ fields: { priority: 'high' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('urgent', 50_000, { isExact: true })]));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
    expect(scene.link.sent).not.toHaveProperty('priority');
  });

  it('goes to the journal where the field has been edited again since', () => {
    const scene = ticketScene({ fields: { priority: 'high' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('urgent', 50_000)]), new Set(['priority']));

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'high' }]);
  });

  it('is in doubt where what we wrote over was there again before anybody looked: ours is kept too', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      link: { ...ours, written: { priority: [UNSEEN] } },
    });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent' }]);
  });

  it('is in no doubt once our write has been seen', () => {
    const scene = ticketScene({ fields: { priority: 'urgent' }, link: ours });

    mergeOverlooked(scene, lookBack(scene, [heard('low', 50_000)]));

    expect(scene.tree.losses).toEqual([]);
  });

  it('was put back where our value stands there again after something else', () => {
    const scene = ticketScene({ link: ours });
    const seen = { fields: { priority: 'high' }, authorship: 'unknown', atMs: 80_000 } as const;

    notePutBack(scene, lookBack(scene, [heard('urgent', 70_000)]), seen);

    expect(scene.link.got.priority).toBe('urgent');
  });

  it('was put back where nobody has looked yet at what a creation given up has made', () => {
    const [got, sent] = [{ subject: 'printer' }, { subject: 'printer', priority: 'high' }];
    const scene = ticketScene({
      fields: { priority: 'low' },
      provenance: {
        priority: { fromMs: 60_000, toMs: 60_000, source: 'chat' as ConnectionId, actor: 'ada' },
      },
      link: { got, sent, heard: [heard('urgent', 70_000), heard('high', 80_000)] },
    });
    const observation = seenTicket({ fields: { subject: 'printer', priority: 'high' }, atMs: 80_000 });

    takeRead(scene, { state: 'present', observation });

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.tree.losses).toMatchObject([{ lost: 'low', kept: 'high' }]);
  });

  it('is what was asked for, where nobody has looked yet and nothing else was heard of', () => {
    const [got, sent] = [{ subject: 'printer' }, { subject: 'printer', priority: 'high' }];
    const scene = ticketScene({ fields: { priority: 'low' }, link: { got, sent } });
    const observation = seenTicket({ fields: { subject: 'printer', priority: 'high' }, atMs: 80_000 });

    takeRead(scene, { state: 'present', observation });

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toEqual([]);
  });
});

describe('hindsight: whose what stands there is, as far as the vendor says', () => {
  it.each([
    [{}, { theirs: [], said: [] }],
    [{ authorship: 'other' }, { theirs: ['priority'], said: [] }],
    [
      { authorship: 'other', isExact: true },
      { theirs: ['priority'], said: ['priority'] },
    ],
  ] as const)('told with %j', (more, known) => {
    const scene = ticketScene({ link: ours });
    const past = lookBack(scene, [heard('normal', 75_000, more)]);

    expect(theirsIn(scene, past, seen({ priority: 'normal' }))).toEqual(known);
    expect(theirsIn(scene, past, seen({ priority: 'low' }))).toEqual({ theirs: [], said: [] });
  });
});
