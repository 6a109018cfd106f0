import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { isProofOf } from '../../../shared/sync/proof.ts';
import { withdrawQuestion } from '../../../shared/sync/question.ts';
import { markSent, unsent } from '../../../shared/sync/sent.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { seen, version } from './seen.ts';

describe('an event proves a request in doubt', () => {
  const pending = pendingUpdate({ subject: 'scanner', priority: 'high' });
  const both = { subject: ' scanner ', priority: 'high' };
  const byUs = { authorship: 'hub' } as const;
  /** Told under versions that cannot be compared with those of reads. */
  const unlike = (atMs: number) => ({ ...byUs, atMs, version: { source: 'event', value: 9 } });

  it('where it shows all that was sent, in the vendor’s own form, by our hand', () => {
    expect(isProofOf(ticketScene({}), pending, seen(both, byUs))).toBe(true);
    expect(isProofOf(ticketScene({}), pending, seen(both, { ...byUs, version: version(5) }))).toBe(true);
    expect(isProofOf(ticketScene({}), pending, seen(both, unlike(50_000)))).toBe(true);
  });

  it.each([
    ['of another hand', seen(both)],
    ['that shows a part of it', seen({ priority: 'high' }, byUs)],
    ['that shows something else', seen({ ...both, priority: 'low' }, byUs)],
    ['older than what it was decided on', seen(both, { ...byUs, version: version(4) })],
    ['older than that by its vendor’s clock, where versions cannot tell', seen(both, unlike(49_999))],
  ])('but not one %s', (_which, told) => {
    expect(isProofOf(ticketScene({}), pending, told)).toBe(false);
  });

  it('never one of a deletion, or of a request that set nothing', () => {
    const [record, { externalId }] = ['ticket-1' as RecordId, seenTicket({})];
    const change = {
      kind: 'ticket',
      operation: 'delete',
      record,
      externalId,
      fields: { subject: 'scanner' },
    } as const;

    expect(isProofOf(ticketScene({}), pendingUpdate({}, { change }), seen(both, byUs))).toBe(false);
    expect(isProofOf(ticketScene({}), pendingUpdate({}), seen(both, byUs))).toBe(false);
  });
});

describe('what a copy has been sent', () => {
  const question = {
    value: 'x',
    id: 'q',
    cause: 'asked',
    reason: 'r',
    fault: 'organization',
    atMs: 1,
    attempts: 0,
  } as const;

  it('is what the record would write in that field, and nothing where it writes none', () => {
    const place = deskPlace();
    const desk = { ...place, mapping: { ...place.mapping, project: () => ({ subject: 'as written' }) } };
    const scene = ticketScene({ place: desk, link: { sent: {} } });

    markSent(scene, 'subject');
    markSent(scene, 'priority');

    expect(scene.link.sent).toEqual({ subject: 'as written' });
  });

  it('is nothing where the record may not stand', () => {
    const place = deskPlace();
    const channel = { ...place, manifest: { ...place.manifest, isCustomerVisible: true } };
    const scene = commentScene({ place: channel, comment: { visibility: 'internal' }, link: { sent: {} } });

    markSent(scene, 'body');

    expect(scene.link.sent).toEqual({});
  });

  it('lacks what differs, but for what a person is asked about', () => {
    const wanted = { subject: 'printer', priority: 'high', status: null };
    const link = (more: Partial<Link>) =>
      ticketScene({ link: { sent: { subject: 'scanner' }, ...more } }).link;

    expect(unsent(wanted, link({}))).toEqual(['subject', 'priority']);
    expect(unsent(wanted, link({ asked: { subject: question } }))).toEqual(['priority']);
  });

  it('lacks nothing, where something stands that it is not known to have been sent', () => {
    const { link } = ticketScene({ link: { sent: {}, got: { subject: 'printer', priority: '' } } });

    expect(unsent({ subject: null, priority: null, status: null }, link)).toEqual(['subject']);
    expect(unsent({ subject: null }, { ...link, sent: { subject: null } })).toEqual([]);
  });

  it('has a question withdrawn once, and leaves the others', () => {
    const other = { ...question, id: 'p' };
    const scene = ticketScene({ link: { asked: { subject: question, priority: other } } });

    for (const field of ['subject', 'subject', 'status']) withdrawQuestion(scene, field);

    expect(scene.tree.unparked).toEqual(['q']);
    expect(scene.link.asked).toEqual({ priority: other });

    withdrawQuestion(scene, 'priority');
    withdrawQuestion(scene, 'priority');
    expect(scene.link).not.toHaveProperty('asked');
    expect(scene.tree.unparked).toEqual(['q', 'p']);
  });
});
