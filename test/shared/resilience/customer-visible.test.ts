import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { RemoteChange } from '../../../shared/ports/index.ts';
import { customerVisible } from '../../../shared/resilience/index.ts';

const reply: RemoteChange = {
  kind: 'comment',
  operation: 'create',
  record: 'r1.c1' as RecordId,
  fields: { body: 'hi' },
  rootExternalId: 'C1:1' as ExternalId,
  comment: { visibility: 'public', body: 'hi', author: { role: 'agent' } },
};
const rename: RemoteChange = {
  kind: 'ticket',
  operation: 'update',
  record: 'r1' as RecordId,
  fields: { subject: 'x' },
  externalId: 'C1:1' as ExternalId,
};

describe('customer-visible integration: invariant 7', () => {
  it('sends public comments, and lets no internal note through even when one is forced in', async () => {
    const sent: unknown[] = [];
    const door = customerVisible({
      check: async () => ({ state: 'healthy', account: 'T1' }),
      async write(change) {
        sent.push(change);
        return { outcome: 'settled', externalId: 'x' as ExternalId };
      },
    });
    const note = { ...reply, comment: { visibility: 'internal', body: 'psst', author: { role: 'agent' } } };

    await door.write!(reply);
    await door.write!(rename);
    await expect(door.write!(note as RemoteChange)).rejects.toMatchObject({ code: 'invariant' });

    expect(sent).toEqual([reply, rename]);
  });

  it('adds no part that the integration does not have', () => {
    const door = customerVisible({ check: async () => ({ state: 'healthy', account: 'T1' }) });

    expect(Object.keys(door)).toEqual(['check']);
  });
});
