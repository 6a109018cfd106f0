import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, eventName } from '../../../../functions/platform/api/schemas/events.ts';
import { cloudEvent } from '../../../../shared/adapters/aws/bus.ts';
import { checkSchema } from '../document.ts';
import { memoryHub, tokenOf } from '../hub.ts';
import { plainVendor } from '../vendor.ts';

describe('events on the bus (CloudEvents 1.0)', () => {
  it('are published as their schemas say, whatever happens to a ticket', async () => {
    const hub = await memoryHub();
    const slack = await hub.connect('acme', 'slack');
    await hub.connect('acme', 'salesforce');
    const desk = plainVendor('desk', hub.clock);
    desk.refuse('REQUIRED_FIELD_MISSING');
    const threadTs = await hub.says(slack, { text: 'The pole snapped' });
    await hub.says(slack, { text: 'Any news?', threadTs });
    await hub.work('slack', plainVendor('chat', hub.clock));
    await hub.work('salesforce', desk);
    const id = await hub.onlyTicket('acme');
    const headers = { 'idempotency-key': 'k' };
    await hub.ask({
      method: 'PATCH',
      path: `/v1/tickets/${id}`,
      token: tokenOf('acme'),
      body: { status: 'open' },
      headers,
    });

    const types = new Set(hub.bus.events.map(({ type }) => type));

    for (const event of hub.bus.events) {
      expect(EVENT_TYPES).toContain(event.type);
      checkSchema(eventName(event.type), cloudEvent(event));
    }
    expect([...types].sort()).toEqual(
      expect.arrayContaining(['comment.created', 'connection.created', 'ticket.created', 'ticket.updated']),
    );
    expect(new Set(hub.bus.events.map((event) => event.id)).size).toBe(hub.bus.events.length);
  });

  it('name the schema of their data as it is published', async () => {
    const hub = await memoryHub();
    await hub.connect('acme', 'slack');
    const { body } = await hub.ask({ path: '/v1/events/schemas' });

    for (const event of hub.bus.events.map(cloudEvent)) {
      expect(body[event.type].properties.data.$id).toBe(event.dataschema);
    }
    const ids = Object.values<{ properties: { data: { $id: string } } }>(body).map(
      ({ properties }) => properties.data.$id,
    );
    expect(new Set(ids).size).toBe(EVENT_TYPES.length);
  });

  it('carry no value of a ticket, only the names of what changed', async () => {
    const hub = await memoryHub();
    await hub.says(await hub.connect('acme', 'slack'), { text: 'a secret of the customer' });

    expect(JSON.stringify(hub.bus.events)).not.toContain('a secret of the customer');
  });

  it('refuse what the schema does not know', async () => {
    const hub = await memoryHub();
    await hub.connect('acme', 'slack');
    const [event] = hub.bus.events.map(cloudEvent);

    expect(() => checkSchema('ConnectionCreatedEvent', event)).not.toThrow();
    expect(() => checkSchema('ConnectionCreatedEvent', { ...event, extra: 1 })).toThrow();
    expect(() => checkSchema('TicketCreatedEvent', event)).toThrow();
  });
});
