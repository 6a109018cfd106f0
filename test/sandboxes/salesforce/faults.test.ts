import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { BusEntry, SalesforceSandbox } from './index.ts';
import { closeAll, type Received, start } from './relay-world.ts';

afterEach(closeAll);

describe('Salesforce sandbox: faults of events', () => {
  const statuses = (events: readonly Received[]) =>
    events.map((event) => event.payload.Status ?? event.header.changeType);

  it('delivers twice, loses, strips to a gap and reorders when told', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });
    await sandbox.flush();
    for (const effect of ['twice', 'lose', 'gap', 'reorder'] as const)
      sandbox.faults.add({ on: 'event', effect });

    for (const Status of ['Working', 'Escalated', 'On Hold', 'Closed', 'New'])
      sandbox.human.edit(id, { Status });
    const events = (await received()).slice(1);

    expect(statuses(events)).toEqual(['Working', 'Working', 'GAP_UPDATE', 'New', 'Closed']);
    expect(sandbox.deliveries().filter((delivery) => delivery.state === 'lost')).toHaveLength(1);
  });

  it('lets later events overtake a late one, of the chosen type only', async () => {
    const { sandbox, received } = await start();
    sandbox.faults.add({ on: 'event', type: 'ContactChangeEvent', effect: 'late', ms: 30 });

    sandbox.human.create('Contact', { LastName: 'Late' });
    sandbox.human.createCase({ subject: 'first' });
    const events = await received();

    expect(events.map((event) => event.type)).toEqual(['CaseChangeEvent', 'ContactChangeEvent']);
  });

  it('offers an event again until the bus takes it', async () => {
    let refusals = 2;
    const taken: BusEntry[] = [];
    const { sandbox } = await start({
      publishEvents: async (batch) => {
        refusals -= 1;
        if (refusals >= 0) throw new Error('the bus is away');
        taken.push(...batch);
      },
    });

    sandbox.human.createCase({ subject: 'a' });
    await sandbox.flush();

    expect(taken).toHaveLength(1);
    expect(sandbox.deliveries()).toMatchObject([{ state: 'delivered', attempts: 3 }]);
  });

  it('speaks PutEvents to an event bus', async () => {
    const bodies: { target: string | undefined; body: { Entries: BusEntry[] } }[] = [];
    const bus = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        bodies.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(text) });
        const failed = bodies.length === 1 ? 1 : 0;
        response.end(JSON.stringify({ FailedEntryCount: failed, Entries: [{}] }));
      });
    });
    await new Promise<void>((resolve) => bus.listen(0, '127.0.0.1', resolve));
    const { port } = bus.address() as { port: number };
    const { sandbox } = await start();
    sandbox.settings({ eventBus: { endpoint: `http://127.0.0.1:${port}/`, name: 'partner' } });

    sandbox.human.createCase({ subject: 'a' });
    await sandbox.flush();
    bus.close();

    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toMatchObject({
      target: 'AWSEvents.PutEvents',
      body: { Entries: [{ EventBusName: 'partner', DetailType: 'CaseChangeEvent' }] },
    });
  });
});

describe('Salesforce sandbox: faults of calls', () => {
  const get = (sandbox: SalesforceSandbox, token: string, path = 'sobjects') =>
    fetch(`${sandbox.url}/services/data/v67.0/${path}`, { headers: { authorization: `Bearer ${token}` } });

  it.each([
    ['throttle', 403, 'REQUEST_LIMIT_EXCEEDED'],
    ['fail', 503, 'SERVER_UNAVAILABLE'],
    ['lock', 400, 'UNABLE_TO_LOCK_ROW'],
    ['error', 400, 'UNKNOWN_EXCEPTION'],
  ] as const)('answers a call told to %s as the vendor would', async (effect, status, code) => {
    const { sandbox } = await start();
    const { accessToken = '' } = await connect(sandbox);
    sandbox.faults.add({ on: 'call', path: 'sobjects', effect });

    const refused = await get(sandbox, accessToken ?? '');

    expect(refused.status).toBe(status);
    expect(await refused.json()).toMatchObject([{ errorCode: code }]);
    expect((await get(sandbox, accessToken ?? '')).status).toBe(200);
  });

  it('cuts the connection before the work, or after it', async () => {
    const { sandbox } = await start();
    const { accessToken } = await connect(sandbox);
    const create = (Subject: string) =>
      fetch(`${sandbox.url}/services/data/v67.0/sobjects/Case`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ Subject }),
      });
    sandbox.faults.add({ on: 'call', method: 'POST', effect: 'drop-before' });
    sandbox.faults.add({ on: 'call', method: 'POST', effect: 'drop-after' });

    await expect(create('never')).rejects.toThrow();
    await expect(create('done')).rejects.toThrow();

    expect(sandbox.human.find('SELECT Subject FROM Case').map((row) => row.Subject)).toEqual(['done']);
  });

  it('answers a stale read as it was before the last commit', async () => {
    const { sandbox } = await start();
    const { accessToken = '' } = await connect(sandbox);
    const { id } = sandbox.human.createCase({ subject: 'old' });
    sandbox.human.edit(id, { Subject: 'new' });
    const fresh = sandbox.human.createCase({ subject: 'unseen' });
    sandbox.faults.add({ on: 'call', effect: 'stale', times: 2 });

    const stale = await get(sandbox, accessToken ?? '', `sobjects/Case/${id}`);
    const unseen = await get(sandbox, accessToken ?? '', `sobjects/Case/${fresh.id}`);
    const now = await get(sandbox, accessToken ?? '', `sobjects/Case/${id}`);

    expect(await stale.json()).toMatchObject({ Subject: 'old' });
    expect(unseen.status).toBe(404);
    expect(await now.json()).toMatchObject({ Subject: 'new' });
  });

  it('is down for everybody for as long as told, and slow when told', async () => {
    const { sandbox } = await start();
    const { accessToken = '' } = await connect(sandbox);
    sandbox.faults.add({ on: 'call', effect: 'down', ms: 60_000 });
    sandbox.faults.add({ on: 'call', effect: 'slow', ms: 5 });

    expect((await get(sandbox, accessToken ?? '')).status).toBe(503);
    expect((await get(sandbox, accessToken ?? '')).status).toBe(503);
  });
});
