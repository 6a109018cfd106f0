import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { EngineDeps, MappingDocument } from '../../../shared/ports/index.ts';
import { contextOf, placesOf } from '../../../shared/sync/places.ts';
import { deskPlace } from './scenes.ts';

const { connection, manifest, mapping } = deskPlace();

describe('the places of an organization', () => {
  it('are its connections with what their integrations say, without those of one this version does not know', () => {
    const unknown = { ...connection, id: 'gone' as ConnectionId, integration: 'of another version' };
    const integrations: EngineDeps['integrations'] = (id) =>
      id === 'desk' ? { manifest, mapping } : undefined;

    const places = placesOf([connection, unknown], integrations);

    expect([...places]).toEqual([['desk', { connection, manifest, mapping }]]);
  });

  it('tell their mappings whose events are the hub’s own, of which account, and by which document', () => {
    const document: MappingDocument = { version: 3, kinds: {} };
    const settings = { announceStatus: false };
    const own = { ...connection, settings, hubUserId: 'U1', account: 'T1', mapping: document };

    const context = contextOf({ connection: own, manifest, mapping }, 5);

    expect(context).toEqual({
      settings,
      hubUserId: 'U1',
      account: 'T1',
      mapping: document,
      receivedAtMs: 5,
    });
  });
});
