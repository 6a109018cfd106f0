import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import type { World } from '../../bin/local/demo/world.ts';
import { untilAnotherSecond } from '../another-second.ts';
import { connectionOf, conversation, type JourneyHub, journeyHub, ticketOf } from './hub.ts';

const patienceMs = 60_000;

interface Lost {
  readonly type: string;
  readonly id: string;
  readonly lost: unknown;
  readonly kept: unknown;
  readonly policy: string;
}
interface Parked {
  readonly id: string;
  readonly ticket?: string;
  readonly code?: string;
  readonly fault: string;
  readonly wouldWrite?: Record<string, { readonly to: unknown }>;
}
interface Mapping {
  readonly document: {
    readonly version: number;
    readonly custom?: Record<string, object>;
    readonly kinds: { readonly ticket: { readonly rules: readonly object[] } };
  };
}

let journey: JourneyHub;
let world: World;
let ticket: string;
let caseId: string;
beforeAll(async () => {
  journey = await journeyHub();
  world = journey.world;
  const thread = await conversation(world, 'My tent pole is bent');
  ticket = await ticketOf(world, thread.ts);
  caseId = thread.caseId;
}, 180_000);
afterAll(() => journey.close());

const held = async () => (await world.salesforce.rows('Case')).find(({ Id }) => Id === caseId);
const ticketNow = () =>
  world.api.get<{ subject: string; custom: Record<string, unknown> }>(`/v1/tickets/${ticket}`);

async function untilBothSay(subject: string): Promise<void> {
  await until(
    `"${subject}" on both sides`,
    async () =>
      (await held())?.Subject === subject && (await ticketNow()).subject === subject ? true : undefined,
    patienceMs,
  );
}

async function lostSubjects(): Promise<readonly Lost[]> {
  const { steps } = await world.api.get<{ steps: readonly Lost[] }>(`/v1/tickets/${ticket}/why/subject`);
  return steps.filter(({ type }) => type === 'lost');
}

describe('a subject set in the hub and in Salesforce, neither knowing of the other', () => {
  it(
    'is what was set last, everywhere, and what lost stands in the story of the field',
    async () => {
      await world.salesforce.control('POST', 'faults', { on: 'call', effect: 'down', ms: 6_000 });
      await world.api.patch(`/v1/tickets/${ticket}`, { subject: 'Pole, Ridgeline 3' });
      await untilAnotherSecond();
      await world.salesforce.change(caseId, { Subject: 'Bent pole' });

      await untilBothSay('Bent pole');

      expect(await lostSubjects()).toMatchObject([
        { lost: 'Pole, Ridgeline 3', kept: 'Bent pole', policy: 'newest' },
      ]);
    },
    patienceMs,
  );

  it(
    'takes the lost value back in one action, everywhere, and loses nothing by it',
    async () => {
      const [lost] = await lostSubjects();

      await world.api.post(`/v1/tickets/${ticket}/conflicts/${lost?.id}/restore`, undefined, {
        'idempotency-key': 'take-it-back',
      });

      await untilBothSay('Pole, Ridgeline 3');
      expect(await lostSubjects()).toHaveLength(1);
    },
    patienceMs,
  );
});

describe('a field of the organization’s own, mapped while cases stand', () => {
  it(
    'shows in its preview what the hub would take, and writes nothing before it is applied',
    async () => {
      await world.salesforce.change(caseId, { Severity__c: 'S1' });
      const { document } = await severity();
      const { id } = await connectionOf(world, 'salesforce');

      const { items } = await world.api.post<{ items: readonly object[] }>(
        `/v1/connections/${id}/mapping/preview`,
        { document },
      );

      expect(items).toContainEqual(
        expect.objectContaining({
          record: ticket,
          takes: expect.arrayContaining([{ field: 'custom.severity', from: null, to: 'S1' }]),
        }),
      );
      expect((await ticketNow()).custom).toEqual({});
    },
    patienceMs,
  );

  it(
    'is in step both ways once it is',
    async () => {
      const { document, basedOn } = await severity();
      const { id } = await connectionOf(world, 'salesforce');
      await world.api.put(`/v1/connections/${id}/mapping`, { document, basedOn });

      await until(
        'the ticket has a severity',
        async () => ((await ticketNow()).custom.severity === 'S1' ? true : undefined),
        patienceMs,
      );
      await world.api.patch(`/v1/tickets/${ticket}`, { custom: { severity: 'S3' } });

      await until(
        'the Case has it',
        async () => ((await held())?.Severity__c === 'S3' ? true : undefined),
        patienceMs,
      );
    },
    2 * patienceMs,
  );

  async function severity() {
    const { id } = await connectionOf(world, 'salesforce');
    const { document } = await world.api.get<Mapping>(`/v1/connections/${id}/mapping`);
    const rule = {
      field: 'custom.severity',
      vendorField: 'Severity__c',
      direction: 'both',
      first: 'vendor',
      values: ['S1', 'S2', 'S3'].map((word) => ({ hub: word, vendor: [word] })),
    };
    const rules = [...document.kinds.ticket.rules, rule];
    return {
      basedOn: document.version,
      document: {
        ...document,
        custom: { ...document.custom, severity: { type: 'text' } },
        kinds: { ...document.kinds, ticket: { rules } },
      },
    };
  }
});

describe('work that Salesforce refused until its owner mended it', () => {
  it(
    'shows what a replay would write, goes back in bulk, and ends as one Case each',
    async () => {
      const texts = ['The stove leaks gas', 'The lamp is dark'];
      const refusal = { on: 'call', path: 'composite', effect: 'error', status: 400, times: 100 };
      await world.salesforce.control('POST', 'faults', { ...refusal, error: 'REQUIRED_FIELD_MISSING' });
      for (const text of texts) await world.slack.say(text);
      const parked = await until(
        'both are parked',
        async () => {
          const { items } = await world.api.get<{ items: readonly Parked[] }>('/v1/parked?cause=rejected');
          return items.length === texts.length ? items : undefined;
        },
        patienceMs,
      );
      expect(parked.map(({ fault, code }) => [fault, code])).toEqual(
        texts.map(() => ['organization', 'REQUIRED_FIELD_MISSING']),
      );
      expect(parked.map(({ wouldWrite }) => wouldWrite?.description?.to).sort()).toEqual([...texts].sort());

      await world.salesforce.control('DELETE', 'faults');
      const { id } = await world.api.post<{ id: string }>('/v1/parked/replays', { cause: 'rejected' });

      const job = await until(
        'the replay is done',
        async () => {
          const now = await world.api.get<{ state: string }>(`/v1/parked/replays/${id}`);
          return now.state === 'done' ? now : undefined;
        },
        patienceMs,
      );
      expect(job).toMatchObject({ total: texts.length, replayed: texts.length, failed: 0 });
      const cases = await until(
        'a Case of each',
        async () => {
          const rows = await world.salesforce.rows('Case');
          const found = rows.filter(({ Description }) => texts.includes(String(Description)));
          return found.length >= texts.length ? found : undefined;
        },
        patienceMs,
      );
      expect(cases).toHaveLength(texts.length);
    },
    3 * patienceMs,
  );
});
