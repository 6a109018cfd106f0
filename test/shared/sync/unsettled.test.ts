import { describe, expect, it } from 'vitest';
import { absorb, type Seen } from '../../../shared/sync/merge.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { giveUp, settleByRead, settleWritten } from '../../../shared/sync/settlement.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { awaitLook } from '../../../shared/sync/unsettled.ts';
import { doubt, inDoubt, shown } from './in-doubt.ts';
import { pendingUpdate, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const WRITTEN = 'written';
const GIVEN_UP = 'given-up';

describe('a field that does not settle', () => {
  const write = (scene: ReturnType<typeof ticketScene>) => {
    awaitLook(scene.link, ['subject'], WRITTEN);
  };
  /** One write of ours, and what it came back as. */
  function rounds(
    scene: ReturnType<typeof ticketScene>,
    values: readonly string[],
    more: Partial<Seen> = {},
  ) {
    for (const subject of values) {
      write(scene);
      absorb(scene, seen({ subject }, more));
    }
    return scene.link.parked;
  }
  const four = ['a', 'b', 'c', 'd'];

  it('is taken four times, and set aside the fifth, as the vendor’s doing', () => {
    const scene = ticketScene({});

    expect(rounds(scene, four)).toBeUndefined();
    expect(scene.record.fields.subject).toBe('d');

    write(scene);
    expect(absorb(scene, seen({ subject: 'e' }))).toEqual({ applied: 0, noted: 1 });
    expect(scene.link.parked).toMatchObject({ cause: 'unsettled', fault: 'vendor' });
    expect(scene.link.parked?.reason).toContain('written to subject');
    expect(scene.record.fields.subject).toBe('d');
  });

  it('keeps what it is set aside with, which may be a person’s, and which the next write replaces', () => {
    const scene = ticketScene({});

    rounds(scene, [...four, 'e']);

    expect(scene.tree.losses).toMatchObject([
      {
        field: 'subject',
        lost: 'e',
        kept: 'd',
        policy: 'doubt',
        why: expect.stringContaining('nobody can tell'),
      },
    ]);
  });

  it('is written again, once its copy is written at all: that holds what the record does not', () => {
    const scene = ticketScene({});

    rounds(scene, [...four, 'e']);

    expect(scene.link.sent).toEqual({ priority: 'low' });
  });

  it('is forgiven once a write has come back as it was sent', () => {
    const scene = ticketScene({});

    rounds(scene, four);
    rounds(scene, ['d']);

    expect(rounds(scene, four.toReversed())).toBeUndefined();
  });

  it('is not forgiven by a second look at what a write came back as', () => {
    const scene = ticketScene({});

    for (const value of four) {
      rounds(scene, [value]);
      absorb(scene, seen({ subject: value }));
    }

    expect(rounds(scene, ['e'])).toMatchObject({ cause: 'unsettled' });
  });

  it('is not forgiven by a write that brought another field', () => {
    const scene = ticketScene({});

    for (const value of four) {
      rounds(scene, [value]);
      awaitLook(scene.link, ['priority'], WRITTEN);
      absorb(scene, seen({ subject: value }));
    }

    expect(rounds(scene, ['e'])).toMatchObject({ cause: 'unsettled' });
  });

  it('is a person’s doing where a person is named', () => {
    expect(rounds(ticketScene({}), [...four, 'e', 'f'], { authorship: 'other' })).toBeUndefined();
  });

  it('is somebody’s doing where it changes a second time after one write', () => {
    const scene = ticketScene({});
    write(scene);

    for (const subject of [...four, 'e', 'f']) absorb(scene, seen({ subject }));

    expect(scene.link.parked).toBeUndefined();
    expect(scene.link.unsettled).toEqual({ subject: 1 });
    expect(scene.record.fields.subject).toBe('f');
  });

  it('is counted for each field by itself', () => {
    const scene = ticketScene({});

    for (const value of four) {
      awaitLook(scene.link, ['subject', 'priority'], WRITTEN);
      absorb(scene, seen({ subject: value, priority: value }));
    }

    expect(scene.link.unsettled).toEqual({ subject: 4, priority: 4 });
    expect(scene.link.parked).toBeUndefined();
  });

  it('is nothing where we wrote nothing', () => {
    const scene = ticketScene({});

    for (const subject of [...four, 'e', 'f']) absorb(scene, seen({ subject }));

    expect(scene.link).not.toHaveProperty('unsettled');
  });
});

describe('what our own write may have come back as', () => {
  /** The record has been set to something else since our write, and a look shows neither. */
  const contested = (unshown: Link['unshown']) =>
    ticketScene({
      fields: { subject: 'theirs elsewhere' },
      provenance: { subject: { source: 'hub', actor: 'ann', fromMs: 55_000, toMs: 55_000 } },
      link: {
        sent: { subject: 'ours', priority: 'low' },
        got: { subject: 'ours', priority: 'low' },
        ...(unshown === undefined ? {} : { unshown }),
      },
    });
  const look = (scene: Scene, subject: string, more: Partial<Seen> = {}) =>
    absorb(scene, seen({ subject, priority: 'low' }, { authorship: 'unknown', ...more }));

  it.each(['written', 'given-up'] as const)(
    'stands against nothing that may have been set meanwhile (%s)',
    (request) => {
      const scene = contested({ subject: request });

      expect(look(scene, 'ours, dressed up')).toEqual({ applied: 0, noted: 1 });

      expect(scene.record.fields.subject).toBe('theirs elsewhere');
      expect(scene.link.sent).not.toHaveProperty('subject');
      expect(scene.tree.losses).toMatchObject([
        { lost: 'ours, dressed up', kept: 'theirs elsewhere', why: expect.stringContaining('our write') },
      ]);
    },
  );

  it.each(['written', 'given-up'] as const)(
    'stands against nothing that was said before our request and heard after it (%s)',
    (request) => {
      const scene = contested({ subject: request });
      scene.record.provenance.subject = { source: 'hub', actor: 'ann', fromMs: 40_000, toMs: 40_000 };

      look(scene, 'ours, dressed up');

      expect(scene.record.fields.subject).toBe('theirs elsewhere');
      expect(scene.tree.losses).toMatchObject([{ lost: 'ours, dressed up', kept: 'theirs elsewhere' }]);
    },
  );

  it('is a person’s like any once a look has shown what our write came back as', () => {
    const again = contested({ subject: WRITTEN });
    look(again, 'ours');
    look(again, 'a person’s');

    expect(again.record.fields.subject).toBe('a person’s');
  });

  it.each<[string, Partial<Seen>]>([
    ['by the field’s own time', { fieldTimesMs: { subject: 60_000 } }],
    ['by what lists the fields changed', { isExact: true }],
    ['by what was told of it', { said: ['subject'] }],
  ])('is a person’s like any where one is named %s', (_how, more) => {
    const named = contested({ subject: WRITTEN });

    look(named, 'a person’s', { authorship: 'other', ...more });

    expect(named.record.fields.subject).toBe('a person’s');
    expect(named.tree.losses).toMatchObject([{ lost: 'theirs elsewhere', kept: 'a person’s' }]);
  });

  it('is not known for a person’s where one was the last to change the object, perhaps in another field', () => {
    for (const more of [{}, { fieldTimesMs: { subject: 59_000 } }]) {
      const scene = contested({ subject: WRITTEN });

      look(scene, 'ours, dressed up', { authorship: 'other', ...more });

      expect(scene.record.fields.subject).toBe('theirs elsewhere');
      expect(scene.tree.losses).toMatchObject([{ lost: 'ours, dressed up', kept: 'theirs elsewhere' }]);
      expect(scene.link).not.toHaveProperty('unsettled');
    }
  });

  it('is no younger than what we wrote, so that an edit told late still wins', () => {
    const provenance = { subject: { source: 'hub', actor: 'ann', fromMs: 20_000, toMs: 20_000 } } as const;
    const scenes = [{ subject: WRITTEN } as const, {}].map((unshown) =>
      ticketScene({ provenance, link: { unshown } }),
    );
    for (const scene of scenes) look(scene, 'printer, dressed up');

    expect(scenes.map(({ record }) => record.fields.subject)).toEqual([
      'printer, dressed up',
      'printer, dressed up',
    ]);
    expect(scenes.map(({ record }) => record.provenance.subject)).toMatchObject([
      { fromMs: 20_000, toMs: 60_000 },
      { fromMs: 50_000, toMs: 60_000 },
    ]);
  });

  it('is of now where nobody is known to have set what we wrote', () => {
    const scene = ticketScene({ link: { unshown: { subject: WRITTEN } } });

    look(scene, 'printer, dressed up');

    expect(scene.record.provenance.subject).toMatchObject({ fromMs: 50_000, toMs: 60_000 });
  });

  it('counts for nothing where the request may never have been carried out', () => {
    const scene = contested({ subject: GIVEN_UP });

    look(scene, 'ours, dressed up');

    expect(scene.link).not.toHaveProperty('unsettled');
    expect(scene.link).not.toHaveProperty('unshown');
  });
});

describe('what is to be looked at', () => {
  it('is what a write carried, until a look has shown each', () => {
    const pending = pendingUpdate({ subject: 'scanner', priority: 'high' });
    const scene = ticketScene({ lane: { pending } });

    settleWritten(scene, pending, { externalId: scene.link.externalId! });
    expect(scene.link.unshown).toEqual({ subject: WRITTEN, priority: WRITTEN });

    absorb(scene, seen({ subject: 'scanner' }));
    expect(scene.link.unshown).toEqual({ priority: WRITTEN });
  });

  it('is what a request carried that was given up, for the very look by which it was', () => {
    const scene = ticketScene({ lane: { pending: doubt } });
    giveUp(scene, doubt);
    expect(scene.link.unshown).toEqual({ priority: GIVEN_UP });

    const judged = inDoubt();
    judged.record.provenance.priority = { source: 'hub', actor: 'ann', fromMs: 55_000, toMs: 55_000 };
    settleByRead(judged, doubt, shown('urgent', { authorship: 'unknown' }));

    expect(judged.record.fields.priority).toBe('high');
    expect(judged.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'high' }]);
    expect(judged.link).not.toHaveProperty('unshown');
  });

  it('forgives nothing where the request was given up', () => {
    const scene = ticketScene({ link: { unsettled: { subject: 3 }, unshown: { subject: GIVEN_UP } } });

    absorb(scene, seen({ subject: 'printer' }));

    expect(scene.link.unsettled).toEqual({ subject: 3 });
  });
});
