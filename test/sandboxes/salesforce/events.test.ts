import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import {
  type BusEntry,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
  startSalesforceSandbox,
} from './index.ts';

interface Received {
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly header: Record<string, unknown>;
}

const running: SalesforceSandbox[] = [];
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
});

async function start(options: SalesforceSandboxOptions = {}) {
  const entries: BusEntry[] = [];
  const sandbox = await startSalesforceSandbox({
    eventDelayMs: 0,
    publishEvents: async (batch) => {
      entries.push(...batch);
    },
    ...options,
  });
  running.push(sandbox);
  const received = async (): Promise<Received[]> => {
    await sandbox.flush();
    return entries.map((entry) => {
      const { payload } = JSON.parse(entry.Detail) as { payload: Record<string, unknown> };
      return {
        type: entry.DetailType,
        payload,
        header: (payload.ChangeEventHeader ?? {}) as Record<string, unknown>,
      };
    });
  };
  return { sandbox, entries, received };
}

describe('Salesforce sandbox: change events', () => {
  it('announces a creation with its values, in the Event Relay shape', async () => {
    const { sandbox, entries, received } = await start();

    const { id } = sandbox.human.createCase({ subject: 'new', priority: 'High' });
    const [event] = await received();

    expect(entries[0]?.Source).toBe(`aws.partner/salesforce.com/${sandbox.orgId}/deskbridge`);
    expect(event?.type).toBe('CaseChangeEvent');
    expect(event?.header).toMatchObject({
      entityName: 'Case',
      recordIds: [id],
      changeType: 'CREATE',
      commitUser: sandbox.agent.userId,
      sequenceNumber: 1,
    });
    expect(event?.payload).toMatchObject({ Subject: 'new', Priority: 'High', Status: 'New' });
    expect(event?.payload).not.toHaveProperty('SystemModstamp');
    expect(event?.payload).not.toHaveProperty('IsDeleted');
  });

  it('announces an edit with what changed alone, and what became empty', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'x', description: 'long' });

    sandbox.human.edit(id, { Description: null, Status: 'Working' });
    const [, event] = await received();

    expect(event?.header).toMatchObject({ changeType: 'UPDATE', nulledFields: ['Description'] });
    expect(event?.header.changedFields).toEqual(expect.arrayContaining(['Description', 'Status']));
    expect(event?.payload).toMatchObject({ Status: 'Working', Description: null });
    expect(event?.payload).not.toHaveProperty('Subject');
  });

  it('says nothing of an edit that changed nothing', async () => {
    const nowMs = Date.parse('2026-11-22T12:00:00Z');
    const { sandbox, received } = await start({ clock: { now: () => nowMs } });
    const { id } = sandbox.human.createCase({ subject: 'x' });

    sandbox.human.edit(id, { Subject: ' x ' });

    expect(await received()).toHaveLength(1);
  });

  it('tells the hub apart from people by the committing user', async () => {
    const { sandbox, received } = await start();
    const connection = await connect(sandbox);

    await connection.sobject('Case').create({ Subject: 'by the hub' });
    const [event] = await received();

    expect(event?.header.commitUser).toBe(sandbox.hubUserId);
    expect(event?.header.changeOrigin).toContain('rest');
  });

  it('sends the changed parts of a contact name as one compound field', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.create('Contact', { FirstName: 'Ada', LastName: 'King' });

    sandbox.human.edit(id, { LastName: 'Lovelace' });
    const [created, edited] = await received();

    expect(created?.payload.Name).toEqual({ FirstName: 'Ada', LastName: 'King' });
    expect(edited?.payload.Name).toEqual({ LastName: 'Lovelace' });
    expect(edited?.header.changedFields).toContain('Name.LastName');
  });

  it('puts like changes of one transaction into one event with several ids', async () => {
    const { sandbox, received } = await start();
    const ids = [
      sandbox.human.createCase({ subject: 'a' }).id,
      sandbox.human.createCase({ subject: 'b' }).id,
    ];

    sandbox.human.editTogether(ids, { Status: 'Working' });
    const events = await received();

    expect(events).toHaveLength(3);
    expect(events[2]?.header.recordIds).toEqual(ids);
  });

  it('announces deletion and undeletion, and a gap without values', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });

    sandbox.human.remove(id);
    sandbox.human.undelete(id);
    sandbox.human.gap(id, 'UPDATE');
    const events = await received();

    expect(events.map((event) => event.header.changeType)).toEqual([
      'CREATE',
      'DELETE',
      'UNDELETE',
      'GAP_UPDATE',
    ]);
    expect(Object.keys(events[3]?.payload ?? {})).toEqual(['ChangeEventHeader']);
  });
});

describe('Salesforce sandbox: comment events of the package', () => {
  it('makes no change event for CaseComment, the trigger publishes its own', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });

    const comment = sandbox.human.comment(id, 'hello', { isPublished: true });
    sandbox.human.editComment(comment.id, { body: 'hello again', isPublished: false });
    sandbox.human.remove(comment.id);
    const events = (await received()).slice(1);

    expect(events.map((event) => event.type)).toEqual(Array(3).fill('Deskbridge_Comment_Event__e'));
    expect(events.map((event) => event.payload.Change_Type__c)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    expect(events[0]?.payload).toMatchObject({
      Comment_Id__c: comment.id,
      Case_Id__c: id,
      Body__c: 'hello',
      Is_Published__c: true,
      Author_Name__c: 'Grace Agent',
      Author_Role__c: 'agent',
      Modified_By__c: sandbox.agent.userId,
    });
    expect(events[2]?.payload.Body__c).toBeNull();
  });

  it('publishes nothing for a comment that went with its case, nor for one rolled back', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });
    sandbox.human.comment(id, 'kept');
    sandbox.human.remove(id);

    const connection = await connect(sandbox);
    await connection.request({
      method: 'POST',
      url: '/composite',
      body: JSON.stringify({
        allOrNone: true,
        compositeRequest: [
          {
            method: 'POST',
            url: '/services/data/v67.0/sobjects/CaseComment',
            referenceId: 'a',
            body: { ParentId: id },
          },
        ],
      }),
    });

    expect((await received()).filter((event) => event.type.startsWith('Deskbridge'))).toHaveLength(1);
  });
});

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

describe('Salesforce sandbox: control from another process', () => {
  it('does by HTTP what people do', async () => {
    const { sandbox, received } = await start();
    const control = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${sandbox.url}/__control/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    const made = await control('POST', 'cases', { subject: 'by control' });
    const id = String(made.body.id);
    const other = String(
      (await control('POST', 'records', { object: 'Case', fields: { Subject: 'loser' } })).body.id,
    );
    await control('PATCH', `records/${id}`, { fields: { Status: 'Working' }, as: sandbox.agents[1]?.userId });
    const comment = await control('POST', 'comments', { caseId: id, body: 'hi', isPublished: true });
    await control('DELETE', `records/${comment.body.id}`);
    await control('POST', 'undelete', { id: comment.body.id });
    await control('POST', 'merge', { masterId: id, loserIds: [other] });
    await control('POST', 'gap', { id });
    await control('POST', 'faults', { on: 'call', effect: 'fail' });
    const faults = await control('GET', 'faults');
    await control('DELETE', 'faults');
    await control('POST', 'settings', { apiLimit: 5 });
    await control('POST', 'revocations');
    await control('POST', 'flush');
    const found = await control('POST', 'query', {
      soql: `SELECT Status, LastModifiedById FROM Case WHERE Id = '${id}'`,
    });

    expect(found.body).toMatchObject([{ Status: 'Working' }]);
    expect(faults.body).toMatchObject([{ effect: 'fail', times: 1 }]);
    expect((await control('GET', 'state')).body).toMatchObject({
      Case: [{ Id: id }, { Id: other, MasterRecordId: id }],
    });
    expect((await control('GET', 'deliveries')).body).toHaveLength((await received()).length);
    expect((await control('POST', 'nothing')).status).toBe(404);
    expect((await control('POST', 'faults', { on: 'call', effect: 'explode' })).status).toBe(400);
    expect((await control('PATCH', `records/${id}`, { fields: { Nope: 1 } })).status).toBe(400);
  });
});

describe('Salesforce sandbox: keeping its state', () => {
  it('comes back with rows, ids, keys and the events nobody took', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'salesforce-'));
    const { sandbox } = await start({ dataDir, publishEvents: () => Promise.reject(new Error('away')) });
    const made = sandbox.human.createCase({ subject: 'survives' });
    await sandbox.close();
    running.splice(0);

    const again = await start({ dataDir });
    const events = await again.received();
    const next = again.sandbox.human.createCase({ subject: 'next' });

    expect(again.sandbox.human.find('SELECT Subject FROM Case')[0]).toMatchObject({ Subject: 'survives' });
    expect(events.map((event) => event.header.recordIds)).toEqual([[made.id]]);
    expect(next.id).not.toBe(made.id);
    expect(Number(next.caseNumber)).toBe(Number(made.caseNumber) + 1);
    expect(again.sandbox.privateKey).toBe(sandbox.privateKey);
    expect(statSync(join(dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
    rmSync(dataDir, { recursive: true });
  });
});
