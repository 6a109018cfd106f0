import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import { documented } from '../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';
import { absorb, type Seen } from '../../../shared/sync/merge.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { project } from '../../../shared/sync/projection.ts';
import { type Scene, sceneAt } from '../../../shared/sync/scene.ts';
import { unsent } from '../../../shared/sync/sent.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import { awaitLook } from '../../../shared/sync/unsettled.ts';
import { deskPlace, documentedBy, seenTicket, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const NAME = 'custom.supplied';
const pair = (more: Partial<FieldRule> = {}): FieldRule => ({
  field: NAME,
  vendorField: 'SuppliedName',
  direction: 'both',
  ...more,
});
const SUBJECT: FieldRule = { field: 'subject', vendorField: 'Subject', direction: 'both' };

/** The desk of the other tests under version 2 of its document, where `n/a` is a word for nothing. */
function mapped(rule: FieldRule): Place {
  const mapping: MappingDocument = { version: 2, kinds: { ticket: { rules: [SUBJECT, rule] } } };
  const place = documentedBy(deskPlace(), mapping);
  const own = {
    ...place.mapping,
    interpret: (_kind: unknown, raw: Seen['fields']) =>
      raw[NAME] === 'n/a' ? { ...raw, [NAME]: null } : raw,
  };
  return {
    ...place,
    mapping: documented({ ...own, decode: place.mapping.decode }, mapping),
  };
}

interface Given {
  readonly rule: FieldRule;
  /** What the copy was seen to hold and was sent, and what the record holds. */
  readonly stands?: FieldValue;
  readonly sent?: FieldValue;
  readonly held?: FieldValue;
  /** Under which version that was noted. */
  readonly version?: number;
}
function copyOf({ rule, stands = null, sent = stands, held = stands, version = 1 }: Given): Scene {
  return ticketScene({
    place: mapped(rule),
    fields: { [NAME]: held, priority: null },
    link: {
      mapping: version,
      got: { subject: 'printer', [NAME]: stands },
      sent: { subject: 'printer', [NAME]: sent },
    },
  });
}
/** What is still to be written of the field; undefined: nothing is. */
function toWrite({ record, link, place, tree, around }: Scene): FieldValue | undefined {
  const scene = sceneAt(tree, record, place, around);
  const wanted = project(record, link, place, undefined, around.nowMs) ?? {};
  const isWritten = needOf(scene) === 'update' && unsent(wanted, link).includes(NAME);
  return isWritten ? wanted[NAME] : undefined;
}
function shows(scene: Scene, value: FieldValue, more: Partial<Seen> = {}) {
  return absorb(scene, seen({ subject: 'printer', [NAME]: value }, more));
}

describe('a default at a copy that is linked already', () => {
  const read = (value: FieldValue, rule: Partial<FieldRule>) => {
    const scene = copyOf({ rule: pair({ since: 2, default: 'lights', ...rule }), held: null });
    const observation = seenTicket({ fields: { subject: 'printer', [NAME]: value }, mapping: 2 });
    takeRead(scene, { state: 'present', observation });
    return scene;
  };

  it.each<['hub' | 'vendor', FieldValue]>([
    ['hub', null],
    ['vendor', null],
    ['hub', ''],
    ['hub', 'n/a'],
  ])('is written there where a new pair, starting from the %s, meets %j', (first, value) => {
    const scene = read(value, { first });

    expect(toWrite(scene)).toBe('lights');
    expect(scene.record.fields[NAME]).toBeNull();
  });

  it('gives way to what stands there: the record takes that over', () => {
    const scene = read('bells', { first: 'hub' });

    expect([scene.record.fields[NAME], toWrite(scene)]).toEqual(['bells', undefined]);
  });

  it('leaves a word without meaning to the vendor', () => {
    const scene = read('Weird', { first: 'vendor', values: [{ hub: 'lights', vendor: ['L'] }] });

    expect([scene.record.fields[NAME], toWrite(scene)]).toEqual([null, undefined]);
  });

  it.each<[FieldValue, FieldValue | undefined]>([
    [null, 'lights'],
    ['', 'lights'],
    ['bells', undefined],
  ])('of a pair that had none is written where %j stands', (stands, written) => {
    expect(toWrite(copyOf({ rule: pair({ default: 'lights' }), stands }))).toBe(written);
  });

  it('is written where the pair is written only', () => {
    expect(toWrite(copyOf({ rule: pair({ default: 'lights', direction: 'out' }) }))).toBe('lights');
  });

  it('follows its mapping, and leaves with it', () => {
    const given = { stands: 'lights', held: null };

    expect(toWrite(copyOf({ rule: pair({ default: 'bells' }), ...given }))).toBe('bells');
    expect(toWrite(copyOf({ rule: pair(), ...given }))).toBeNull();
  });

  it('leaves with its mapping where the record never heard of the field', () => {
    const place = mapped(pair());
    const link = {
      mapping: 1,
      got: { subject: 'printer', [NAME]: 'lights' },
      sent: { subject: 'printer', [NAME]: 'lights' },
    };
    const scene = ticketScene({ place, link });

    expect(toWrite(scene)).toBeNull();
    expect(scene.tree.changes).toEqual([]);
  });

  it('that the vendor makes nothing of is not written at every change of the mapping', () => {
    const rule = pair({ default: 'lights' });

    expect(toWrite(copyOf({ rule, stands: null, sent: 'lights' }))).toBeUndefined();
  });
});

describe('a required field that is emptied at its vendor', () => {
  it.each<[FieldValue, Partial<FieldRule>, FieldValue]>([
    ['bells', {}, 'bells'],
    ['bells', { default: 'lights' }, 'bells'],
    [null, { default: 'lights' }, 'lights'],
  ])('leaves %j to the record, under %j, and has it written again', (held, more, written) => {
    const rule = pair({ required: true, ...more });
    const scene = copyOf({ rule, stands: written, held, version: 2 });

    shows(scene, null, { authorship: 'other' });

    expect([scene.record.fields[NAME], scene.tree.changes, scene.tree.losses]).toEqual([held, [], []]);
    expect(toWrite(scene)).toBe(written);
  });

  it('stays empty where the record holds nothing either, or the hub alone writes it', () => {
    const bare = copyOf({ rule: pair({ required: true }), stands: 'bells', held: null, version: 2 });
    const mute = copyOf({ rule: pair({ required: true, direction: 'out' }), stands: 'bells', version: 2 });

    for (const scene of [bare, mute]) {
      shows(scene, null, { authorship: 'other' });

      expect(toWrite(scene)).toBeUndefined();
    }
  });
});

describe('a field with a default that is emptied at its vendor', () => {
  const rule = pair({ default: 'lights' });
  const emptied = (held: FieldValue, value: FieldValue, more: Partial<Seen> = {}) => {
    const scene = copyOf({ rule, stands: held ?? 'lights', held, version: 2 });
    shows(scene, value, { authorship: 'other', ...more });
    return scene;
  };

  it.each<[FieldValue]>([[null], [''], ['n/a']])(
    'empties the record, and has its default again (%j)',
    (value) => {
      const scene = emptied('bells', value);

      expect(scene.record.fields[NAME] ?? '').toBe('');
      expect(toWrite(scene)).toBe('lights');
    },
  );

  it('of the default itself has it again, and the record never held it', () => {
    const scene = emptied(null, null);

    expect([scene.record.fields[NAME], scene.tree.changes]).toEqual([null, []]);
    expect(toWrite(scene)).toBe('lights');
  });

  it('has nothing written where its default is the vendor’s own word for nothing', () => {
    const own = pair({ default: 'n/a' });
    const scene = copyOf({ rule: own, stands: 'bells', version: 2 });

    shows(scene, 'n/a');

    expect([scene.record.fields[NAME], toWrite(scene)]).toEqual([null, undefined]);
  });

  it('by nobody, time after time, is set aside', () => {
    const scene = copyOf({ rule, stands: 'lights', held: null, version: 2 });

    for (let round = 1; round <= 5; round += 1) {
      expect(scene.link.parked).toBeUndefined();
      scene.link.got[NAME] = 'lights';
      scene.link.sent[NAME] = 'lights';
      awaitLook(scene.link, [NAME], 'written');
      shows(scene, null);
    }

    expect(scene.link.parked).toMatchObject({ cause: 'unsettled', fault: 'vendor' });
  });

  it.each([null, 'n/a'])(
    'is in no conflict with who fills in %j before the default is there again',
    (stands) => {
      const hubWins = pair({ default: 'lights', policy: { use: 'side', side: 'hub record' } });
      const scene = copyOf({ rule: hubWins, stands, held: null, version: 2 });

      shows(scene, 'bells', { authorship: 'other' });

      expect([scene.record.fields[NAME], scene.tree.losses]).toEqual(['bells', []]);
      expect(toWrite(scene)).toBeUndefined();
    },
  );
});
