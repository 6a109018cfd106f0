import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { type Scene, sceneAt, setValue } from '../../../shared/sync/scene.ts';
import type { Provenance } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { around, deskPlace, ticketScene } from './scenes.ts';

const by = (source: string, actor = `vendor:${source}`): Provenance => ({
  source: source as ConnectionId,
  actor,
  fromMs: 1,
  toMs: 1,
});

describe('a copy at a place that knew nothing of its record', () => {
  const place = deskPlace({ canDelete: 'own' });

  it.each([
    ['ticket', ticketScene({ place })],
    ['comment', commentScene({ place })],
  ] as const)('is the hub’s own, and goes with the %s', (_kind, { tree, record }) => {
    tree.root.lanes = {};
    if (record.kind === 'comment') record.links = {};
    const scene = sceneAt(tree, record, place, around(place));

    scene.link.externalId = 'made-1' as ExternalId;
    record.deleted = { atMs: 1, source: 'hub' };

    expect(needOf(scene)).toBe('delete');
  });
});

describe('what one decision changes', () => {
  it('holds every value that stood for a moment', () => {
    const { tree, record } = ticketScene({});
    const before = record.fields.priority;

    for (const [at, priority] of ['high', 'urgent'].entries())
      setValue(tree, record, 'priority', priority, { ...by('desk'), fromMs: at });
    setValue(tree, record, 'subject', 'fire', by('desk'));

    expect(tree.changes.map(({ fields }) => fields)).toEqual([
      { priority: { from: before, to: 'high' }, subject: { from: 'printer', to: 'fire' } },
      { priority: { from: 'high', to: 'urgent' } },
    ]);
  });

  it('holds them in the order in which they stood, whoever set them', () => {
    const { tree, record } = ticketScene({});
    const before = record.fields.priority;

    setValue(tree, record, 'subject', 'fire', by('desk'));
    setValue(tree, record, 'priority', 'high', by('chat'));
    setValue(tree, record, 'priority', 'urgent', by('desk'));

    expect(tree.changes.map(({ source, fields }) => [source, fields.priority])).toEqual([
      ['desk', undefined],
      ['chat', { from: before, to: 'high' }],
      ['desk', { from: 'high', to: 'urgent' }],
    ]);
  });

  const told = ({ tree }: Scene) =>
    tree.changes.map(({ record, source, fields }) => [record, source, Object.keys(fields)]);

  it('is told of each record for itself', () => {
    const scene = commentScene({});
    const { tree, record } = scene;

    setValue(tree, tree.root, 'subject', 'fire', by('desk'));
    setValue(tree, record, 'body', 'it smokes', by('desk'));
    setValue(tree, tree.root, 'priority', 'high', by('desk'));

    expect(told(scene)).toEqual([
      ['ticket-1', 'desk', ['subject', 'priority']],
      ['comment-1', 'desk', ['body']],
    ]);
  });

  it('is told of each system for itself', () => {
    const scene = ticketScene({});
    const { tree, record } = scene;

    setValue(tree, record, 'subject', 'fire', by('desk'));
    setValue(tree, record, 'priority', 'high', by('chat'));

    expect(told(scene)).toEqual([
      ['ticket-1' as RecordId, 'desk', ['subject']],
      ['ticket-1' as RecordId, 'chat', ['priority']],
    ]);
  });
});

describe('a value that is set', () => {
  it('is the record’s from the revision on that brings it, whoever sets it again', () => {
    const { tree, record } = ticketScene({});
    const since = () => record.provenance.subject?.revision;

    setValue(tree, record, 'subject', 'printer', by('desk'));
    expect(record.provenance.subject).toStrictEqual(by('desk'));

    setValue(tree, record, 'subject', 'fire', by('desk'));
    expect(since()).toBe(2);

    tree.root.revision = 5;
    setValue(tree, record, 'subject', 'fire', by('chat'));
    expect(record.provenance.subject?.source).toBe('chat');
    expect(since()).toBe(2);
  });
});
