import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from './index.ts';
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

  it('loses no answered commit after a line that a kill cut off', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'salesforce-'));
    const { sandbox } = await start({ dataDir });
    sandbox.human.createCase({ subject: 'before' });
    await sandbox.close();
    appendFileSync(join(dataDir, 'salesforce.jsonl'), '{"rows":[{"Id":"500');

    const second = await start({ dataDir });
    second.sandbox.human.createCase({ subject: 'after' });
    await second.sandbox.close();
    const third = await start({ dataDir });

    expect(third.sandbox.human.find('SELECT Subject FROM Case ORDER BY Subject')).toMatchObject([
      { Subject: 'after' },
      { Subject: 'before' },
    ]);
    rmSync(dataDir, { recursive: true });
  });

  it('knows whom it let in, whom it turned out, and what it was told of itself', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'salesforce-'));
    const { sandbox } = await start({ dataDir });
    const kept = await signIn(sandbox);
    const revoked = await signIn(sandbox);
    await fetch(`${sandbox.url}/services/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: revoked.refresh_token }),
    });
    sandbox.settings({ apiLimit: 7 });
    await sandbox.close();

    const again = (await start({ dataDir })).sandbox;

    expect(await refresh(again, kept.refresh_token)).toHaveProperty('access_token');
    expect(await refresh(again, revoked.refresh_token)).toMatchObject({ error: 'invalid_grant' });
    const answer = await fetch(`${again.url}/services/data/v67.0/sobjects`, {
      headers: { authorization: `Bearer ${kept.access_token}` },
    });
    expect(answer.headers.get('sforce-limit-info')).toBe('api-usage=1/7');
    again.human.revokeTokens();
    await again.close();
    const last = (await start({ dataDir })).sandbox;
    expect(await refresh(last, kept.refresh_token)).toMatchObject({ error: 'invalid_grant' });
    rmSync(dataDir, { recursive: true });
  });
});

const redirectUri = 'http://127.0.0.1:1/callback';
type Granted = Record<'access_token' | 'refresh_token', string>;

async function token(sandbox: SalesforceSandbox, form: Record<string, string>): Promise<Granted> {
  const { consumerKey, clientSecret, url } = sandbox;
  const body = new URLSearchParams({ client_id: consumerKey, client_secret: clientSecret, ...form });
  const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body });
  return (await answer.json()) as Granted;
}

async function signIn(sandbox: SalesforceSandbox): Promise<Granted> {
  const verifier = 'v'.repeat(64);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: sandbox.consumerKey,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const answer = await fetch(`${sandbox.url}/services/oauth2/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  return token(sandbox, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

const refresh = (sandbox: SalesforceSandbox, refreshToken: string) =>
  token(sandbox, { grant_type: 'refresh_token', refresh_token: refreshToken });
