import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { meet } from '../../../shared/sync/meeting.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { deskPlace, documentedBy, NOW_MS, ticketScene } from './scenes.ts';

const WHEN = { fromMs: 50_000, toMs: 60_000 };
/** A desk that newly pairs the subject, and knows no word `Weird`. */
function pairing(first?: FieldRule['first']): Place {
  const rule: FieldRule = { field: 'subject', vendorField: 'Subject', direction: 'both' };
  const rules = [first === undefined ? rule : { ...rule, first }];
  const interpret: Place['mapping']['interpret'] = (_kind, raw) => (raw.subject === 'Weird' ? {} : raw);
  const place = documentedBy(deskPlace(), { version: 0, kinds: { ticket: { rules } } });
  return {
    ...place,
    mapping: { ...place.mapping, interpret },
  };
}
/** The desk says `theirs`, the record `ours`; what comes of it. */
function met(theirs: FieldValue, ours: FieldValue, first?: FieldRule['first'], unbased?: string[]) {
  const scene = ticketScene({
    place: pairing(first),
    fields: { subject: ours },
    provenance: { subject: { source: 'hub', actor: 'ada', fromMs: 1, toMs: 7 } },
    link: { ...(unbased === undefined ? {} : { unbased }), sent: { priority: 'low', subject: 'before' } },
  });
  const isTheirs = meet(scene, 'subject', { subject: theirs }, WHEN);
  const { link, record, tree } = scene;
  return {
    isTheirs,
    holds: record.fields.subject,
    sent: link.sent.subject,
    link,
    record,
    losses: tree.losses,
  };
}

describe('the first meeting of a field and its pair', () => {
  it.each<[FieldRule['first'], FieldValue, FieldValue, FieldValue, boolean, FieldValue | undefined]>([
    ['vendor', 'theirs', 'ours', 'theirs', true, 'theirs'],
    [undefined, 'theirs', 'ours', 'theirs', true, 'theirs'],
    ['hub', 'theirs', 'ours', 'ours', false, undefined],
    ['hub', 'theirs', null, 'theirs', true, 'theirs'],
    ['hub', 'theirs', '', 'theirs', true, 'theirs'],
    ['vendor', null, 'ours', 'ours', false, undefined],
    ['vendor', '', 'ours', 'ours', false, undefined],
    ['vendor', '', null, null, false, null],
    ['vendor', null, '', '', false, ''],
    ['hub', 'alike', 'alike', 'alike', false, 'alike'],
    ['vendor', 'Weird', 'ours', 'ours', false, 'ours'],
    [undefined, 'Weird', 'ours', 'ours', false, 'ours'],
    ['hub', 'Weird', 'ours', 'ours', false, undefined],
    ['hub', 'Weird', null, null, false, null],
  ])('starting from %j: %j there and %j here', (first, theirs, ours, holds, isTheirs, sent) => {
    const told = met(theirs, ours, first);

    expect([told.holds, told.isTheirs, told.sent]).toEqual([holds, isTheirs, sent]);
    expect(told.link.got.subject).toBe(theirs);
  });

  it('keeps what stands here where nothing does there, and nothing has no meaning', () => {
    const place = pairing('vendor');
    const mute = { ...place, mapping: { ...place.mapping, interpret: () => ({}) } };
    const scene = ticketScene({ place: mute, fields: { subject: 'ours' } });

    expect(meet(scene, 'subject', { subject: null }, WHEN)).toBe(false);

    expect(scene.record.fields.subject).toBe('ours');
    expect(scene.link.sent).not.toHaveProperty('subject');
  });

  it('takes a vendor’s own word for nothing as nothing', () => {
    const place = pairing('vendor');
    const nothing = { ...place, mapping: { ...place.mapping, interpret: () => ({ subject: null }) } };
    const scene = ticketScene({ place: nothing, fields: { subject: 'ours' } });

    expect(meet(scene, 'subject', { subject: '--None--' }, WHEN)).toBe(false);

    expect(scene.record.fields.subject).toBe('ours');
    expect(scene.link.sent).not.toHaveProperty('subject');
  });

  it('leaves a word without meaning to the vendor where no rule says who comes first', () => {
    const place = { ...deskPlace(), mapping: pairing().mapping };
    const scene = ticketScene({ place, fields: { subject: 'ours' } });

    expect(meet(scene, 'subject', { subject: 'Weird' }, WHEN)).toBe(false);

    expect(scene.record.fields.subject).toBe('ours');
    expect(scene.link.sent.subject).toBe('ours');
  });

  it('gives the field its base, and others stay without', () => {
    expect(met('theirs', 'ours', 'hub', ['subject', 'priority']).link.unbased).toEqual(['priority']);
    expect(met('theirs', 'ours', 'hub', ['subject']).link).not.toHaveProperty('unbased');
    expect(met('theirs', 'ours', 'hub').link).not.toHaveProperty('unbased');
  });

  it('that the vendor wins is its doing, at its time', () => {
    expect(met('theirs', 'ours').record.provenance.subject).toMatchObject({
      ...WHEN,
      source: 'desk',
      actor: 'vendor:desk',
    });
    expect(met('theirs', 'ours', 'hub').record.provenance.subject?.actor).toBe('ada');
  });

  it('leaves a value that had to go in the journal, with what replaced it', () => {
    const loss = { record: 'ticket-1', field: 'subject', policy: 'first direction' };

    expect(met('theirs', 'ours', 'vendor').losses).toMatchObject([
      {
        ...loss,
        lost: 'ours',
        lostBy: 'ada',
        lostAtMs: 7,
        kept: 'theirs',
        keptBy: 'vendor:desk',
        why: 'the field is newly mapped, and starts from the vendor',
      },
    ]);
    expect(met('theirs', 'ours', 'hub').losses).toMatchObject([
      { ...loss, lost: 'theirs', lostBy: 'vendor:desk', lostAtMs: 60_000, kept: 'ours', keptBy: 'ada' },
    ]);
    expect(met('Weird', 'ours', 'hub').losses).toMatchObject([{ lost: 'Weird' }]);
  });

  it.each<[FieldValue, FieldValue, FieldRule['first']]>([
    ['alike', 'alike', 'hub'],
    ['', 'ours', 'vendor'],
    ['theirs', '', 'hub'],
    [null, 'ours', 'hub'],
    ['Weird', 'ours', 'vendor'],
  ])('loses nothing between %j and %j', (theirs, ours, first) => {
    expect(met(theirs, ours, first).losses).toEqual([]);
  });

  it('takes a value of which nobody is known for the hub’s, of now', () => {
    const scene = ticketScene({ place: pairing('vendor'), fields: { subject: 'ours' } });

    meet(scene, 'subject', { subject: 'theirs' }, WHEN);

    expect(scene.tree.losses).toMatchObject([{ lostBy: 'hub', lostAtMs: NOW_MS }]);
  });

  it.each(['hub', 'vendor'] as const)('keeps nothing where both are alike, starting from %s', (first) => {
    expect(met('alike', 'alike', first)).toMatchObject({ holds: 'alike', losses: [] });
  });
});
