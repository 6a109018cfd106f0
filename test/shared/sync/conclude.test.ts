import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../functions/platform/api/schemas/events.ts';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import type { ParkedWork } from '../../../shared/sync/state.ts';
import type { Cause } from '../../../shared/sync/told.ts';
import { change, decided, type Given, loss, root } from './conclusions.ts';
import { ACME } from './hub.ts';

const [LEFT, RIGHT] = ['left' as ConnectionId, 'right' as ConnectionId];
const concluded = (news: Given) => decided(news).history?.events ?? [];

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
    expect(decided({})).not.toHaveProperty('history');
  });

  it('is of every change which fields it touched, and by whom', () => {
    expect(concluded({ changes: [change('updated', LEFT)] })).toEqual([
      {
        id: 'r1@5',
        type: 'ticket.updated',
        organization: ACME,
        subject: 'r1',
        atMs: 9,
        data: {
          root: 'r1',
          record: 'r1',
          kind: 'ticket',
          revision: 5,
          changed: ['subject'],
          source: LEFT,
        },
      },
    ]);
  });

  it('numbers changes and conflicts of one record each for themselves', () => {
    const other = { ...change('updated', LEFT), record: 'r1.c1' as RecordId };
    const ids = concluded({
      changes: [change('updated', LEFT), other, change('deleted', LEFT)],
      losses: [loss, loss],
    });

    expect(ids.map(({ id }) => id)).toEqual([
      'r1@5',
      'r1.c1@5',
      'r1@5.2',
      'r1@5:conflict.0',
      'r1@5:conflict.1',
    ]);
  });

  it('takes a loss of what is not at hand for its ticket’s, and tells whose value was kept by which rule', () => {
    expect(concluded({ losses: [{ ...loss, record: 'r1.c9' as RecordId }] })[0]?.data).toEqual({
      root: 'r1',
      record: 'r1.c9',
      kind: 'ticket',
      field: 'subject',
      lostBy: 'user:ada',
      keptBy: 'vendor:left',
      policy: 'newest',
    });
  });

  it('is under the correlation of what caused it, where one is known', () => {
    const events = (cause?: Cause) =>
      decided({ changes: [change('updated', LEFT)], losses: [loss], unparked: ['p1'] }, cause).history!
        .events;

    expect(events({ correlation: 'c-1' }).map(({ correlation }) => correlation)).toEqual([
      'c-1',
      'c-1',
      'c-1',
    ]);
    for (const event of events()) expect(event).not.toHaveProperty('correlation');
  });

  it('tells of parked work under the revision it came with', () => {
    const work = { id: 'p1', record: root.id } as ParkedWork;

    expect(concluded({ parked: [work] })).toMatchObject([{ id: 'r1@5:p1', type: 'work.parked' }]);
    expect(concluded({ unparked: ['p1'] })[0]?.id).toBe('r1@5:resumed.p1');
  });
});
