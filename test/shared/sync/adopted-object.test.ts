import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import type { Observation, RemoteChange } from '../../../shared/ports/index.ts';
import { observe } from '../../../shared/sync/observe.ts';
import { sceneAt } from '../../../shared/sync/scene.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Lane, Link, Pending } from '../../../shared/sync/state.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const creation = (kind: RemoteChange['kind'] = 'ticket', operation = 'create'): Pending =>
  pendingUpdate(
    {},
    { change: { kind, operation, record: 'ticket-1', fields: {} } as unknown as RemoteChange },
  );

describe('an object with our mark that no link knows yet', () => {
  const fields = { subject: 'printer', priority: 'low' };
  function adopted(o: Partial<Observation>, lane: Partial<Lane> = {}, link: Partial<Link> = {}) {
    const scene = ticketScene({ lane, link });
    delete scene.link.externalId;
    const identity = { isKnown: true, root: scene.tree.root };
    const told = observe(seenTicket({ authorship: 'hub', ...o }), identity, scene.place, scene.around);
    return { ...told, root: told.trees[0]!.root, lane: told.trees[0]!.root.lanes.desk! };
  }
  /** By an event of it, of which nothing was looked at so far. */
  function found(creations: readonly Record<string, string>[]) {
    const scene = ticketScene({ link: { got: {}, gotAtMs: 0, creations: [...creations] } });
    delete scene.link.externalId;
    delete scene.link.gotVersion;
    const { tree, place, around } = scene;
    const observed = seenTicket({ needsRead: true, isComplete: false, fields: {} });
    const [found] = observe(observed, { isKnown: true, root: tree.root }, place, around).trees;
    return sceneAt(found!, found!.root, place, around);
  }
  const under = (record = 'ticket-1', operation = 'create') => {
    const change = { ...creation('ticket', operation).change, fields } as RemoteChange;
    return { ...pendingUpdate(fields, { change }), record: record as RecordId };
  };

  it('is what the creation under way made: settled by it, and claimed', () => {
    const { end, lane, claims } = adopted({}, { pending: under() });

    expect(end).toBe('echo');
    expect(lane).not.toHaveProperty('pending');
    expect(lane.link).toMatchObject({ externalId: 'case-1', got: fields, gotVersion: { value: 6 } });
    expect(lane.link).not.toHaveProperty('needsRead');
    expect(claims).toHaveLength(1);
  });

  it('that has been edited by a person since is an edit', () => {
    const { end, root } = adopted(
      { authorship: 'other', fields: { ...fields, priority: 'high' } },
      { pending: under() },
    );

    expect(end).toBe('applied');
    expect(root.fields.priority).toBe('high');
  });

  it.each<[string, Partial<Observation>]>([
    ['is told in part', { isComplete: false, fields: { priority: 'urgent' } }],
    ['says nothing of itself', { needsRead: true, fields: { priority: 'urgent' } }],
  ])('that %s is settled, and read for the rest', (_what, o) => {
    const { lane, root } = adopted({ authorship: 'other', ...o }, { pending: under() });

    expect(lane).not.toHaveProperty('pending');
    expect(lane.link).toMatchObject({ externalId: 'case-1', needsRead: true });
    expect(root.fields.priority).toBe('low');
  });

  it('that was deleted at once takes the record with it', () => {
    const gone = { life: 'deleted', authorship: 'other', fields: { priority: 'urgent' } } as const;
    const { end, root } = adopted(gone, { pending: under() });

    expect(end).toBe('applied');
    expect(root.deleted).toBeDefined();
    expect(root.fields.priority).toBe('low');
  });

  it.each([
    ['another record’s creation', under('comment-9')],
    ['no creation', under('ticket-1', 'update')],
    ['nothing', undefined],
  ])('is linked and read where %s is under way', (_what, pending) => {
    const aside = { id: 'p', cause: 'doubtful' } as never;
    const others = [{ record: 'comment-1' as RecordId, fields: {} }];
    const doubtful = [{ record: 'ticket-1' as RecordId, fields: {} }, ...others];
    const given = { ...(pending === undefined ? {} : { pending }), doubtful };
    const sentBefore = [{ subject: 'first' }, { subject: 'next' }, { subject: 'last' }];
    const { end, lane, trees } = adopted({}, given, { parked: aside, creations: sentBefore });

    expect(end).toBe('merged');
    expect(lane.link).toMatchObject({ externalId: 'case-1', needsRead: true, sent: { subject: 'last' } });
    expect(lane.link).not.toHaveProperty('parked');
    expect(lane.doubtful).toEqual(others);
    expect(trees[0]?.unparked).toEqual(['p']);
    expect(lane.pending).toEqual(pending);
  });

  it('was made as it was last asked for: what that came back as stands against nothing set since', () => {
    const scene = found([{ subject: 'scanner' }, { subject: 'printer' }]);
    const { link, record, tree } = scene;
    record.fields.subject = 'plotter';
    record.provenance.subject = { source: 'hub', actor: 'user:1', fromMs: 55_000, toMs: 55_000 };
    expect(link.unshown).toEqual({ subject: 'written' });

    const observation = seenTicket({ authorship: 'unknown', fields: { ...fields, subject: 'printer ~1' } });
    takeRead(scene, { state: 'present', observation });

    expect(record.fields.subject).toBe('plotter');
    expect(tree.losses).toMatchObject([{ lost: 'printer ~1', kept: 'plotter' }]);
    expect(link.sent).not.toHaveProperty('subject');
  });

  it('is linked though nothing was in doubt; what else is parked stays so', () => {
    const { lane } = adopted({}, {}, { parked: { id: 'p', cause: 'rejected' } as never });

    expect(lane.doubtful).toEqual([]);
    expect(lane.link).toMatchObject({ sent: {}, parked: { cause: 'rejected' } });
  });

  it('may be told of by its death alone', () => {
    expect(adopted({ life: 'deleted' }).root.deleted).toBeDefined();
    expect(adopted({ life: 'deleted' }).end).toBe('applied');
  });
});
