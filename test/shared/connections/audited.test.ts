import { describe, expect, it } from 'vitest';
import { createDesk } from '../../../shared/connections/index.ts';
import type { AuditEntry } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

describe('audit: an authorization', () => {
  it('is said from its beginning, though nobody ever comes back from the vendor', async () => {
    const platform = memoryPlatform();
    const desk = createDesk(platform, [{ manifest, adapter: modelAdapter(new ModelVendor()) }]);
    const made = await desk.create({
      organization: acme,
      integration: manifest.id,
      name: 'Model',
      settings: {},
      actor: 'user:ann',
    });

    await desk.begin({ organization: acme, connection: made.id, actor: 'user:bob' });

    const entries = platform.stores.audit.items().map(({ data }) => data as AuditEntry);
    expect(entries.at(-1)).toMatchObject({
      connection: made.id,
      actor: 'user:bob',
      action: 'connection.authorize.begun',
      outcome: 'done',
    });
    expect(JSON.stringify(entries)).not.toMatch(/state|verifier/i);
  });
});
