import { describe, expect, it } from 'vitest';
import type { FieldRule, Observation } from '../../../shared/ports/index.ts';
import { closeAnswered } from '../../../shared/sync/asked.ts';
import { keepInDoubt } from '../../../shared/sync/doubt.ts';
import { isOfOurs } from '../../../shared/sync/held.ts';
import { lookBack } from '../../../shared/sync/hindsight.ts';
import { absorb, seenOf } from '../../../shared/sync/merge.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { forgetOutgrown } from '../../../shared/sync/outgrown.ts';
import { mergeOverlooked } from '../../../shared/sync/overlooked.ts';
import { type Scene, setValue } from '../../../shared/sync/scene.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { type Given, SUBJECT, under } from './mapped-scene.ts';
import { seenTicket } from './scenes.ts';
import { WRITE } from './written.ts';

const CAPITALS: FieldRule = { ...SUBJECT, transforms: [{ use: 'uppercase' }] };
const CUT: FieldRule = { ...SUBJECT, transforms: [{ use: 'truncate', length: 7 }] };
/** Of which `printer` is written. */
const FULL = 'printer on fire';

const seen = (subject: string, more: Partial<Observation> = {}): Observation =>
  seenTicket({ fields: { subject }, mapping: 1, ...more });
const present = (observation: Observation) => ({ state: 'present', observation }) as const;

describe('a mapping whose transforms were changed', () => {
  const link = { sent: { subject: 'PRINTER' }, got: { subject: 'printer' } };
  const met = (rule: FieldRule) => under({ rules: [rule], fields: { subject: 'PRINTER' }, link });

  it('has the copy written where what stands there meant the same by the old ones alone', () => {
    const scene = met({ ...SUBJECT, reworded: 1 });

    expect(needOf(scene)).toBe('update');
    expect(scene.record.fields.subject).toBe('PRINTER');
  });

  it('writes nothing where they are what they were', () => {
    expect(needOf(met(SUBJECT))).toBe('none');
    expect(needOf(met({ ...CAPITALS, reworded: 1 }))).toBe('none');
  });
});

describe('a copy that stands for its record by its meaning, not as it would be written', () => {
  const scene = () =>
    under({
      rules: [CAPITALS],
      fields: { subject: 'PRINTER' },
      link: { mapping: 1, sent: { subject: 'PRINTER' }, got: { subject: 'printer' } },
    });
  const setElsewhere = ({ tree, record, around }: Scene, subject: string) => {
    setValue(tree, record, 'subject', subject, { source: 'hub', actor: 'ann', fromMs: 1, toMs: 1 });
    forgetOutgrown(tree, around);
  };

  it('is written where the record holds another of which the same is made', () => {
    const given = scene();

    setElsewhere(given, 'Printer');

    expect(needOf(given)).toBe('update');
  });

  it('has been given nothing where the record has no place any more', () => {
    const { tree, record, around, place, link } = scene();
    const nowhere = { ...place, mapping: { ...place.mapping, project: () => undefined } };
    setValue(tree, record, 'subject', 'Printer', { source: 'hub', actor: 'ann', fromMs: 1, toMs: 1 });

    forgetOutgrown(tree, { ...around, places: new Map([[place.connection.id, nowhere]]) });

    expect(link.sent).not.toHaveProperty('subject');
  });

  it('is left alone where it was given another than that', () => {
    const given = scene();
    given.link.sent.subject = 'TONER';

    setElsewhere(given, 'Printer');

    expect(given.link.sent.subject).toBe('TONER');
  });

  it('is written also where another value stood in the record for a while, and was never written', () => {
    const given = scene();

    given.record.fields.subject = 'toner';
    setElsewhere(given, 'Printer');

    expect(needOf(given)).toBe('update');
  });

  it('holds nothing of its record’s where it is empty', () => {
    const given = under({ rules: [CAPITALS], fields: { subject: null }, link: { mapping: 1 } });

    expect(isOfOurs(given, 'subject', null)).toBe(false);
  });

  it('is left alone where that is what stands there, or what the vendor makes of it', () => {
    const given = scene();
    given.link.got.subject = 'PRINTER ';

    setElsewhere(given, 'Printer');

    expect(needOf(given)).toBe('none');
  });

  it('is left alone where the record means it again', () => {
    const given = scene();

    setElsewhere(given, 'Printer');
    given.link.sent.subject = 'PRINTER';
    setElsewhere(given, 'PRINTER');

    expect(needOf(given)).toBe('none');
  });
});

describe('a copy that holds less than its record', () => {
  const scene = (link: Partial<Link> = {}, more: Partial<Given> = {}): Scene =>
    under({
      rules: [CUT],
      fields: { subject: FULL },
      link: { mapping: 1, sent: { subject: 'printer' }, got: { subject: 'printer' }, ...link },
      ...more,
    });
  const isAsBefore = ({ record, tree, ...given }: Scene) => {
    expect(record.fields.subject).toBe(FULL);
    expect(tree.losses).toEqual([]);
    expect(needOf({ record, tree, ...given })).toBe('none');
  };

  it('says nothing against it where a person has put back what stood there', () => {
    const given = scene();

    observeCopy(given, seen('toner', { atMs: 60_000, isComplete: false }));
    takeRead(given, present(seen('printer', { atMs: 70_000, version: { source: 'desk', value: 7 } })));

    isAsBefore(given);
  });

  it('says nothing against it where a write of nobody’s is seen', () => {
    const given = scene({ got: { subject: 'toner' } });

    absorb(given, seenOf(seen('printer', { authorship: 'unknown' })));

    isAsBefore(given);
  });

  it('has another word of a person’s taken in as it stands', () => {
    const given = scene();

    absorb(given, seenOf(seen('print')));

    expect(given.record.fields.subject).toBe('print');
  });

  it('has lost nothing where a write of ours replaced what it was to hold', () => {
    const written = { subject: [{ ...WRITE, value: 'printer', was: 'toner' }] };
    const given = scene({ written, met: { atMs: 10_000 } });
    const told = {
      fields: { subject: 'printer' },
      atMs: 50_000,
      authorship: 'other',
      isExact: true,
    } as const;

    mergeOverlooked(given, lookBack(given, [{ ...told, fields: { subject: 'printer' } }]));
    mergeOverlooked(given, {
      overlooked: [{ field: 'subject', value: 'printer', when: { fromMs: 1, toMs: 50_000 } }],
      replaced: [{ field: 'subject', value: 'printer', when: { fromMs: 1, toMs: 50_000 } }],
      doubtful: ['subject'],
    });

    isAsBefore(given);
  });

  it('leaves nothing in doubt', () => {
    const given = scene();

    keepInDoubt(given, seenOf(seen('printer')), ['subject'], 'nobody can tell');

    isAsBefore(given);
  });

  it('answers what was asked about it', () => {
    const asked = { value: 'printer', id: 'q', cause: 'asked', reason: 'r', fault: 'organization' } as const;
    const given = scene({ asked: { subject: { ...asked, atMs: 1, attempts: 0 } } });

    closeAnswered(given.tree, given.around);

    expect(given.link.asked).toBeUndefined();
    isAsBefore(given);
  });

  it.each([
    ['hub', FULL],
    ['vendor', 'printer'],
  ] as const)('met for the first time, where the pair starts from the %s, leaves %s', (first, stands) => {
    const rules = [{ ...CUT, since: 1, first }];
    const given = scene({ unbased: ['subject'], sent: {}, got: {}, needsRead: true }, { rules });

    takeRead(given, present(seen('printer')));

    expect(given.record.fields.subject).toBe(stands);
    expect(needOf(given)).toBe('none');
    expect(given.tree.losses.map(({ lost }) => lost)).toEqual(first === 'hub' ? [] : [FULL]);
  });
});
