import { describe, expect, it } from 'vitest';
import { createVault } from '../../../shared/connections/index.ts';
import { globex } from './model.ts';

import { renewals } from './renewals.ts';

describe('vault: envelope encryption', () => {
  it('stores no token readable, and opens it for its owner alone', async () => {
    const { newFunction, connection, authorization, platform, keys, store } = await renewals();
    await newFunction().usable(connection, authorization);
    const stored = JSON.stringify(store.items());
    expect(stored).not.toContain('access-1');
    expect(stored).not.toContain('refresh-1');

    const [sealed] = store.items().filter(({ sk }) => sk === 'grant');
    const stolen = { ...connection, organization: globex };
    await store.commit([
      { put: { pk: `globex#grant#${connection.id}`, sk: 'grant', data: sealed!.data }, expect: 0 },
    ]);

    await expect(createVault({ store, keys }).read(stolen)).rejects.toMatchObject({ code: 'invariant' });
    expect(JSON.stringify(platform.telemetry)).not.toContain('access-1');
  });

  it('asks the key service once for a grant that has not changed', async () => {
    const { newFunction, connection, authorization, keys, store } = await renewals();
    await newFunction().usable(connection, authorization);
    const vault = createVault({ store, keys });
    const counted = keys as unknown as { calls: { unwrapped: number } };
    const before = counted.calls.unwrapped;

    await vault.read(connection);
    await vault.read(connection);

    expect(counted.calls.unwrapped).toBe(before + 1);
  });
});
