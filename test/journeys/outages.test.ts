import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../bin/local/demo/connect.ts';
import { until } from '../../bin/local/demo/until.ts';
import type { World } from '../../bin/local/demo/world.ts';
import {
  commentsOn,
  connectionOf,
  conversation,
  type JourneyHub,
  journeyHub,
  ticketOf,
  told,
} from './hub.ts';

let journey: JourneyHub;
let world: World;
let thread: { ts: string; caseId: string };
beforeAll(async () => {
  journey = await journeyHub();
  world = journey.world;
  thread = await conversation(world, 'Does the lamp come in green?');
}, 180_000);
afterAll(() => journey.hub.close());

const patienceMs = 100_000;

function tell(text: string): Promise<string> {
  return world.salesforce.comment(thread.caseId, text, true);
}

/** Neither vendor's events promise an order, so what must come second is said once the hub knows the first. */
async function untilHeard(text: string): Promise<void> {
  const ticket = await ticketOf(world, thread.ts);
  await until(
    `"${text}" in /v1`,
    async () => (await world.comments(ticket)).find((comment) => comment.body === text),
    patienceMs,
  );
}

async function untilTold(text: string): Promise<void> {
  await until(
    `"${text}" in Slack`,
    async () => ((await told(world, thread.ts)).includes(text) ? true : undefined),
    patienceMs,
  );
}

describe('a throttled Slack', () => {
  it(
    'gets every comment once and in order, as fast as it allows',
    async () => {
      await world.slack.control('POST', 'settings', { postLimit: true });
      const texts = ['Green it is: one', 'Green it is: two', 'Green it is: three', 'Green it is: four'];
      for (const text of texts) {
        await tell(text);
        await untilHeard(text);
      }

      await untilTold(texts.at(-1) ?? '');

      const all = (await told(world, thread.ts)).filter((text) => text.startsWith('Green it is'));
      expect(all).toEqual(texts);
      await world.slack.control('POST', 'settings', { postLimit: false });
    },
    patienceMs,
  );
});

describe('events that come twice, late and out of order', () => {
  it(
    'are each taken in once, and end in what the customer last wrote',
    async () => {
      for (const effect of ['twice', 'reorder', 'late']) {
        await world.slack.control('POST', 'faults', { on: 'event', effect, ms: 500, times: 1 });
      }
      const texts = ['First thought', 'Second thought', 'Third thought'];
      const places = [];
      for (const text of texts) places.push(await world.slack.say(text, thread.ts));
      const last = places.at(-1);
      if (last !== undefined) await world.slack.edit(last, 'Third thought, corrected');
      await world.slack.control('POST', 'flush');

      await until(
        'all thoughts on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          return bodies.includes('Third thought, corrected') && bodies.includes('Second thought')
            ? true
            : undefined;
        },
        patienceMs,
      );

      const thoughts = (await commentsOn(world, thread.caseId)).filter((body) =>
        String(body).includes('thought'),
      );
      expect(thoughts.sort()).toEqual(['First thought', 'Second thought', 'Third thought, corrected']);
    },
    patienceMs,
  );
});

describe('Salesforce being down', () => {
  it(
    'delays what the customer writes and loses none of it',
    async () => {
      await world.salesforce.control('POST', 'faults', { on: 'call', effect: 'down', ms: 8_000 });
      const texts = ['Hello? one', 'Hello? two', 'Hello? three'];
      for (const text of texts) {
        await world.slack.say(text, thread.ts);
        await untilHeard(text);
      }

      await until(
        'every message on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          return texts.every((text) => bodies.includes(text)) ? true : undefined;
        },
        patienceMs,
      );

      const bodies = (await commentsOn(world, thread.caseId)).filter((body) =>
        String(body).startsWith('Hello?'),
      );
      expect(bodies).toEqual(texts);
    },
    patienceMs + 20_000,
  );
});

describe('a comment whose response is lost', () => {
  it(
    'is not told twice in Slack',
    async () => {
      await world.slack.control('POST', 'faults', {
        on: 'call',
        method: 'chat.postMessage',
        effect: 'drop-after',
        times: 1,
      });
      await tell('Told once, heard once');
      await untilTold('Told once, heard once');
      await tell('What comes after');

      await untilTold('What comes after');

      const all = await told(world, thread.ts);
      expect(all.filter((text) => text === 'Told once, heard once')).toHaveLength(1);
    },
    patienceMs * 2,
  );

  it(
    'is not written twice on the Case',
    async () => {
      await world.salesforce.control('POST', 'faults', {
        on: 'call',
        path: '/composite',
        effect: 'drop-after',
        times: 1,
      });
      await world.slack.say('Written once', thread.ts);
      await untilHeard('Written once');
      await world.slack.say('And then this', thread.ts);

      await until(
        'both messages on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          return bodies.includes('Written once') && bodies.includes('And then this') ? true : undefined;
        },
        patienceMs,
      );

      const bodies = await commentsOn(world, thread.caseId);
      expect(bodies.filter((body) => body === 'Written once')).toHaveLength(1);
    },
    patienceMs * 2,
  );
});

describe('a token that Slack has revoked', () => {
  it(
    'parks the connection, and its organization can see it',
    async () => {
      await world.slack.control('POST', 'revocations');
      await tell('Nobody can hear this yet');

      const view = await until(
        'the connection is parked',
        async () => {
          const found = await connectionOf(world, 'slack');
          return found.health.state === 'parked' ? found : undefined;
        },
        patienceMs,
      );

      expect(view.health.fault).toBe('organization');
      expect(await told(world, thread.ts)).not.toContain('Nobody can hear this yet');
    },
    patienceMs,
  );

  it(
    'once replaced lets everything go on that waited for it',
    async () => {
      await authorize(world.api, world.description.demo.connections.slack);

      await untilTold('Nobody can hear this yet');

      expect((await connectionOf(world, 'slack')).health.state).toBe('healthy');
    },
    patienceMs,
  );
});

describe('after all of it', () => {
  it.each(['slack', 'salesforce'])('%s accounts for every event it accepted', async (integration) => {
    const view = await until(
      'nothing is open',
      async () => {
        const found = await connectionOf(world, integration);
        return found.accounting.open === 0 && found.parkedWork === 0 ? found : undefined;
      },
      patienceMs,
    );

    expect(view.accounting).toMatchObject({ isBalanced: true, parked: 0 });
  });
});
