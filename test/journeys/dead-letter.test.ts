import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import { connectionOf, type JourneyHub, journeyHub } from './hub.ts';

interface Parked {
  readonly id: string;
  readonly what: string;
  readonly connection: string;
  readonly reason: string;
  readonly fault: string;
}

const patienceMs = 60_000;
const question = 'Is this lamp poisonous?';
let journey: JourneyHub;
beforeAll(async () => {
  journey = await journeyHub();
}, 180_000);
afterAll(() => journey.close());

async function parked(): Promise<readonly Parked[]> {
  return (await journey.world.api.get<{ items: Parked[] }>('/v1/parked')).items;
}

async function descriptions(): Promise<readonly unknown[]> {
  return (await journey.world.salesforce.rows('Case')).map(({ Description }) => Description);
}

/** As an operator in a hurry would: a message that failed is given out again after a second, not three minutes. */
function hurry(): void {
  const { queues } = journey.hub.runtime;
  const [changes] = [...queues.all()].filter(({ name }) => /changes\.fifo$/.test(name));
  changes?.setAttributes({ VisibilityTimeout: '1' });
}

describe('an event that no attempt can take in', () => {
  it('ends in the dead-letter queue, and is shown as parked work that the hub is to blame for', async () => {
    hurry();
    const { wire, world } = journey;
    const receives = () => wire.calls.filter(({ status }) => status === 500).length;
    // The commit that would take it in always fails; what sets it aside goes through.
    wire.refuse((operation, body) => operation === 'TransactWriteItems' && body.includes('#claim#'));
    await world.slack.say(question);

    const [found] = await until(
      'the event is parked',
      async () => {
        const items = await parked();
        return items.length > 0 ? items : undefined;
      },
      patienceMs,
    );

    expect(found).toMatchObject({
      what: 'message',
      fault: 'hub',
      connection: world.description.demo.connections.slack,
    });
    expect(JSON.stringify(found)).not.toContain(question);
    expect(receives()).toBeGreaterThan(1);
    expect(await descriptions()).toEqual([]);
    expect((await connectionOf(world, 'slack')).accounting).toMatchObject({
      accepted: 1,
      parked: 1,
      open: 0,
    });
  }, 90_000);

  it('goes through once it is replayed, and leaves nothing parked', async () => {
    const { wire, world } = journey;
    wire.refuse(() => false);
    const [found] = await parked();

    await world.api.post(`/v1/parked/${found?.id}/replay`);

    await until(
      'its Case',
      async () => ((await descriptions()).includes(question) ? true : undefined),
      patienceMs,
    );
    expect(await descriptions()).toEqual([question]);
    const view = await until(
      'nothing is open',
      async () => {
        const each = await connectionOf(world, 'slack');
        return each.accounting.open === 0 && each.accounting.parked === 0 ? each : undefined;
      },
      patienceMs,
    );
    expect(view.accounting).toMatchObject({ accepted: 1, isBalanced: true, parked: 0 });
    expect(await parked()).toEqual([]);
  }, 150_000);
});
