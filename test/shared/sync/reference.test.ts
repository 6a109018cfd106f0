import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import {
  lacksReference,
  referredBy,
  rememberReferred,
  withoutUnknown,
} from '../../../shared/sync/reference.ts';
import { contactDesk, deskPlace, ticketScene } from './scenes.ts';

const [ADA, GRACE] = ['contact-1', 'contact-2'] as RecordId[];
const [ADAS, GRACES] = ['c-1', 'c-2'] as ExternalId[];

const seen = (more: Partial<Observation>): Observation => ({
  kind: 'ticket',
  externalId: 'case-1' as ExternalId,
  authorship: 'other',
  atMs: 1,
  fields: { subject: 'printer' },
  isComplete: true,
  ...more,
});
const scene = (place = contactDesk()) =>
  ticketScene({ place, lane: { referred: { record: ADA!, externalId: ADAS! } } });

describe('reference: what an observation refers to', () => {
  it('is the record its claim names, or a new one that is to be read first', () => {
    const { place, around } = scene();
    const o = seen({ refersTo: GRACES! });

    expect(referredBy(o, { record: GRACE! }, place, around)).toEqual({
      referred: { record: GRACE, externalId: GRACES },
      trees: [],
      claims: [],
    });
    const { trees, claims, referred } = referredBy(o, undefined, place, around);
    expect(trees.map(({ root }) => [root.kind, root.unread])).toEqual([['contact', place.connection.id]]);
    expect(claims).toMatchObject([
      { kind: 'contact', externalId: GRACES, claim: { root: referred?.record } },
    ]);
  });

  it('is nothing where the place has no such objects, or the kind refers to none', () => {
    const { place, around } = scene(deskPlace());
    const none = { trees: [], claims: [] };

    expect(referredBy(seen({ refersTo: GRACES! }), undefined, place, around)).toEqual(none);
    expect(
      referredBy(seen({ kind: 'account', refersTo: GRACES! }), { record: GRACE! }, place, around),
    ).toEqual(none);
  });

  it('is the record’s where it has none yet, and its copy there is remembered either way', () => {
    const { tree, place } = scene();
    const o = seen({ refersTo: GRACES! });

    expect(lacksReference(tree, o)).toBe(true);
    rememberReferred(tree, o, { record: GRACE!, externalId: GRACES! }, place);
    expect(tree.root.fields.requester).toBe(GRACE);
    rememberReferred(tree, o, { record: ADA!, externalId: ADAS! }, place);

    expect(lacksReference(tree, o)).toBe(false);
    expect(tree.root.fields.requester).toBe(GRACE);
    expect(tree.root.lanes[place.connection.id]?.referred).toEqual({ record: ADA, externalId: ADAS });
  });

  it('is the vendor’s word, of when it was seen', () => {
    const { tree, place } = scene();

    rememberReferred(
      tree,
      seen({ refersTo: GRACES!, atMs: 7 }),
      { record: GRACE!, externalId: GRACES! },
      place,
    );

    expect(tree.root.provenance.requester).toEqual({
      fromMs: 7,
      toMs: 7,
      source: 'desk',
      actor: 'vendor:desk',
    });
  });

  it('is left to be judged like any field where the vendor states it as one', () => {
    const { tree, place } = scene();
    const o = seen({ refersTo: GRACES!, fields: { requester: 'c-2' } });

    rememberReferred(tree, o, { record: GRACE!, externalId: GRACES! }, place);

    expect(tree.root.fields).not.toHaveProperty('requester');
    expect(tree.root.lanes.desk?.referred).toEqual({ record: GRACE, externalId: GRACES });
  });

  it('is not remembered of a root where nothing is known of it, or where a comment names its author', () => {
    const { tree, place } = scene();

    rememberReferred(tree, seen({ refersTo: GRACES! }), undefined, place);
    rememberReferred(
      tree,
      seen({ kind: 'comment', refersTo: GRACES! }),
      { record: GRACE!, externalId: GRACES! },
      place,
    );

    expect(tree.root.lanes.desk?.referred).toEqual({ record: ADA, externalId: ADAS });
    expect(tree.root.fields).not.toHaveProperty('requester');
  });

  it('is not missed by what names nobody, nor by a comment’s author', () => {
    const { tree } = scene();

    expect(lacksReference(tree, seen({}))).toBe(false);
    expect(lacksReference(tree, seen({ kind: 'comment', refersTo: GRACES! }))).toBe(false);
  });
});

describe('reference: an answer that refers to', () => {
  const fields = { subject: 'printer', requester: 'c-2' };

  it('something new leaves that to a read, which makes it known first', () => {
    const known = scene();

    const told = withoutUnknown(known, seen({ refersTo: GRACES!, fields }));

    expect(told).toMatchObject({ fields: { subject: 'printer' }, isComplete: false });
    expect(told.fields).not.toHaveProperty('requester');
    expect(known.link.needsRead).toBe(true);
  });

  it('somebody leaves that to a read where nobody was known before', () => {
    const unknown = ticketScene({ place: contactDesk() });

    expect(withoutUnknown(unknown, seen({ refersTo: GRACES!, fields })).fields).not.toHaveProperty(
      'requester',
    );
    expect(unknown.link.needsRead).toBe(true);
  });

  it.each([
    ['what is known', { refersTo: ADAS!, fields: { requester: 'c-1' } }, contactDesk()],
    ['nothing', { fields: { requester: null } }, contactDesk()],
    [
      'its author, of a comment',
      { kind: 'comment', refersTo: GRACES!, fields: { body: 'x' } },
      contactDesk(),
    ],
    ['what the place has no objects of', { refersTo: GRACES!, fields }, deskPlace()],
  ] as [string, Partial<Observation>, Place][])('%s is taken whole', (_what, more, place) => {
    const here = scene(place);
    const o = seen(more);

    expect(withoutUnknown(here, o)).toBe(o);
    expect(here.link.needsRead).toBeUndefined();
  });
});
