import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { childFrom, fill, fillOrLeave, rootFrom, shellFrom } from '../../../shared/sync/creation.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Place } from '../../../shared/sync/places.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { around, deskPlace, documentedBy, NOW_MS, seenTicket, ticketScene } from './scenes.ts';
import { seen, version } from './seen.ts';
import { unreadTicket } from './unread-ticket.ts';

const externalId = 'case-1' as ExternalId;
const met = { kind: 'ticket', externalId, atMs: 60_000 } as const;
const mappedAt = (version: number): Place => documentedBy(deskPlace(), { version, kinds: {} });
const channel = (): Place => {
  const place = deskPlace();
  return { ...place, manifest: { ...place.manifest, isCustomerVisible: true } };
};

describe('a record first met at a vendor', () => {
  it('begins when its vendor says, with the copy it came from', () => {
    const place = deskPlace();

    const { root, changes } = rootFrom(met, place, around(place));

    expect(root).toMatchObject({
      kind: 'ticket',
      createdAtMs: 60_000,
      updatedAtMs: NOW_MS,
      childCount: 0,
      lanes: { desk: { link: { origin: 'theirs', externalId, linkedAtMs: NOW_MS } } },
    });
    expect(changes).toEqual([
      { record: root.id, kind: 'ticket', what: 'created', fields: {}, source: 'desk', actor: 'vendor:desk' },
    ]);
  });

  it('begins now where its vendor’s clock is ahead', () => {
    const place = deskPlace();

    expect(rootFrom({ ...met, atMs: NOW_MS + 1 }, place, around(place)).root.createdAtMs).toBe(NOW_MS);
  });

  it.each([
    ['is noted under the mapping of its connection', 3, 'ticket', 3],
    ['is noted under none where the mapping is the integration’s own', 0, 'ticket', undefined],
    ['is noted under none where its kind has no mapping', 3, 'attachment', undefined],
  ] as const)('%s', (_rule, at, kind, noted) => {
    const place = mappedAt(at);

    expect(rootFrom({ ...met, kind }, place, around(place)).root.lanes.desk?.link.mapping).toBe(noted);
  });

  it('waits to be read where only its id is known', () => {
    const place = deskPlace();

    const { root } = shellFrom(met, place, around(place));

    expect(root.unread).toBe('desk');
    expect(root.lanes.desk?.link.needsRead).toBe(true);
  });

  it('waits for nothing where it cannot be read', () => {
    const place = deskPlace({ canRead: false });

    const { root } = shellFrom(met, place, around(place));

    expect(root).not.toHaveProperty('unread');
    expect(root.lanes.desk?.link).not.toHaveProperty('needsRead');
  });
});

describe('a comment first met at a vendor', () => {
  function child(
    o: Partial<Observation>,
    { place = deskPlace(), contact }: { place?: Place; contact?: RecordId } = {},
  ) {
    const { tree } = ticketScene({ place });
    const made = childFrom(tree, seenComment(o), place, around(place), contact);
    return { made, tree };
  }

  it('is its root’s, with the copy it came from and its place in its source’s order', () => {
    const { made, tree } = child({ order: '0007' });

    expect(made).toMatchObject({
      kind: 'comment',
      root: 'ticket-1',
      createdAtMs: 60_000,
      updatedAtMs: NOW_MS,
      visibility: 'public',
      source: 'desk',
      order: '0007',
      position: '000000000060000~0007~000000001',
      links: { desk: { origin: 'theirs', externalId: 'note-1', linkedAtMs: NOW_MS } },
    });
    expect(tree.children.get(made.id)).toBe(made);
    expect(tree.root.childCount).toBe(1);
    expect(tree.changes).toMatchObject([{ record: made.id, kind: 'comment', what: 'created' }]);
  });

  it('was never said later than now', () => {
    const { made } = child({ atMs: NOW_MS + 1 });

    expect(made.createdAtMs).toBe(NOW_MS);
    expect(made.position).toBe('000000000100000~~000000001');
    expect(made).not.toHaveProperty('order');
  });

  it('is internal where nobody says otherwise (invariant 7)', () => {
    const { visibility: _public, ...silent } = seenComment({});
    const { tree, place } = ticketScene({});

    expect(childFrom(tree, silent, place, around(place), undefined).visibility).toBe('internal');
  });

  it.each([
    ['an agent in a connector', deskPlace(), 'agent'],
    ['a customer in a channel', channel(), 'customer'],
  ])('is by %s where its vendor does not tell', (_who, place, role) => {
    expect(child({}, { place }).made.author).toStrictEqual({ role });
  });

  it('is by whom its vendor names, known to the hub or not', () => {
    const author = { role: 'customer', name: 'Ada' } as const;

    expect(child({ author }).made.author).toStrictEqual(author);
    expect(child({ author }, { contact: 'contact-1' as RecordId }).made.author).toStrictEqual({
      ...author,
      contact: 'contact-1',
    });
  });
});

describe('the first whole state of a copy', () => {
  const whole = { subject: 'printer', status: 'open', priority: 'high' };

  it('is the record’s, and the base of all that comes later', () => {
    const scene = unreadTicket();
    scene.link.since = { subject: { atMs: 1 } };

    fill(scene, seen(whole), undefined);

    expect(scene.record.fields).toEqual(whole);
    expect(scene.record.provenance.subject).toEqual({
      source: 'desk',
      actor: 'vendor:desk',
      fromMs: 55_000,
      toMs: 60_000,
    });
    expect(scene.record).not.toHaveProperty('unread');
    expect(scene.link).toMatchObject({
      sent: whole,
      got: whole,
      gotVersion: version(6),
      gotAtMs: 60_000,
      met: { atMs: 60_000, version: version(6) },
    });
    for (const past of ['needsRead', 'since']) expect(scene.link).not.toHaveProperty(past);
  });

  it('was never set later than now, nor begins after its end', () => {
    const scene = unreadTicket();
    scene.record.createdAtMs = NOW_MS;

    fill(scene, seen(whole, { atMs: 90_000, receivedAtMs: 70_000 }), undefined);

    expect(scene.record.provenance.subject).toMatchObject({ fromMs: 70_000, toMs: 70_000 });
  });

  it('keeps the version and time it knows where it tells of none, or of earlier ones', () => {
    const scene = unreadTicket();
    Object.assign(scene.link, { gotVersion: version(5), gotAtMs: 80_000 });

    fill(scene, seen(whole, { version: undefined }), undefined);

    expect(scene.link).toMatchObject({ gotVersion: version(5), gotAtMs: 80_000 });
  });

  it('has what a first look tells besides, unless it tells better itself', () => {
    const scene = unreadTicket();

    fill(scene, seen({ subject: 'printer' }), { subject: 'a thread', status: 'pending' });

    expect(scene.record.fields).toMatchObject({ subject: 'printer', status: 'pending' });
    expect(scene.link.got).toEqual({ subject: 'printer' });
  });

  it('of a comment has its visibility', () => {
    const scene = commentScene({});

    fill(scene, seen({ body: 'it is out', visibility: 'internal' }), undefined);

    expect(scene.record).toMatchObject({ visibility: 'internal', fields: { body: 'it is out' } });
    expect(scene.record.fields).toEqual({ body: 'it is out' });
  });

  describe('of a conversation without subject or status', () => {
    const filled = (fields: Record<string, string | null>) => {
      const scene = unreadTicket();
      fill(scene, seen(fields), undefined);
      return scene.record as Root;
    };

    it('is a new ticket under its first line, by the hub', () => {
      const { fields, provenance } = filled({ description: 'My lamp is dark\nPlease help' });

      expect(fields).toMatchObject({ subject: 'My lamp is dark', status: 'new', priority: 'normal' });
      expect(provenance.subject).toMatchObject({ source: 'hub', actor: 'hub', toMs: 60_000 });
    });

    it('has none of that written to its own copy', () => {
      const scene = unreadTicket();

      fill(scene, seen({ description: 'My lamp is dark' }), undefined);

      expect(needOf(scene)).toBe('none');
    });

    it('has a subject of 120 characters at most, and one in any case', () => {
      expect(filled({ description: 'x'.repeat(500) }).fields.subject).toBe('x'.repeat(120));
      expect(filled({ description: '\nsecond line' }).fields.subject).toBe('Conversation');
      expect(filled({}).fields.subject).toBe('Conversation');
    });

    it('has them where they are empty, and keeps its own', () => {
      expect(filled({ subject: '', status: null, priority: 'low' }).fields).toMatchObject({
        subject: 'Conversation',
        status: 'new',
        priority: 'low',
      });
    });

    it('has no priority where its vendor says so: its own copy is not said to differ', () => {
      const scene = unreadTicket();

      fill(scene, seen({ subject: 'printer', priority: null }), undefined);

      expect(scene.record.fields.priority).toBeNull();
      expect(scene.link.sent.priority).toBeNull();
    });
  });
});

describe('a first observation', () => {
  function first(o: Partial<Observation>, place = deskPlace()) {
    const tree = rootFrom(met, place, around(place));
    fillOrLeave(tree, tree.root, seenTicket(o), place, around(place), undefined);
    return tree.root;
  }

  it('fills the record where it is whole', () => {
    expect(first({})).toMatchObject({ fields: { subject: 'printer' } });
    expect(first({})).not.toHaveProperty('unread');
  });

  it.each([
    ['in part only', { isComplete: false }, deskPlace()],
    ['that asks for a read', { needsRead: true as const }, deskPlace()],
    ['made under another mapping', {}, mappedAt(3)],
  ])('leaves it to be read, no older than this, where it is one %s', (_which, o, place) => {
    const root = first(o, place);

    expect(root).toMatchObject({ unread: 'desk', fields: {} });
    expect(root.lanes.desk?.link).toMatchObject({ needsRead: true, gotVersion: version(6) });
  });

  it('fills the record as far as it goes where nothing can be read', () => {
    expect(first({ isComplete: false }, deskPlace({ canRead: false }))).toMatchObject({
      fields: { subject: 'printer' },
    });
  });

  it('made under the same mapping is whole', () => {
    expect(first({ mapping: 3 }, mappedAt(3))).not.toHaveProperty('unread');
  });
});
