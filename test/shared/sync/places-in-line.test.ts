import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { positionAmong } from '../../../shared/sync/creation.ts';
import type { Line, Root } from '../../../shared/sync/state.ts';
import { ticketScene } from './scenes.ts';

const [CHAT, DESK] = ['chat' as ConnectionId, 'desk' as ConnectionId];
const rootNow = (more: Partial<Root> = {}): Root => ({ ...ticketScene({}).tree.root, ...more });
/** When, by its place, a comment was said. */
const timeOf = (position: string) => Number(position.slice(0, 15));
const said = (root: Root, atMs: number, order?: string, source: ConnectionId | undefined = CHAT) =>
  timeOf(positionAmong(root, { atMs, order, ...(source === undefined ? {} : { source }) }));
const byHub = (root: Root, atMs: number) => timeOf(positionAmong(root, { atMs }));
const waiting = (atMs: number, order?: string, source = CHAT): Line['behind'][number] => ({
  id: `c-${atMs}` as RecordId,
  position: String(atMs).padStart(15, '0'),
  source,
  ...(order === undefined ? {} : { order }),
});

describe('the place of a comment', () => {
  it('is by when it was said, then its source’s order, then as they came', () => {
    expect(positionAmong(rootNow({ childCount: 3 }), { atMs: 70, source: CHAT, order: 'b' })).toBe(
      '000000000000070~b~000000003',
    );
    expect(positionAmong(rootNow(), { atMs: -5, source: CHAT })).toBe('000000000000000~~000000000');
  });

  it('is among those of its source by their order, whatever their times say', () => {
    const root = () => rootNow({ early: { behind: [waiting(50, 'b'), waiting(90, 'd')] } });

    expect(said(root(), 20, 'c')).toBe(50);
    expect(said(root(), 70, 'c')).toBe(70);
    expect(said(root(), 95, 'c')).toBe(90);
    expect(said(root(), 95, 'e')).toBe(95);
    expect(said(root(), 20, 'b')).toBe(50);
  });

  it('is by its own time where it has no order, or the others have none, or are of another source', () => {
    const line = [waiting(50, 'b')];

    expect(said(rootNow({ early: { behind: line } }), 20)).toBe(20);
    expect(said(rootNow({ early: { behind: [waiting(50)] } }), 20, 'c')).toBe(20);
    expect(said(rootNow({ early: { behind: line } }), 20, 'c', DESK)).toBe(20);
  });

  it('counts those in a lane’s line as those who came before there were lanes', () => {
    const root = rootNow();
    root.lanes.desk!.behind = [waiting(50, 'b')];

    expect(said(root, 20, 'c')).toBe(50);
  });

  it('is after all the hub said itself, whatever its function’s clock says', () => {
    const root = rootNow();

    expect(byHub(root, 100)).toBe(100);
    expect(byHub(root, 90)).toBe(100);
    expect(byHub(root, 120)).toBe(120);
    expect(said(root, 10)).toBe(10);
  });
});

describe('the newest comment of a source', () => {
  it('is remembered past the line it stood in, by its order', () => {
    const root = rootNow();

    said(root, 50, 'b');
    expect(root.newest).toEqual({ chat: { atMs: 50, order: 'b' } });
    said(root, 40, 'a');
    expect(root.newest).toEqual({ chat: { atMs: 50, order: 'b' } });
    said(root, 60, 'c');
    expect(root.newest).toEqual({ chat: { atMs: 60, order: 'c' } });
    expect(said(root, 20, 'd')).toBe(60);
  });

  it('is no comment of a source that tells no order', () => {
    const root = rootNow();

    said(root, 50);

    expect(root).not.toHaveProperty('newest');
  });

  it('is each source’s own, the hub’s among them', () => {
    const root = rootNow();

    said(root, 50, 'b');
    said(root, 70, 'a', DESK);
    byHub(root, 90);

    expect(root.newest).toStrictEqual({
      chat: { atMs: 50, order: 'b' },
      desk: { atMs: 70, order: 'a' },
      hub: { atMs: 90 },
    });
  });

  it('of one order twice is the later heard of', () => {
    const root = rootNow();

    said(root, 50, 'b');
    said(root, 70, 'b');

    expect(root.newest?.chat).toEqual({ atMs: 70, order: 'b' });
  });
});
