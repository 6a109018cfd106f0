import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

const token = tokenOf('acme');
let hub: MemoryHub;
let salesforce: Connection;
let slack: Connection;

beforeEach(async () => {
  hub = await memoryHub();
  slack = await hub.connect('acme', 'slack');
  salesforce = await hub.connect('acme', 'salesforce');
});

const at = ({ id }: Connection, more = '') => `/v1/connections/${id}/schedule${more}`;
const ask = (method: 'GET' | 'PUT' | 'DELETE' | 'POST', path: string, body?: unknown) =>
  hub.ask({ method, path, token, ...(body === undefined ? {} : { body }) });
const nightly = { expression: 'cron(30 2 * * ? *)', timeZone: 'Europe/Berlin' };

describe('schedule of a connection', () => {
  it('is the integration’s own until one is chosen, and says when it runs next', async () => {
    const { body } = await ask('GET', at(salesforce));

    expect(body).toMatchObject({
      isPolled: true,
      isOwn: false,
      expression: 'rate(1 minute)',
      timeZone: 'UTC',
    });
    expect(body.nextRuns).toHaveLength(5);
  });

  it('is previewed with nothing changed, then chosen, audited, and dropped again', async () => {
    const preview = await ask('POST', at(salesforce, '/preview'), nightly);
    expect(preview.body).toMatchObject({ isOwn: true, ...nightly });
    expect(preview.body.nextRuns[0]).toMatch(/T01:30:00/);
    expect((await ask('GET', at(salesforce))).body.isOwn).toBe(false);

    expect((await ask('PUT', at(salesforce), nightly)).body).toEqual(preview.body);
    expect((await ask('GET', at(salesforce))).body).toMatchObject({ isOwn: true, ...nightly });
    const { items } = (await ask('GET', '/v1/audit')).body;
    expect(items[0]).toMatchObject({ action: 'connection.scheduled', actor: 'user:ada' });

    expect((await ask('DELETE', at(salesforce))).body.isOwn).toBe(false);
  });

  it('is refused by the field that is wrong', async () => {
    const zone = await ask('PUT', at(salesforce), { ...nightly, timeZone: 'Mars/Olympus' });
    const words = await ask('PUT', at(salesforce), { expression: 'often' });

    expect(zone.status).toBe(400);
    expect(JSON.stringify(zone.body)).toContain('/timeZone');
    expect(words.status).toBe(400);
    expect(JSON.stringify(words.body)).toContain('/expression');
  });

  it.each([
    ['POST', '/preview'],
    ['PUT', ''],
  ] as const)('is refused where it would never run: %s %s', async (method, more) => {
    const never = { expression: 'cron(0 2 * * ? 2001)', timeZone: 'UTC' };

    const { status, body } = await ask(method, at(salesforce, more), never);

    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('it would never run');
  });

  it('is none where the vendor has no list of changes, and cannot be chosen there', async () => {
    expect((await ask('GET', at(slack))).body).toEqual({ isPolled: false, isOwn: false, nextRuns: [] });
    expect((await ask('PUT', at(slack), nightly)).status).toBe(409);
  });
});
