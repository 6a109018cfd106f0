import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Integration, Observation, WorkMessage } from '../../../shared/ports/index.ts';
import type { Root } from '../../../shared/sync/index.ts';
import { ACME, CASE, hubOf, LEFT } from './hub.ts';

const { version: _version, ...UNVERSIONED } = CASE;
const AHEAD_MS = 300_000;

/** A vendor without versions whose clock is five minutes ahead of the hub's. */
function hubBehind() {
  const hub = hubOf(() => ({ outcome: 'settled', externalId: 'copy-1' as ExternalId }));
  const stateOf = (subject: string, sinceMs: number): Observation => ({
    ...UNVERSIONED,
    fields: { ...CASE.fields, subject },
    authorship: 'other',
    atMs: hub.clock.now() + AHEAD_MS + sinceMs,
    isComplete: true,
  });
  async function ticket(): Promise<Root> {
    const { items } = await hub.deps.store.page<Root>(`${ACME}#tickets`, { limit: 10 });
    return items[0]!.data;
  }
  async function readAs(observation: Observation): Promise<void> {
    const port: Integration = {
      check: async () => ({ state: 'healthy', account: 'a' }),
      read: async () => ({ state: 'present', observation }),
    };
    const { body, receipt } = hub.queues.work(LEFT).receive<WorkMessage>()!;
    await hub.engine.reconcile(body, port, hub.clock.now() + 30_000);
    hub.queues.work(LEFT).delete(receipt);
  }
  return { hub, stateOf, ticket, readAs };
}

describe('clocks: a vendor’s states are ordered by its own', () => {
  it('so a read from before what was announced is not believed', async () => {
    const { hub, stateOf, ticket, readAs } = hubBehind();
    const [printer, scanner, plotter] = [
      stateOf('printer', 0),
      stateOf('scanner', 60),
      stateOf('plotter', 120_000),
    ];
    await hub.hear(scanner);
    await hub.hear(plotter);

    await readAs(printer);

    const { fields, lanes } = await ticket();
    expect(fields.subject).toBe('scanner');
    expect(lanes[LEFT]?.link.needsRead).toBe(true);
  });

  it('and against what others say, nothing was later than its event came', async () => {
    const { hub, stateOf, ticket } = hubBehind();

    await hub.hear(stateOf('printer', 0));

    expect((await ticket()).provenance.subject).toMatchObject({ toMs: hub.clock.now() });
  });
});
