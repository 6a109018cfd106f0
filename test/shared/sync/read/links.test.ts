import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../../shared/domain/index.ts';
import { rootView } from '../../../../shared/sync/read/root-view.ts';
import { newLane } from '../../../../shared/sync/scene.ts';
import type { Lane, Link, Root, Wake } from '../../../../shared/sync/state.ts';
import { around, deskPlace, knowing, pendingUpdate, ticketScene } from '../scenes.ts';

const aside = { id: 'p', cause: 'rejected' } as never;
const wake = { id: 'w', dueAtMs: 1 } as unknown as Wake;
const viewed = (root: Root, place = deskPlace()) => rootView(root, around(place).places);
const linkOf = (link: Partial<Link>, lane: Partial<Lane> = {}, place = deskPlace()) =>
  viewed(ticketScene({ link, lane }).tree.root, place).links[0];

describe('what is told of a record’s copy', () => {
  it.each<[string, string, Partial<Link>, Partial<Lane>]>([
    ['settled', 'all that was wanted is there', {}, { want: 2, reached: 2 }],
    ['behind', 'a newer revision is wanted there', {}, { want: 2, reached: 1 }],
    ['behind', 'a write is under way', {}, { pending: pendingUpdate({}) }],
    ['behind', 'a write is due', {}, { wake }],
    ['parked', 'it is set aside', { parked: aside }, { wake }],
    ['parked', 'the way there is shut', {}, { parked: aside, wake }],
    ['gone', 'it was deleted there', { dead: { atMs: 1 }, parked: aside }, {}],
    ['merged', 'the vendor made one of two', { mergedInto: '5' as ExternalId, dead: { atMs: 1 } }, {}],
  ])('is %s where %s', (state, _why, link, lane) => {
    expect(linkOf(link, lane)).toEqual({
      connection: 'desk',
      integration: 'desk',
      facet: 'ticket',
      externalId: 'case-1',
      state,
    });
  });

  it('is nothing of a connection that is gone, or where there is no copy and none to come', () => {
    const { root } = ticketScene({}).tree;
    const elsewhere = 'gone' as ConnectionId;
    const untold = { ...newLane('ours'), link: { ...newLane('ours').link } };

    expect(viewed({ ...root, lanes: { [elsewhere]: root.lanes.desk! } }).links).toEqual([]);
    expect(viewed({ ...root, lanes: { desk: untold } }).links).toEqual([]);
    expect(viewed({ ...root, lanes: { desk: { ...untold, wake } } }).links).toMatchObject([
      { state: 'behind' },
    ]);
  });

  it('says as what it stands there; as a ticket, where its integration has come to know no such kind', () => {
    const { kinds } = deskPlace().manifest;
    const chat = knowing(deskPlace(), { ticket: { ...kinds.ticket!, facet: 'conversation' } });

    expect(linkOf({}, {}, chat)?.facet).toBe('conversation');
    expect(linkOf({}, {}, knowing(deskPlace(), {}))?.facet).toBe('ticket');
  });
});

describe('what is told of every record', () => {
  it('is what it holds, how often it was changed, and whether it is still there', () => {
    const { root } = ticketScene({}).tree;
    const view = {
      id: 'ticket-1',
      revision: 1,
      fields: { subject: 'printer', priority: 'low' },
      createdAtMs: 10_000,
      updatedAtMs: 10_000,
    };

    expect(viewed(root)).toMatchObject({ ...view, isDeleted: false });
    expect(viewed({ ...root, deleted: { atMs: 1, source: 'hub' } }).isDeleted).toBe(true);
  });
});
