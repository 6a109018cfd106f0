import { describe, expect, it } from 'vitest';
import { lookBack, verdictOf } from '../../../shared/sync/hindsight.ts';
import { settleWritten, takeRead } from '../../../shared/sync/settlement.ts';
import type { Written } from '../../../shared/sync/state.ts';
import { timed } from './deaths.ts';
import { present } from './in-doubt.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { heard, ours, UNSEEN, WRITE } from './written.ts';

const OURS = { subject: 'printer', status: 'open' } as const;
const SET_AT_20 = { fromMs: 20_000, toMs: 20_000, source: 'hub', actor: 'agent:one' } as const;

/** Since when each value may have stood, once our write of subject and status is first looked at after a person was there. */
function seenAfter(fields: Record<string, string>, times: Record<string, number> = {}) {
  const pending = pendingUpdate(OURS);
  const provenance = { subject: SET_AT_20, priority: SET_AT_20 };
  const scene = ticketScene({ fields: OURS, provenance, lane: { pending } });
  const fieldTimesMs = { subject: 60_000, status: 60_000, priority: 60_000, ...times };
  const observation = seenTicket({ fields: { ...OURS, priority: 'low', ...fields }, fieldTimesMs });
  settleWritten(scene, pending, { externalId: scene.link.externalId!, observation });
  return Object.fromEntries(
    Object.keys(fields).map((field) => [field, scene.record.provenance[field]?.fromMs]),
  );
}

describe('what came back changed, of the second in which our write and a person were there', () => {
  it('may be ours, and as old as that, and what the person has set is theirs', () => {
    const since = seenAfter({ subject: 'printer ~6', priority: 'urgent' });

    expect(since).toEqual({ subject: 20_000, priority: 60_000 });
  });

  it.each<[string, Record<string, string>, Record<string, number>]>([
    ['ours landed at another time', { subject: 'printer ~6' }, { status: 55_000 }],
    ['nothing of ours shows when that landed', { subject: 'printer ~6', status: 'solved' }, {}],
  ])('is a person’s where %s', (_why, fields, times) => {
    expect(seenAfter(fields, times).subject).toBe(60_000);
  });
});

describe('what is told late of the moment of the first look that included our write', () => {
  it.each([
    ['known: the look showed it, and people have set another since', 'urgent', 60_000, 'known'],
    ['known: a look of that very moment showed it after that', 'normal', 60_000, 'known'],
    ['overwritten: no look has shown it', 'solved', 60_000, 'overwritten'],
    ['overwritten: but a later look has shown it', 'minor', 60_000, 'overwritten'],
    ['overwritten: it is of another moment', 'urgent', 55_000, 'overwritten'],
  ] as const)('is %s', (_why, told, atMs, verdict) => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ fields: { priority: 'high' }, lane: { pending } });
    const look = (priority: string, atMs: number) =>
      takeRead(scene, present(timed(atMs, { fields: { subject: 'printer', priority } })));
    settleWritten(scene, pending, { externalId: scene.link.externalId! });

    for (const priority of ['urgent', 'normal', 'urgent']) look(priority, 60_000);
    for (const priority of ['minor', 'high']) look(priority, 70_000);
    expect(scene.link.written?.priority?.at(-1)?.shown).toEqual(['urgent', 'normal']);

    const exact = { authorship: 'other', isExact: true } as const;
    expect(verdictOf(scene, 'priority', heard(told, atMs, exact))).toBe(verdict);
  });
});

it('what looks of one moment have shown is kept, the last eight values', () => {
  const pending = pendingUpdate({ priority: 'high' });
  const scene = ticketScene({ fields: { priority: 'high' }, lane: { pending } });
  settleWritten(scene, pending, { externalId: scene.link.externalId! });

  for (let at = 1; at <= 10; at += 1)
    takeRead(scene, present(timed(60_000, { fields: { subject: 'printer', priority: `p${at}` } })));

  expect(scene.link.written?.priority?.at(-1)?.shown).toEqual([
    'p3',
    'p4',
    'p5',
    'p6',
    'p7',
    'p8',
    'p9',
    'p10',
  ]);
});

describe('what stands there anyway, told of under a person’s name', () => {
  it.each<[string, string, Record<string, string>]>([
    ['was said again where our write brought nothing else', 'said-again', { priority: 'high' }],
    [
      'may be ours where that brought another in the same second',
      'known',
      { priority: 'high', subject: 'printer' },
    ],
  ])('%s', (_what, verdict, fields) => {
    const wrote = { fields, base: WRITE.base };
    const told = heard('high', 70_000, {
      authorship: 'other',
      fieldTimesMs: { priority: 70_000, subject: 70_000 },
    });
    const whole = { ...told, fields: { subject: 'printer', priority: 'high' } };

    expect(verdictOf(ticketScene({ link: { ...ours, wrote } }), 'priority', whole)).toBe(verdict);
  });
});

describe('what our write went over, where something else is told of the second in which that was decided on', () => {
  const replacedBy = (write: Written, ...told: Parameters<typeof heard>) =>
    lookBack(ticketScene({ link: { ...ours, written: { priority: [write] } } }), [heard(...told)]).replaced;
  const { stood: _stood, ...undated } = UNSEEN;
  const WRITE_AT_40 = { ...UNSEEN, seen: { atMs: 45_000 } };
  const at = (atMs: number) => ({ fromMs: atMs, toMs: atMs });

  it.each<[string, Written]>([
    ['stood there before', UNSEEN],
    ['stood there since nobody knows when', undated],
    ['has been looked at since', WRITE],
  ])('may have been put back within it, if it %s', (_since, write) => {
    expect(replacedBy(write, 'urgent', 40_000)).toEqual([
      { field: 'priority', value: 'low', when: at(40_000) },
    ]);
  });

  it('may have been put back before each of our writes that is so told of, once each', () => {
    const later = { value: 'solved', was: 'normal', stood: { atMs: 45_000 }, base: { atMs: 50_000 } };
    const scene = ticketScene({ link: { ...ours, written: { priority: [WRITE_AT_40, later] } } });
    const told = [heard('urgent', 40_000), heard('blocker', 40_000), heard('minor', 50_000)];

    const values = lookBack(scene, told).replaced.map(({ value }) => value);

    expect(values.filter((value) => value === 'low' || value === 'normal').toSorted()).toEqual([
      'low',
      'normal',
    ]);
  });

  it.each<[string, Written, ...Parameters<typeof heard>]>([
    ['is what is told', UNSEEN, 'low', 40_000],
    [
      'had come to stand there in it, and been taken in',
      { ...UNSEEN, stood: { atMs: 40_000 } },
      'urgent',
      40_000,
    ],
    ['was there before what is told', UNSEEN, 'urgent', 41_000],
    ['is known to have been put back', UNSEEN, 'urgent', 39_000],
    [
      'is known to have been nothing of the kind',
      { value: 'high', base: { atMs: 40_000 } },
      'urgent',
      40_000,
    ],
  ])('is no loss where it %s', (_which, write, ...told) => {
    expect(replacedBy(write, ...told)).toEqual([]);
  });
});
