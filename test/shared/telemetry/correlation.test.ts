import { beforeEach, describe, expect, it } from 'vitest';
import { cloudEvent } from '../../../shared/adapters/aws/bus.ts';
import type { Connection } from '../../../shared/ports/index.ts';
import { correlationOf } from '../../../shared/telemetry/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../../functions/platform/hub.ts';
import { type PlainVendor, plainVendor, settle } from '../../functions/platform/vendor.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let slack: Connection;
let salesforce: Connection;
let chat: PlainVendor;
let desk: PlainVendor;

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce');
  chat = plainVendor('chat', hub.clock);
  desk = plainVendor('desk', hub.clock);
});

const settleAll = () => settle(hub, { slack: chat, salesforce: desk });
const metrics = (name: string) => hub.telemetry.metrics.filter((each) => each.name === name);
const logs = (message: string) => hub.telemetry.logs.filter((each) => each.message === message);

/** Said three seconds before the hub hears of it. */
async function hears(eventId: string): Promise<number> {
  const { raw, ts } = hub.slackBody({ text: 'The pole snapped', eventId });
  hub.clock.advance(3_000);
  const path = `/webhooks/slack/${slack.id}`;
  await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(slack, raw) });
  return Math.floor(Number(ts) * 1_000);
}

async function patch(body: object): Promise<void> {
  const id = await hub.onlyTicket('acme');
  const headers = { 'idempotency-key': JSON.stringify(body).replace(/\W/g, '') };
  await hub.ask({ method: 'PATCH', path: `/v1/tickets/${id}`, token, body, headers });
}

describe('one correlation id', () => {
  it('leads from the accepted event through observe and work to the write and the published event', async () => {
    await hears('Ev0001');
    const correlation = correlationOf(slack.id, 'Ev0001');

    await hub.observe();
    const ticket = await hub.onlyTicket('acme');
    await settleAll();

    const atSlack = { organization: 'acme', connection: slack.id, integration: 'slack', correlation };
    const atDesk = {
      organization: 'acme',
      connection: salesforce.id,
      integration: 'salesforce',
      correlation,
    };
    expect(metrics('Accepted')[0]?.subject).toEqual(atSlack);
    expect(logs('observed')).toMatchObject([
      { level: 'info', subject: { ...atSlack, record: ticket }, facts: { end: 'applied' } },
    ]);
    expect(logs('changed')[0]).toMatchObject({
      level: 'info',
      subject: { ...atSlack, record: ticket },
      facts: { kind: 'ticket', what: 'created', revision: 1 },
    });
    expect(logs('written').filter(({ facts }) => facts.kind === 'ticket')).toMatchObject([
      {
        level: 'info',
        subject: { ...atDesk, record: ticket },
        facts: { operation: 'create', outcome: 'done' },
      },
    ]);
    const created = hub.bus.events.find(({ type }) => type === 'ticket.created');
    expect(cloudEvent(created!)).toMatchObject({ correlationid: correlation });
  });

  it('is the request’s own for a change made through the API', async () => {
    await hears('Ev0001');
    await hub.observe();
    await settleAll();

    await patch({ priority: 'high' });
    await settleAll();

    expect(logs('changed').at(-1)?.subject.correlation).toBe('r1');
    expect(logs('written').at(-1)?.subject).toMatchObject({ connection: salesforce.id, correlation: 'r1' });
    expect(hub.bus.events.find(({ type }) => type === 'ticket.updated')?.correlation).toBe('r1');
  });

  it('says nothing in the vendor’s own words, and stands on every line about an event', async () => {
    await hears('xoxb-said-as-an-id');
    await hub.observe();
    await settleAll();

    const told = JSON.stringify([hub.telemetry.logs, hub.telemetry.metrics, hub.bus.events]);
    expect(told).not.toContain('xoxb-said-as-an-id');
    expect(told).not.toContain('The pole snapped');
    expect(hub.telemetry.logs.length).toBeGreaterThan(3);
    for (const { subject } of hub.telemetry.logs) {
      expect(subject).toMatchObject({
        organization: 'acme',
        correlation: expect.stringMatching(/^[\w-]{16}$/),
      });
      expect(subject.record).toBeDefined();
    }
  });

  it('of two connections’ events of one id is not the same', () => {
    expect(correlationOf('c1', 'Ev1')).not.toBe(correlationOf('c2', 'Ev1'));
    expect(correlationOf('c1', 'Ev1')).toBe(correlationOf('c1', 'Ev1'));
  });
});

describe('sync lag', () => {
  it('runs from the source’s commit to the target’s answer: one figure in metric, log, audit and timeline', async () => {
    const saidAtMs = await hears('Ev0001');
    hub.clock.advance(1_000);
    await hub.observe();
    await settleAll();

    const id = await hub.onlyTicket('acme');
    const timeline = await hub.ask({ path: `/v1/tickets/${id}/timeline?limit=100`, token });
    const [effect] = timeline.body.items.filter(({ type }: { type: string }) => type === 'effect');
    const lagMs = Date.parse(effect.at) - saidAtMs;
    expect(lagMs).toBeGreaterThan(4_000);
    expect(effect.lagMs).toBe(lagMs);
    expect(metrics('SyncLag').map(({ value }) => value)).toEqual([lagMs]);
    expect(logs('written').map(({ facts }) => facts.lagMs)).toEqual([lagMs]);
    const audit = await hub.ask({ path: '/v1/audit?limit=50', token });
    const copies = audit.body.items.filter(({ action }: { action: string }) => action === 'copy.created');
    expect(copies.map(({ facts }: { facts: object }) => facts)).toMatchObject([
      { kind: 'ticket', operation: 'create', for: 'vendor:slack', lagMs },
    ]);
  });
});

describe('what was said before its connection was made', () => {
  it('is written, and counts as no lag: neither in metric, log and audit nor in timeline and connection', async () => {
    const { raw } = hub.slackBody({ text: 'The pole snapped', eventId: 'Ev0001' });
    hub.clock.advance(86_400_000);
    const late = await hub.connect('acme', 'slack');
    const path = `/webhooks/slack/${late.id}`;
    await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(late, raw) });
    await hub.observe();
    await settleAll();

    const id = await hub.onlyTicket('acme');
    const timeline = await hub.ask({ path: `/v1/tickets/${id}/timeline?limit=100`, token });
    const effects = timeline.body.items.filter(({ type }: { type: string }) => type === 'effect');
    expect(effects).toHaveLength(1);
    expect(effects[0]).not.toHaveProperty('lagMs');
    expect(metrics('Effects')).toHaveLength(1);
    expect(metrics('SyncLag')).toEqual([]);
    expect(logs('written')[0]?.facts).not.toHaveProperty('lagMs');
    const audit = await hub.ask({ path: '/v1/audit?limit=50', token });
    const copies = audit.body.items.filter(({ action }: { action: string }) => action === 'copy.created');
    expect(copies).toHaveLength(1);
    expect(copies[0].facts).not.toHaveProperty('lagMs');
    const desk = await hub.ask({ path: `/v1/connections/${salesforce.id}`, token });
    expect(desk.body.lag.samples).toEqual([]);
  });

  it('takes no place among the latest samples of a connection’s lag', async () => {
    const lagOf = async () => (await hub.ask({ path: `/v1/connections/${salesforce.id}`, token })).body.lag;
    await hears('Ev0001');
    await hub.observe();
    await settleAll();
    const { samples } = await lagOf();
    expect(samples).toHaveLength(1);
    const olds = Array.from({ length: 130 }, (_, at) => hub.slackBody({ text: `old ${at}` }));
    hub.clock.advance(86_400_000);
    const late = await hub.connect('acme', 'slack');
    const path = `/webhooks/slack/${late.id}`;
    for (const { raw } of olds)
      await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(late, raw) });
    await hub.observe();
    await settleAll();

    expect(metrics('Effects')).toHaveLength(131);
    expect((await lagOf()).samples).toEqual(samples);
  });
});

describe('conflicts', () => {
  it('are counted where a worker finds them, under the lease', async () => {
    await hears('Ev0001');
    await hub.observe();
    await settleAll();
    const [[, item]] = [...desk.held].filter(([, { ref }]) => ref.kind === 'ticket') as never as [
      [string, { ref: never; fields: object }],
    ];
    await patch({ priority: 'high' });
    hub.clock.advance(1_000);
    desk.has(item.ref, { ...item.fields, priority: 'Low' });

    await settleAll();

    const ticket = await hub.onlyTicket('acme');
    expect(metrics('Conflicts')).toMatchObject([
      {
        value: 1,
        subject: {
          organization: 'acme',
          connection: salesforce.id,
          integration: 'salesforce',
          record: ticket,
        },
      },
    ]);
  });
});
