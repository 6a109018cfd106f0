import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { positionAmong } from '../../../shared/sync/creation.ts';
import type { Behind, Root } from '../../../shared/sync/state.ts';
import { ticketScene } from './scenes.ts';

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
