import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import { commentScene } from './comment-scene.ts';
import { NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const externalId = 'case-1' as ExternalId;
const settled = { outcome: 'settled', externalId } as const;

describe('a copy withdrawn by us', () => {
  const removal = (kind: 'ticket' | 'comment') => {
    const record = `${kind}-1` as RecordId;
    return pendingUpdate(
      {},
      { record, change: { kind, operation: 'delete', record, externalId, fields: {} } },
    );
  };

  it('of a comment that lives is forgotten, so that it can get a new one', () => {
    const pending = removal('comment');
    const scene = commentScene({ lane: { pending } });

    expect(settleWritten(scene, pending, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.record).toMatchObject({
      links: { desk: { origin: 'ours', sent: {}, got: {}, gotAtMs: 0 } },
    });
    expect(scene.tree.root.lanes.desk?.link.externalId).toBe('case-1');
  });

  it('of a ticket that lives is forgotten alike', () => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });

    settleWritten(scene, pending, settled);

    expect(scene.tree.root.lanes.desk?.link).toEqual({ origin: 'ours', sent: {}, got: {}, gotAtMs: 0 });
  });

  it('of a record that is deleted is dead', () => {
    const pending = removal('ticket');
    const scene = ticketScene({ lane: { pending } });
    scene.record.deleted = { atMs: 55_000, source: 'hub' };

    expect(settleWritten(scene, pending, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.link).toMatchObject({ externalId, dead: { atMs: NOW_MS, version: version(5) } });
  });
});
