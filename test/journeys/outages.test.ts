import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../bin/local/demo/connect.ts';
import { until } from '../../bin/local/demo/until.ts';
import type { World } from '../../bin/local/demo/world.ts';
import { canaryWord } from './canaries.ts';
import {
  acknowledgedBySlack,
  commentsOn,
  connectionOf,
  conversation,
  faultsLeft,
  type JourneyHub,
  journeyHub,
  ticketOf,
  told,
} from './hub.ts';
import { leaksOf, seenWhereItBelongs } from './leaks.ts';
import { acceptedAtTheDoor } from './wiretap.ts';

/** Stands in every text of this story. */
const word = canaryWord();
const marked = (text: string): string => `${text} (${word})`;

let journey: JourneyHub;
let world: World;
let thread: { ts: string; caseId: string };
beforeAll(async () => {
  journey = await journeyHub();
  world = journey.world;
  thread = await conversation(world, marked('Does the lamp come in green?'));
}, 180_000);
afterAll(() => journey.close());

const patienceMs = 100_000;
const minuteMs = 60_000;

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

describe('Slack, which takes a message a second and channel', () => {
  it(
    'gets every comment once and in order, as fast as it allows',
    async () => {
      const texts = ['one', 'two', 'three', 'four'].map((each) => marked(`Green it is: ${each}`));
      for (const text of texts) {
        await tell(text);
        await untilHeard(text);
      }

      await untilTold(texts.at(-1) ?? '');

      const all = (await told(world, thread.ts)).filter((text) => text.startsWith('Green it is'));
      expect(all).toEqual(texts);
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
      const texts = ['First thought', 'Second thought', 'Third thought'].map(marked);
      const places = [];
      for (const text of texts) places.push(await world.slack.say(text, thread.ts));
      const last = places.at(-1);
      if (last !== undefined) await world.slack.edit(last, marked('Third thought, corrected'));
      await world.slack.control('POST', 'flush');

      await until(
        'all thoughts on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          const isThere = ['Third thought, corrected', 'Second thought', 'First thought'].every((each) =>
            bodies.includes(marked(each)),
          );
          return isThere ? true : undefined;
        },
        patienceMs,
      );

      const thoughts = (await commentsOn(world, thread.caseId)).filter((body) =>
        String(body).includes('thought'),
      );
      expect(thoughts.sort()).toEqual(
        ['First thought', 'Second thought', 'Third thought, corrected'].map(marked),
      );
      expect(await faultsLeft(world)).toEqual([]);
    },
    patienceMs,
  );
});

describe('Salesforce being down for a minute', () => {
  it(
    'delays what the customer writes and loses none of it',
    async () => {
      await world.salesforce.control('POST', 'faults', { on: 'call', effect: 'down', ms: minuteMs });
      const texts = ['Hello? one', 'Hello? two', 'Hello? three'].map(marked);
      const saidAtMs: number[] = [];
      for (const text of texts) {
        saidAtMs.push(Number((await world.slack.say(text, thread.ts)).ts) * 1_000);
        await untilHeard(text);
      }

      await until(
        'every message on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          return texts.every((text) => bodies.includes(text)) ? true : undefined;
        },
        minuteMs + patienceMs,
      );

      const bodies = (await commentsOn(world, thread.caseId)).filter((body) =>
        String(body).startsWith('Hello?'),
      );
      expect(bodies).toEqual(texts);
      expect(await faultsLeft(world)).toEqual([]);
      // By the vendors' own stamps, Salesforce's whole seconds: nothing went through before the minute was over.
      const comments = await world.salesforce.rows('CaseComment');
      const first = comments.find(({ CommentBody }) => CommentBody === texts[0]);
      const waitedMs = Date.parse(String(first?.CreatedDate)) - (saidAtMs[0] ?? 0);
      expect(waitedMs).toBeGreaterThan(minuteMs - 2_000);
    },
    minuteMs + patienceMs * 2,
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
      await tell(marked('Told once, heard once'));
      await untilTold(marked('Told once, heard once'));
      await tell(marked('What comes after'));

      await untilTold(marked('What comes after'));

      const all = await told(world, thread.ts);
      expect(all.filter((text) => text === marked('Told once, heard once'))).toHaveLength(1);
      expect(await faultsLeft(world)).toEqual([]);
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
      await world.slack.say(marked('Written once'), thread.ts);
      await untilHeard(marked('Written once'));
      await world.slack.say(marked('And then this'), thread.ts);

      await until(
        'both messages on the Case',
        async () => {
          const bodies = await commentsOn(world, thread.caseId);
          return bodies.includes(marked('Written once')) && bodies.includes(marked('And then this'))
            ? true
            : undefined;
        },
        patienceMs,
      );

      const bodies = await commentsOn(world, thread.caseId);
      expect(bodies.filter((body) => body === marked('Written once'))).toHaveLength(1);
      expect(await faultsLeft(world)).toEqual([]);
    },
    patienceMs * 2,
  );
});

describe('a token that Slack has revoked', () => {
  it(
    'parks the connection, and its organization can see it',
    async () => {
      await world.slack.control('POST', 'revocations');
      await tell(marked('Nobody can hear this yet'));

      const view = await until(
        'the connection is parked',
        async () => {
          const found = await connectionOf(world, 'slack');
          return found.health.state === 'parked' ? found : undefined;
        },
        patienceMs,
      );

      expect(view.health.fault).toBe('organization');
      expect(await told(world, thread.ts)).not.toContain(marked('Nobody can hear this yet'));
    },
    patienceMs,
  );

  it(
    'once replaced lets everything go on that waited for it',
    async () => {
      await authorize(world.api, world.description.demo.connections.slack);

      await untilTold(marked('Nobody can hear this yet'));

      expect((await connectionOf(world, 'slack')).health.state).toBe('healthy');
    },
    patienceMs,
  );
});

describe('after all of it', () => {
  it.each(['slack', 'salesforce'] as const)(
    '%s accounts for every event the door took',
    async (integration) => {
      const view = await until(
        'nothing is open',
        async () => {
          const found = await connectionOf(world, integration);
          return found.accounting.open === 0 && found.parkedWork === 0 ? found : undefined;
        },
        patienceMs,
      );

      const atTheDoor = acceptedAtTheDoor(
        journey.wire.calls,
        world.description.demo.connections[integration],
      );
      const { accounting } = await connectionOf(world, integration);
      expect(accounting).toMatchObject({ accepted: atTheDoor, isBalanced: true, open: 0, parked: 0 });
      expect(view.accounting.accepted).toBeGreaterThan(5);
      if (integration === 'slack') expect(atTheDoor).toBe(await acknowledgedBySlack(world));
    },
    patienceMs,
  );

  it('has leaked no secret and no text anywhere (invariant 9)', async () => {
    expect(await leaksOf(journey, word)).toEqual([]);
  });

  it('was looked for where it is known to be: the search finds what it should', async () => {
    expect(await seenWhereItBelongs(journey, word)).toEqual({ text: true, issued: true, places: true });
  });
});
