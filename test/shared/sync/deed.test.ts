import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { lagOf } from '../../../shared/sync/deed.ts';
import type { Pending, Provenance, Root } from '../../../shared/sync/state.ts';

const slack = 'slack' as ConnectionId;
const at = (toMs: number): Provenance => ({ source: slack, actor: 'vendor:slack', fromMs: 0, toMs });
const contact = (provenance: Root['provenance']): Root => ({
  id: 'c1' as RecordId,
  kind: 'contact',
  fields: { name: 'Maya' },
  provenance,
  revision: 1,
  createdAtMs: 900,
  updatedAtMs: 900,
  lanes: {},
  childCount: 0,
});
const creation = {
  operation: 'create',
  kind: 'contact',
  fields: { name: 'Maya' },
} as unknown as Pending['change'];

describe('the lag of a write', () => {
  it('runs from the latest change it brings, in the source’s own time', () => {
    expect(lagOf(contact({ name: at(700) }), creation, 1_000)).toBe(300);
  });

  it('runs from the hub’s own knowledge where the source does not say when', () => {
    expect(lagOf(contact({ name: at(0) }), creation, 1_000)).toBe(100);
    expect(lagOf(contact({}), creation, 1_000)).toBe(100);
  });
});
