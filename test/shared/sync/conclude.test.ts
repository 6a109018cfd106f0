import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../functions/platform/api/schemas/events.ts';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { conclude } from '../../../shared/sync/conclude.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { Loss, RecordChange, Root } from '../../../shared/sync/state.ts';
import { ACME } from './hub.ts';

const [LEFT, RIGHT] = ['left' as ConnectionId, 'right' as ConnectionId];
const root: Root = {
  id: 'r1' as RecordId,
  kind: 'ticket',
  fields: {},
  provenance: {},
  revision: 4,
  createdAtMs: 1,
  updatedAtMs: 1,
  lanes: {},
  childCount: 0,
};
const change = (what: RecordChange['what'], source: ConnectionId): RecordChange => ({
  record: root.id,
  kind: 'ticket',
  what,
  fields: { subject: { from: 'a secret', to: 'another secret' } },
  source,
  actor: 'vendor:left',
});
const loss: Loss = {
  record: root.id,
  field: 'subject',
  lost: 'a secret',
  lostBy: 'user:ada',
  lostAtMs: 1,
  kept: 'another secret',
  keptBy: 'vendor:left',
  policy: 'newest',
  why: 'it is older',
};

function concluded(news: { changes?: RecordChange[]; losses?: Loss[]; unparked?: string[] }) {
  const tree = { ...treeOf(root), ...news };
  const around = { places: new Map(), rules: {} as never, nowMs: 9, newId: () => 'new' };
  return conclude(tree, ACME, around).history?.events ?? [];
}

describe('what a commit tells the bus', () => {
  it('has one id per event, also where two sources, or an edit and a deletion, meet in it (CloudEvents 1.0 §3.1.1)', () => {
    const events = concluded({
      changes: [change('updated', LEFT), change('updated', RIGHT), change('deleted', LEFT)],
      losses: [loss, loss],
      unparked: ['p1', 'p2'],
    });

    expect(events.slice(0, 3).map(({ id }) => id)).toEqual(['r1@5', 'r1@5.2', 'r1@5.3']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const { type } of events) expect(EVENT_TYPES).toContain(type);
  });

  it('names a losing value by its field, and never says it', () => {
    const [event] = concluded({ losses: [loss] });

    expect(event).toMatchObject({
      type: 'conflict.noted',
      data: { root: 'r1', record: 'r1', kind: 'ticket', field: 'subject', lostBy: 'user:ada' },
    });
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('tells that parked work went on', () => {
    expect(concluded({ unparked: ['p1'] })).toEqual([
      expect.objectContaining({ type: 'work.resumed', subject: 'r1', data: { root: 'r1', parked: 'p1' } }),
    ]);
  });

  it('is nothing where nothing happened', () => {
    expect(concluded({})).toEqual([]);
  });
});
