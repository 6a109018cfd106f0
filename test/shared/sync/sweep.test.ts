import { describe, expect, it } from 'vitest';
import type { WorkMessage } from '../../../shared/ports/index.ts';
import { CASE, hubOf, RIGHT, rowsOf, settled } from './hub.ts';

describe('sweep: what would be forgotten', () => {
  it('sends an event that nobody finished again, and it stays one', async () => {
    const hub = hubOf(settled);
    await hub.keep({ type: 'changed', objects: [] });
    hub.clock.advance(60_000);

    const report = await hub.engine.sweep();

    expect(report.reenqueued).toBe(1);
    expect(await rowsOf(hub)).toHaveLength(1);
  });

  it('replaces a wake whose message is lost', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const lost = hub.queues.work(RIGHT).receive<WorkMessage>();
    hub.queues.work(RIGHT).delete(lost!.receipt);
    hub.clock.advance(121_000);

    const report = await hub.engine.sweep();
    await hub.work();

    expect(report.rewoken).toBe(1);
    expect(hub.written).toHaveLength(1);
  });
});
