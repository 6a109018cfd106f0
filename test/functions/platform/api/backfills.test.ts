import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

let hub: MemoryHub;
let salesforce: Connection;
beforeEach(async () => {
  hub = await memoryHub();
  salesforce = await hub.connect('acme', 'salesforce');
});

const token = tokenOf('acme');
const ask = (method: 'GET' | 'POST', path: string, body?: unknown) =>
  hub.ask({ method, path, token, ...(body === undefined ? {} : { body }) });
const start = (body: unknown = {}) => ask('POST', `/v1/connections/${salesforce.id}/backfills`, body);

describe('backfills', () => {
  it('start with everything the integration offers, parents first', async () => {
    const { status, body } = await start();

    expect(status).toBe(202);
    expect(body).toMatchObject({
      connection: salesforce.id,
      state: 'planned',
      kinds: [
        { kind: 'account', read: 0 },
        { kind: 'contact', read: 0 },
        { kind: 'ticket', read: 0 },
        { kind: 'comment', read: 0 },
        { kind: 'attachment', read: 0 },
      ],
      records: 0,
      perSecond: 0,
    });
    expect(hub.queues.jobs('salesforce').size).toBe(1);
  });

  it('start with some kinds, and with what has changed since', async () => {
    const { body } = await start({ kinds: ['ticket'], since: '2026-01-02T03:04:05Z' });

    expect(body).toMatchObject({ kinds: [{ kind: 'ticket', read: 0 }], since: '2026-01-02T03:04:05.000Z' });
  });

  it('start outwards, of the kinds that can be made there together', async () => {
    const { body } = await start({ direction: 'out' });

    expect(body).toMatchObject({
      direction: 'out',
      state: 'planned',
      kinds: [
        { kind: 'account', read: 0 },
        { kind: 'contact', read: 0 },
        { kind: 'ticket', read: 0 },
        { kind: 'attachment', read: 0 },
      ],
    });
  });

  it.each([
    ['another direction', { direction: 'up' }, '/direction'],
    ['a kind that is not made together', { direction: 'out', kinds: ['comment'] }, '/kinds'],
    ['a moment, outwards', { direction: 'out', since: '2026-01-02T03:04:05Z' }, '/since'],
    ['an unknown kind', { kinds: ['dog'] }, '/kinds/0'],
    ['no kind at all', { kinds: [] }, '/kinds'],
    ['a kind twice', { kinds: ['ticket', 'ticket'] }, '/kinds'],
    ['no moment', { since: 'yesterday' }, '/since'],
    ['a field nobody knows', { everything: true }, '/everything'],
  ])('refuse %s, naming it', async (_, body, pointer) => {
    expect(await start(body)).toMatchObject({ status: 400, body: { pointer } });
  });

  it('run once at a time for a connection, and not where none is offered', async () => {
    const slack = await hub.connect('acme', 'slack');
    await start();

    expect((await start()).status).toBe(409);
    const refused = await ask('POST', `/v1/connections/${slack.id}/backfills`, {});
    expect(refused).toMatchObject({ status: 409, body: { detail: 'Slack offers no backfill' } });
    expect((await ask('GET', `/v1/connections/${slack.id}/backfills`)).body).toEqual({
      isOffered: false,
      isOfferedOut: false,
      items: [],
    });
  });

  it('are listed, the newest first, and read one by one', async () => {
    const first = (await start()).body.id;
    await ask('POST', `/v1/backfills/${first}/cancel`);
    hub.clock.advance(1_000);
    const second = (await start()).body.id;

    const { body } = await ask('GET', `/v1/connections/${salesforce.id}/backfills`);

    expect(body.isOffered).toBe(true);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    expect((await ask('GET', `/v1/backfills/${first}`)).body).toEqual(body.items[1]);
  });

  it('are cancelled, once and again', async () => {
    const { id } = (await start()).body;

    const cancelled = await ask('POST', `/v1/backfills/${id}/cancel`);

    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(cancelled.body.endedAt).toBeDefined();
    expect(await ask('POST', `/v1/backfills/${id}/cancel`)).toEqual(cancelled);
    expect((await ask('POST', '/v1/backfills/never-was/cancel')).status).toBe(404);
  });
});
