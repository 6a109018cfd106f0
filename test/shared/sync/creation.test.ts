import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { fill, fillOrLeave, positionAmong, rootFrom, shellFrom } from '../../../shared/sync/creation.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Behind, Root } from '../../../shared/sync/state.ts';
import { mapped, SUBJECT } from './mapped-scene.ts';
import { around, deskPlace, knowing, seenTicket, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const DESK = 'desk' as ConnectionId;
const sibling = (said: Partial<Behind>): Behind => ({
  id: 'ticket-1.1' as RecordId,
  position: '000000000100500~~000000001',
  ...said,
});
/** The second child of a root whose first is still on its way. */
function rootWith(first: Behind): Root {
  const { root } = ticketScene({ lane: { behind: [first] } }).tree;
  root.childCount = 2;
  return root;
}

describe('creation: the place of a new child among its siblings', () => {
  it('is behind all that was said through the hub, whatever this function’s clock says', () => {
    const first = sibling({});

    expect(positionAmong(rootWith(first), { atMs: 100_000 }) > first.position).toBe(true);
  });

  it('is by its source’s own order, though its time is that of a later edit', () => {
    const first = sibling({ position: '000000000100500~2~000000001', source: DESK, order: '2' });
    const at = (atMs: number, order: string) => positionAmong(rootWith(first), { atMs, source: DESK, order });

    expect(at(100_000, '3') > first.position).toBe(true);
    expect(at(200_000, '1') < first.position).toBe(true);
  });

  it('is by its time among what was said elsewhere', () => {
    const first = sibling({ source: DESK, order: '2' });

    expect(positionAmong(rootWith(first), { atMs: 100_000 }) < first.position).toBe(true);
  });
});

describe('creation: a record first met', () => {
  const place = deskPlace();
  const first = (o = seenTicket({}), at = place) => {
    const tree = rootFrom({ ...o, kind: 'ticket' }, at, around(at));
    fillOrLeave(tree, tree.root, o, at, around(at), undefined);
    return tree.root;
  };
  const { version: _none, ...unversioned } = seenTicket({ isComplete: false });

  it('is left to be read where it was seen in part, under the version that was announced', () => {
    expect(first(seenTicket({ isComplete: false }))).toMatchObject({
      unread: 'desk',
      fields: {},
      lanes: { desk: { link: { needsRead: true, gotVersion: { source: 'desk', value: 6 } } } },
    });
    expect(first(unversioned).lanes.desk?.link).not.toHaveProperty('gotVersion');
  });

  it('is what it was seen to be where its vendor answers no reads of its kind', () => {
    const mute = knowing(place, {});

    expect(first(unversioned, mute)).toMatchObject({ fields: { subject: 'printer', priority: 'low' } });
    expect(first(unversioned, mute)).not.toHaveProperty('unread');
    expect(shellFrom({ ...seenTicket({}), kind: 'ticket' }, mute, around(mute)).root).not.toHaveProperty(
      'unread',
    );
  });

  it('is called by the first line of what was said, where it has no subject', () => {
    const subjectOf = (description: string | null) =>
      first(seenTicket({ fields: { description } })).fields.subject;

    expect(subjectOf('It burns\nall over\nthe place')).toBe('It burns');
    expect(subjectOf('x'.repeat(200))).toBe('x'.repeat(120));
    expect(subjectOf('\nIt burns')).toBe('Conversation');
    expect(subjectOf(null)).toBe('Conversation');
  });

  it('has the mapping’s default written where nothing stands', () => {
    const rule = { field: 'priority', vendorField: 'Priority', direction: 'both', default: 'P3' } as const;
    const scene = ticketScene({ place: mapped(1, [SUBJECT, rule]), link: { mapping: 1 } });

    fill(scene, seen({ subject: 'printer', priority: 'low' }), undefined);
    expect(needOf(scene)).toBe('none');

    fill(scene, seen({ subject: 'printer', priority: null }), undefined);
    expect(needOf(scene)).toBe('update');
  });
});
