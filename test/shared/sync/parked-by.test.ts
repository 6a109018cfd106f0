import { describe, expect, it } from 'vitest';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { HubMessage, WriteOutcome } from '../../../shared/ports/index.ts';
import { CASE, type Hub, hubOf, parkedOf, RIGHT, settled } from './hub.ts';

const refused = (): WriteOutcome => {
  const error = new ProviderRejectedError('a rule says no', { vendorCode: 'RULE' });
  return { outcome: 'refused', why: 'rejected', error };
};
const parkedBy = ({ telemetry }: Hub) =>
  telemetry.metrics.filter(({ name }) => name.startsWith('ParkedBy')).map(({ name, value }) => [name, value]);

async function untilParked(hub: Hub): Promise<void> {
  while ((await parkedOf(hub)).length === 0) {
    await hub.work();
    hub.clock.advance(61_000);
  }
}

describe('told: whose fault it is', () => {
  const away = new ProviderUnavailableError('the vendor is away');
  it.each<[string, () => WriteOutcome, string]>([
    ['the organization’s', refused, 'ParkedByOrganization'],
    ['the vendor’s', () => ({ outcome: 'refused', why: 'unavailable', error: away }), 'ParkedByVendor'],
  ])('is counted as %s, and as no other’s', async (_, answer, name) => {
    const hub = hubOf(answer);
    await hub.hear(CASE);
    await untilParked(hub);

    expect(parkedBy(hub)).toEqual([[name, 1]]);
  });

  it('is the hub’s where a message killed its function', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const message = hub.queues.work(RIGHT).receive();
    await hub.engine.deadLetter(message!.body as HubMessage, 'its function died six times');

    expect(parkedBy(hub)).toEqual([['ParkedByHub', 1]]);
  });
});
