import { describe, expect, it } from 'vitest';
import type { FieldRule, Observation } from '../../../shared/ports/index.ts';
import { adoptMapping, comparable, UNMAPPABLE } from '../../../shared/sync/adopt.ts';
import type { Place } from '../../../shared/sync/places.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Heard, Link, Parked, Written } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, documentedBy, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const rule = (field: string, more: Partial<FieldRule> = {}): FieldRule => ({
  field,
  vendorField: field,
  direction: 'both',
  ...more,
});
/** A desk under a document of its own: the subject as ever, the priority paired anew in version 2. */
function mapped(version = 2, rules = [rule('subject'), rule('priority', { since: 2 })]): Place {
  return documentedBy(deskPlace(), { version, kinds: { ticket: { rules } } });
}
const both = { subject: 'printer', priority: 'low' };
/** A link noted under version 1, met under what the place holds by. */
const met = (link: Partial<Link>, place = mapped()): Link =>
  ticketScene({ place, link: { mapping: 1, ...link } }).link;

describe('a link under a newer mapping', () => {
  it('forgets all that was known of a field paired anew, and of no other', () => {
    const written: Written[] = [{ value: 'x', base: { atMs: 1 } }];
    const heard: Heard = { fields: both, atMs: 5, authorship: 'other' };
    const unjudged = pendingUpdate(both);

    const link = met({
      since: { subject: { atMs: 1 }, priority: { atMs: 2 } },
      written: { subject: written, priority: written },
      unshown: {
        subject: 'written',
        priority: 'written',
      },
      unsettled: { subject: 1, priority: 2 },
      wrote: { fields: both, base: { atMs: 1 } },
      superseded: [both],
      creations: [both],
      heard: [heard],
      unjudged,
    });

    const subject = { subject: 'printer' };
    expect(link).toMatchObject({ mapping: 2, needsRead: true, unbased: ['priority'] });
    expect([link.sent, link.got]).toEqual([subject, subject]);
    expect(link.since).toEqual({ subject: { atMs: 1 } });
    expect(link.written).toEqual({ subject: written });
    expect(link.unshown).toEqual({ subject: 'written' });
    expect(link.unsettled).toEqual({ subject: 1 });
    expect(link.wrote).toEqual({ fields: subject, base: { atMs: 1 } });
    expect(link.superseded).toEqual([subject]);
    expect(link.creations).toEqual([subject]);
    expect(link.heard).toEqual([{ ...heard, fields: subject }]);
    expect(link.unjudged).toEqual({ ...unjudged, change: { ...unjudged.change, fields: subject } });
  });

  it('makes up nothing that it never knew', () => {
    const known = Object.keys(met({}));

    const names = ['since', 'written', 'unshown', 'unsettled', 'wrote', 'superseded', 'creations', 'heard'];
    for (const name of [...names, 'unjudged']) expect(known).not.toContain(name);
  });

  it('asks nobody about a field paired anew any more', () => {
    const question = { id: 'q' } as NonNullable<Link['asked']>[string];
    const scene = ticketScene({
      place: mapped(),
      link: { mapping: 1, asked: { subject: question, priority: question } },
    });

    expect(scene.link.asked).toEqual({ subject: question });
    expect(scene.tree.unparked).toEqual(['q']);
  });

  it.each([
    [UNMAPPABLE, []],
    ['RULE', ['rejected']],
  ])('is a way back for what failed as %s', (code, left) => {
    const parked = { id: 'p', cause: 'rejected', code } as Parked;
    const scene = ticketScene({ place: mapped(), link: { mapping: 1, parked } });

    expect([scene.link.parked?.cause ?? []].flat()).toEqual(left);
    expect(scene.tree.unparked).toEqual(left.length === 0 ? ['p'] : []);
  });

  it('keeps the pairs that still have no base, and drops those that are gone', () => {
    const rules = [rule('subject'), rule('priority')];

    expect(met({ unbased: ['priority', 'gone'] }, mapped(2, rules)).unbased).toEqual(['priority']);
    expect(met({ unbased: ['gone'] }, mapped(2, rules))).not.toHaveProperty('unbased');
    expect(met({ unbased: ['priority'] }).unbased).toEqual(['priority']);
  });

  it('needs no read where there is nothing new to be read, or nobody to read', () => {
    expect(met({}, mapped(2, [rule('subject'), rule('priority')]))).not.toHaveProperty('needsRead');

    const dead = met({ dead: { atMs: 1 } });
    expect(dead).toMatchObject({ unbased: ['priority'] });
    expect(dead).not.toHaveProperty('needsRead');
  });

  it('has no base to miss where there is no copy, or none has been read', () => {
    const uncopied = ticketScene({ place: mapped(), link: { mapping: 2 } });
    delete uncopied.link.externalId;
    uncopied.link.mapping = 1;
    const unread = ticketScene({ place: mapped(), link: { mapping: 2 } });
    unread.record.unread = unread.place.connection.id;
    unread.link.mapping = 1;

    for (const scene of [uncopied, unread]) {
      adoptMapping(scene);

      expect(scene.link).toMatchObject({ mapping: 2 });
      expect(scene.link).not.toHaveProperty('unbased');
      expect(scene.link).not.toHaveProperty('needsRead');
    }
  });

  it('is for those alone whose fields are paired, and waits for a request under way', () => {
    const pending = pendingUpdate({});

    expect(commentScene({ place: mapped(), link: { mapping: 1 } }).link.mapping).toBe(1);
    expect(ticketScene({ place: mapped(), link: { mapping: 1 }, lane: { pending } }).link.mapping).toBe(1);
    expect(met({ mapping: 3 }).mapping).toBe(3);
  });
});

describe('a link whose fields are paired by its integration alone', () => {
  const plain = deskPlace();
  const mapping = { version: 2, kinds: {}, deletions: { comment: 'ignore' } } as const;
  const chosen = { ...plain, connection: { ...plain.connection, mapping } };

  it('stands under no version of the document in which its owner has chosen policies', () => {
    const scene = ticketScene({ place: chosen, link: { got: both } });
    const seen = seenTicket({ fields: both });

    expect(scene.link).not.toHaveProperty('mapping');
    expect(scene.link.got).toEqual(both);
    expect(comparable(scene, seen)).toBe(seen);
  });
});

describe('a value that still means what the record holds', () => {
  /** What counts as sent of the subject, where the copy's says `stands` and the mapping writes so. */
  const sentOf = (stands: string, project: Place['mapping']['project'], means = (raw: string) => raw) => {
    const place = mapped(2, [rule('subject'), rule('priority')]);
    const interpret: Place['mapping']['interpret'] = (_kind, { subject }) =>
      means(String(subject)) === '' ? {} : { subject: means(String(subject)) };
    const mapping = { ...place.mapping, project, interpret };
    return met({ got: { subject: stands }, sent: { subject: 'as it was sent' } }, { ...place, mapping }).sent
      .subject;
  };

  it('is not written again in the new words', () => {
    expect(sentOf('printer', () => ({ subject: 'new word' }))).toBe('new word');
  });

  it('is written where it means another, or nothing', () => {
    expect(sentOf('scanner', () => ({ subject: 'new word' }))).toBe('as it was sent');
    expect(
      sentOf(
        'printer',
        () => ({ subject: 'new word' }),
        () => '',
      ),
    ).toBe('as it was sent');
  });

  it('stays as sent where the mapping writes nothing', () => {
    expect(sentOf('printer', () => ({}))).toBe('as it was sent');
    expect(sentOf('printer', () => undefined)).toBe('as it was sent');
  });

  it('that means nothing is not taken for a value that the record lacks', () => {
    const place = mapped(2, [rule('subject'), rule('note')]);
    const mapping = { ...place.mapping, interpret: () => ({}), project: () => ({ note: null }) };

    expect(met({ got: { note: 'Weird' }, sent: {} }, { ...place, mapping }).sent).not.toHaveProperty('note');
  });
});

describe('an observation, as a link can compare it', () => {
  const seen = seenTicket({ fields: both, mapping: 2 });
  const of = (
    o: Observation,
    {
      link = {},
      place = mapped(),
      atRead = false,
    }: { link?: Partial<Link>; place?: Place; atRead?: boolean } = {},
  ) => {
    const scene: Scene = ticketScene({ place, link: { mapping: 2, ...link } });
    Object.assign(scene.link, link);
    return comparable(scene, o, atRead ? { atRead: true } : {});
  };

  it('is itself where both are of the present mapping', () => {
    expect(of(seen)).toBe(seen);
    const { mapping: _none, ...fixed } = seen;
    const link = ticketScene({ place: deskPlace() });
    expect(comparable(link, fixed)).toBe(fixed);
  });

  it('is itself where its kind is not paired', () => {
    const comment = { ...seen, kind: 'comment' as const, mapping: 1 };

    expect(of(comment)).toBe(comment);
  });

  it('says nothing, and asks for a read, where the link is of a newer mapping than we know', () => {
    expect(of(seen, { link: { mapping: 3 } })).toEqual({
      ...seen,
      fields: {},
      isComplete: false,
      needsRead: true,
    });
  });

  it.each([
    ['made under an older mapping', { ...seen, mapping: 1 }, 2],
    ['of a link still under an older one', seen, 1],
    ['made before there were any', seenTicket({ fields: both }), 2],
  ])('is less than whole, without what is paired anew: %s', (_what, o, mapping) => {
    const pending = pendingUpdate({});
    const scene = ticketScene({ place: mapped(), link: { mapping }, lane: { pending } });

    expect(comparable(scene, o)).toEqual({ ...o, fields: { subject: 'printer' }, isComplete: false });
  });

  it('is without what has no base yet, unless it is the read that gives it one', () => {
    const link = { unbased: ['priority'] };

    expect(of(seen, { link })).toEqual({ ...seen, fields: { subject: 'printer' } });
    expect(of(seen, { link, atRead: true })).toEqual(seen);
  });

  it('is without what no rule pairs, and no more whole than it was', () => {
    const link = { unbased: ['priority'] };
    const partial = { ...seen, fields: { subject: 'printer', colour: 'red' }, isComplete: false };

    expect(of(partial, { link, atRead: true })).toEqual({ ...partial, fields: { subject: 'printer' } });
  });
});
