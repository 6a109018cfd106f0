import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { nextStep } from '../../../shared/sync/reconcile.ts';
import type { Lane } from '../../../shared/sync/state.ts';
import { deskPlace, ticketScene } from './scenes.ts';

const ADA = 'contact-1' as RecordId;

/** A desk that knows requesters: a ticket's names the contact's copy, or nobody. */
function withContacts(): Place {
  const place = deskPlace({ fields: { subject: { writable: 'always' }, requester: { writable: 'always' } } });
  const { kinds } = place.manifest;
  return {
    ...place,
    manifest: { ...place.manifest, kinds: { ...kinds, contact: { ...kinds.ticket!, facet: 'contact' } } },
    mapping: {
      ...place.mapping,
      project: ({ fields, referredExternalId }) => ({ ...fields, requester: referredExternalId ?? null }),
    },
  };
}

/** Its copy was written while nobody was known to have asked; now somebody is. */
function scene(lane: Partial<Lane> = {}) {
  const link = { sent: { subject: 'printer', priority: 'low', requester: null } };
  return ticketScene({ place: withContacts(), fields: { requester: ADA }, link, lane });
}

describe('need: the requester of a ticket whose copy names nobody', () => {
  it('is looked for, though until then there is nothing to name', () => {
    const { tree, place, around } = scene();
    const progress = { fresh: undefined, unmatched: undefined, transfer: 'transfer-1' };

    expect(nextStep(tree, place, around, progress)).toEqual({ do: 'depend', on: ADA });
  });

  it.each([
    ['nothing while it is waited for', { waitsFor: ADA }, 'none'],
    ['an update once its copy is known', { referred: { record: ADA, externalId: 'c-1' as never } }, 'update'],
    [
      'nothing where it has no copy that could be named',
      { referred: { record: ADA, externalId: null } },
      'none',
    ],
  ])('needs %s', (_what, lane, need) => {
    expect(needOf(scene(lane))).toBe(need);
  });
});
