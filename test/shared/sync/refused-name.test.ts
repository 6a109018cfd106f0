import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { takeOutcome } from '../../../shared/sync/outcome.ts';
import type { Pending } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { pendingUpdate, ticketScene } from './scenes.ts';

const named = { record: 'ada' as RecordId, externalId: 'contact-1' as ExternalId };
const error = new ProviderRejectedError('it is deleted', { vendorCode: 'ENTITY_IS_DELETED' });

describe('a write that names another object, and is refused', () => {
  it('asks anew whom it is to name: that one may have been merged into another', () => {
    const pending = pendingUpdate({ requester: 'contact-1' });
    const scene = ticketScene({ lane: { pending, referred: named } });

    takeOutcome(scene, pending, { outcome: 'refused', why: 'rejected', error }, 1);

    expect(scene.lane).not.toHaveProperty('referred');
  });

  it('keeps whom it names where somebody was quicker', () => {
    const pending = pendingUpdate({ requester: 'contact-1' });
    const scene = ticketScene({ lane: { pending, referred: named } });

    takeOutcome(scene, pending, { outcome: 'refused', why: 'conflict', error }, 1);

    expect(scene.lane.referred).toEqual(named);
  });

  it('is no comment: that names nobody, and is set aside', () => {
    const update = pendingUpdate({ body: 'it smokes' }, { record: 'comment-1' as RecordId });
    const pending = { ...update, change: { ...update.change, kind: 'comment' } as Pending['change'] };
    const scene = commentScene({ lane: { pending } });

    takeOutcome(scene, pending, { outcome: 'refused', why: 'rejected', error }, 1);

    expect(scene.link.parked).toMatchObject({ cause: 'rejected' });
  });

  it('keeps whom it names where it was about something else', () => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ lane: { pending, referred: named } });

    takeOutcome(scene, pending, { outcome: 'refused', why: 'rejected', error }, 1);

    expect(scene.lane.referred).toEqual(named);
  });
});
