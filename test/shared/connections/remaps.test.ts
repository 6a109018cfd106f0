import { describe, expect, it } from 'vitest';
import { storeAudit } from '../../../shared/connections/index.ts';
import { remapOrder, runRemaps } from '../../../shared/connections/remaps.ts';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import type { MappingEngine } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';

const A_MINUTE = 60_000;

async function world(remap: MappingEngine['remap']) {
  const { clock, random, stores } = memoryPlatform();
  const store = stores.connections;
  const order = async (connection: string) => {
    const given = { organization: 'acme' as OrganizationId, connection: connection as ConnectionId };
    const rest = { version: 1, actor: 'user:ann', nowMs: clock.now() };
    await store.commit([await remapOrder(store, { ...given, ...rest })]);
    clock.advance(1);
  };
  const run = () => runRemaps({ store, clock, audit: storeAudit({ store: stores.audit, random }), remap }, 1);
  return { clock, order, run };
}

describe('the runs of changed mappings', () => {
  it('let the next have its turn when one fails', async () => {
    const met: string[] = [];
    const { clock, order, run } = await world(async ({ connection }) => {
      if (connection === 'broken') throw new TypeError('a record nobody can map');
      met.push(connection);
      return { looked: 0, woken: 0 };
    });
    await order('broken');
    await order('sound');
    clock.advance(A_MINUTE);

    await expect(run()).rejects.toThrow('a record nobody can map');
    await run();

    expect(met).toContain('sound');
  });

  it('are taken up again after a failure', async () => {
    let isBroken = true;
    let looked = 0;
    const { clock, order, run } = await world(async () => {
      if (isBroken) throw new TypeError('a record nobody can map');
      looked += 1;
      return { looked: 0, woken: 0 };
    });
    await order('broken');
    clock.advance(A_MINUTE);
    await expect(run()).rejects.toThrow();
    isBroken = false;
    clock.advance(A_MINUTE);

    await run();

    expect(looked).toBeGreaterThan(0);
  });
});
