import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, start } from './relay-world.ts';

afterEach(closeAll);

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
