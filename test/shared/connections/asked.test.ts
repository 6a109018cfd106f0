import { describe, expect, it } from 'vitest';
import { createDirectory, Opener } from '../../../shared/connections/index.ts';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Adapter, Integration } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

/** The model's integration as a worker gets it, with parts of the vendor's own. */
async function opened(parts: Partial<Integration>): Promise<Integration> {
  const platform = memoryPlatform();
  const adapter: Adapter = modelAdapter(new ModelVendor());
  const open: Adapter['open'] = (opening, grant) => ({ ...adapter.open(opening, grant), ...parts });
  const opener = new Opener(platform);
  const request = { integration: 'model', name: 'Model', baseUrl: 'https://vendor.example', settings: {} };
  const { id } = await opener.register.create(
    { ...request, organization: acme, state: { kind: 'active' } },
    'user:ann',
  );
  await platform.secretsWriter.put(id, { signingSecret: 's' });
  const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
  const connection = (await directory.get(acme, id))!;
  return (await opener.open(connection, { manifest, adapter: { ...adapter, open } }, { priority: 'live' }))
    .integration;
}

describe('what is asked through a connection', () => {
  it('reaches the integration whole: a search, from the time before which nothing can be meant', async () => {
    const asked: unknown[] = [];
    const integration = await opened({ find: async (...question) => void asked.push(question) });

    await integration.find!('r1' as RecordId, 'comment', 'x1' as ExternalId, 1_234);

    expect(asked).toEqual([['r1', 'comment', 'x1', 1_234]]);
  });
});
