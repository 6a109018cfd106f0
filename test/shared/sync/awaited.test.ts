import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { hasWork } from '../../../shared/sync/fan-out.ts';
import { awaited, isOutOfSight, needOf } from '../../../shared/sync/need.ts';
import { nextStep } from '../../../shared/sync/reconcile.ts';
import type { Lane } from '../../../shared/sync/state.ts';
import { contactDesk, knowing, ticketScene } from './scenes.ts';

const progress = {
  fresh: undefined,
  unmatched: undefined,
  named: undefined,
  unlisted: undefined,
  transfer: 'transfer-1',
};
const ADA = 'contact-1' as RecordId;

/** Its copy was written while nobody was known to have asked; now somebody is. */
function scene(lane: Partial<Lane> = {}, place = contactDesk()) {
  const link = { sent: { subject: 'printer', priority: 'low', requester: null } };
  return ticketScene({ place, fields: { requester: ADA }, link, lane });
}

describe('need: the requester of a ticket whose copy names nobody', () => {
  it('is looked for, though until then there is nothing to name', () => {
    const { tree, place, around } = scene();
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

  it.each([
    ['whose tickets name none', contactDesk({})],
    ['that lets nobody write them', contactDesk({ requester: { writable: 'never' } })],
    ['without contacts', knowing(contactDesk(), { ticket: contactDesk().manifest.kinds.ticket! })],
    ['without tickets', knowing(contactDesk(), { contact: contactDesk().manifest.kinds.contact! })],
  ])('is nobody’s to wait for at a place %s', (_where, place) => {
    const at = scene({}, place);

    expect(awaited(at)).toBeUndefined();
    expect(needOf(at)).toBe('none');
  });

  it('is waited for by the hub’s own copy where others’ are not its to write', () => {
    const own = contactDesk({ requester: { writable: 'own' } });
    const [ours, theirs] = [scene({}, own), scene({}, own)];
    theirs.link.origin = 'theirs';

    expect([ours, theirs].map(awaited)).toEqual([ADA, undefined]);
  });

  it('keeps nothing waiting that the copy lacks beside it', () => {
    const waiting = scene({ waitsFor: ADA });
    waiting.record.fields.subject = 'fire';
    waiting.link.sent.requester = 'whoever it was';
    const { tree, lane, place, around } = waiting;

    expect(hasWork(tree, lane, place, around)).toBe(true);
    expect(nextStep(tree, place, around, { ...progress, fresh: waiting.record.id })).toMatchObject({
      do: 'write',
      change: { operation: 'update', fields: { subject: 'fire' } },
    });
    expect(
      needOf({ ...waiting, link: { ...waiting.link, sent: { ...waiting.link.sent, subject: 'fire' } } }),
    ).toBe('none');
  });

  it('keeps no read waiting, and no removal', () => {
    const [read, removal] = [scene({ waitsFor: ADA }), scene({ waitsFor: ADA })];
    read.link.needsRead = true;
    removal.record.deleted = { atMs: 1, source: 'hub' };

    for (const { tree, lane, place, around } of [read, removal])
      expect(hasWork(tree, lane, place, around)).toBe(true);
    expect(nextStep(removal.tree, removal.place, removal.around, progress)).toMatchObject({
      do: 'write',
      change: { operation: 'delete' },
    });
  });

  it('is out of sight where it could not be read where it was met', () => {
    const { root } = ticketScene({ link: { parked: { cause: 'unseen' } as never } }).tree;
    const at = (unread: string) => isOutOfSight({ ...root, unread: unread as ConnectionId });

    expect(at('desk')).toBe(true);
    expect(at('elsewhere')).toBe(false);
    expect(isOutOfSight(root)).toBe(false);
    expect(isOutOfSight({ ...ticketScene({}).tree.root, unread: 'desk' as ConnectionId })).toBe(false);
  });
});
