import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { giveUp, settleByRead } from '../../../shared/sync/settlement.ts';
import type { Heard, Pending } from '../../../shared/sync/state.ts';
import { doubt, heard, inDoubt, present, shown } from './in-doubt.ts';
import { pendingUpdate, seenTicket } from './scenes.ts';
import { version } from './seen.ts';

describe('a doubtful request settled by a read', () => {
  it('is done where it was applied: asked no more, and told of', () => {
    const scene = inDoubt({ needsRead: true });

    expect(settleByRead(scene, doubt, shown('high', { authorship: 'hub' }))).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.link.sent.priority).toBe('high');
    expect(scene.tree.deeds).toMatchObject([{ outcome: 'done' }]);
    expect(scene.link).not.toHaveProperty('superseded');
  });

  it('is done where it was applied to what is there, though its deletion had been announced', () => {
    const scene = inDoubt({ doomed: { atMs: 90_000 } });

    expect(settleByRead(scene, doubt, shown('high', { authorship: 'hub' }))).toBe('taken');

    expect(scene.link.sent.priority).toBe('high');
    expect(scene.tree.deeds).toMatchObject([{ outcome: 'done' }]);
  });

  it('loses nothing where it was not applied: what stood there before is ours to replace', () => {
    const scene = inDoubt({});

    expect(settleByRead(scene, doubt, shown('low', { version: version(5) }))).toBe('taken');

    expect(scene.link.superseded).toEqual([{ priority: 'high' }]);
    expect(scene.tree.losses).toEqual([]);
  });

  it('is settled by the first look where no version tells, and nothing was heard meanwhile', () => {
    const { baseVersion: _none, ...unversioned } = doubt;
    const scene = inDoubt({}, unversioned);
    delete scene.link.gotVersion;
    const { observation } = shown('low', { fields: { priority: 'low' } });
    const { version: _unknown, ...told } = observation;

    expect(settleByRead(scene, unversioned, present(told))).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
  });

  it('is settled by a look that shows the copy back, which was told before it', () => {
    const scene = inDoubt({ revived: { atMs: 90_000, version: version(9) } });

    expect(settleByRead(scene, doubt, shown('high', { authorship: 'hub', version: version(9) }))).toBe(
      'taken',
    );

    expect(scene.lane).not.toHaveProperty('pending');
  });

  it('has the copy live, where a deletion was told of that was still to be looked at', () => {
    const scene = inDoubt({ doomed: { atMs: 40_000 }, needsRead: true });

    expect(settleByRead(scene, doubt, shown('high', { authorship: 'hub' }))).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link).not.toHaveProperty('doomed');
  });

  it('judges with it what was heard meanwhile', () => {
    const scene = inDoubt({ met: { atMs: 10_000 }, heard: [heard({ priority: 'urgent' }, 56_000)] });

    settleByRead(scene, doubt, shown('high', { authorship: 'hub' }));

    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is not settled by a look at what was there before that', () => {
    const told = { ...heard({ priority: 'high' }, 60_000), version: { source: 'event', value: 6 } };
    const scene = inDoubt({ met: { atMs: 10_000 }, heard: [told] });
    const past = shown('low', { version: version(5), atMs: 50_000 });

    expect(settleByRead(scene, doubt, past)).toBe('stale');

    expect(scene.lane.pending).toBeDefined();
    expect(scene.link.heard).toEqual([told]);
    expect(scene.record.fields.priority).toBe('high');
  });

  it('asks for nothing more once a look has judged what was heard meanwhile', () => {
    const scene = inDoubt({ heard: [heard({ priority: 'high' }, 56_000)] });

    settleByRead(scene, doubt, shown('high', { authorship: 'hub' }));

    expect(scene.link).not.toHaveProperty('announcedAtMs');
  });

  it('is given up where it was not applied, and the read is taken', () => {
    const scene = inDoubt();

    expect(settleByRead(scene, doubt, shown('urgent'))).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link.superseded).toEqual([{ priority: 'high' }]);
    expect(scene.tree.deeds).toMatchObject([{ outcome: 'uncertain', code: 'given_up' }]);
    expect(scene.link.got.priority).toBe('urgent');
  });

  it('stays in doubt while the copy is not found', () => {
    const scene = inDoubt();

    expect(settleByRead(scene, doubt, { state: 'absent' })).toBe('absent');
    expect(scene.lane.pending).toEqual(doubt);
  });

  it.each([
    ['deleted', {}, { state: 'deleted' as const }],
    ['not found, and announced as deleted', { doomed: { atMs: 58_000 } }, { state: 'absent' as const }],
  ])('is over where the copy is %s', (_how, link, remote) => {
    const scene = inDoubt(link);

    expect(settleByRead(scene, doubt, remote)).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link.dead).toBeDefined();
  });

  it.each([
    ['deleted', {}, { state: 'deleted' as const }],
    ['not found, and announced as deleted', { doomed: { atMs: 58_000 } }, { state: 'absent' as const }],
  ])('was our own deletion where the record lives again and its copy is %s', (_how, link, remote) => {
    const record = 'ticket-1' as RecordId;
    const { externalId } = seenTicket({});
    const removal = pendingUpdate(
      {},
      { change: { kind: 'ticket', operation: 'delete', record, externalId, fields: {} } },
    );
    const scene = inDoubt(link, removal);

    expect(settleByRead(scene, removal, remote)).toBe('taken');

    expect(scene.record).not.toHaveProperty('deleted');
    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.tree.deeds).toMatchObject([{ outcome: 'done' }]);
    expect(scene.tree.root.lanes.desk?.link).not.toHaveProperty('externalId');
  });

  it('is over where it was a deletion and the copy lives: what it shows is taken', () => {
    const record = 'ticket-1' as RecordId;
    const { externalId } = seenTicket({});
    const removal = pendingUpdate(
      {},
      { change: { kind: 'ticket', operation: 'delete', record, externalId, fields: {} } },
    );
    const scene = inDoubt({}, removal);

    expect(settleByRead(scene, removal, shown('urgent'))).toBe('taken');

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link).not.toHaveProperty('superseded');
    expect(scene.tree.deeds).toEqual([]);
    expect(scene.link.got.priority).toBe('urgent');
  });
});

describe('a request given up', () => {
  it('is told of as uncertain, and what it would have written is remembered', () => {
    const scene = inDoubt();

    giveUp(scene, doubt);

    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.tree.deeds).toMatchObject([{ outcome: 'uncertain', code: 'given_up' }]);
    expect(scene.link.superseded).toEqual([{ priority: 'high' }]);
  });

  it('is remembered with the visibility of the file it would have made', () => {
    const attachment = { visibility: 'internal' };
    const change = {
      ...doubt.change,
      kind: 'attachment',
      operation: 'create',
      fields: { name: 'a' },
      attachment,
    };
    const upload = { ...doubt, change } as unknown as Pending;
    const scene = inDoubt({}, upload);

    giveUp(scene, upload);

    expect(scene.link.creations).toEqual([{ name: 'a', visibility: 'internal' }]);
  });

  it('is remembered among the last four', () => {
    const older = [1, 2, 3, 4].map((priority) => ({ priority }));
    const scene = inDoubt({ superseded: older });

    giveUp(scene, doubt);

    expect(scene.link.superseded).toEqual([...older.slice(1), { priority: 'high' }]);
  });
});

describe('what an old request of ours carried, found there when our hand was the last', () => {
  const both = { subject: 'printer', priority: 'low' };
  const found = (told: readonly Heard[]) => {
    const scene = inDoubt({ got: both, sent: both, superseded: [{ subject: 'scanner' }], heard: [...told] });
    settleByRead(
      scene,
      doubt,
      shown('high', { authorship: 'hub', fields: { subject: 'scanner', priority: 'high' } }),
    );
    return scene;
  };

  it('is its late landing, which does not spread, and is kept, for a person may have set it before', () => {
    const scene = found([]);

    expect(scene.record.fields.subject).toBe('printer');
    expect(scene.link.sent).not.toHaveProperty('subject');
    const loss = { field: 'subject', lost: 'scanner', kept: 'printer', policy: 'doubt' };
    expect(scene.tree.losses).toMatchObject([loss]);
  });

  it('is a person’s where one was heard to set it before our last write landed', () => {
    const scene = found([heard({ subject: 'scanner' }, 58_000)]);

    expect(scene.record.fields.subject).toBe('scanner');
    expect(scene.link.sent.subject).toBe('scanner');
  });

  it('is still ours where another value was heard, or nobody says whose it was', () => {
    expect(found([heard({ subject: 'plotter' }, 58_000)]).record.fields.subject).toBe('printer');
    const anyones = { ...heard({ subject: 'scanner' }, 58_000), authorship: 'unknown' } as const;
    expect(found([anyones]).record.fields.subject).toBe('printer');
  });
});
