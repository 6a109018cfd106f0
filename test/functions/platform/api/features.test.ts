import { beforeEach, describe, expect, it } from 'vitest';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import { type MemoryHub, memoryHub, tokenOf } from '../hub.ts';

const token = tokenOf('acme');
let hub: MemoryHub;

beforeEach(async () => {
  hub = await memoryHub();
});

const change = (body: unknown) => hub.ask({ method: 'PATCH', path: '/v1/features', token, body });

describe('features of an organization', () => {
  it('are all on until somebody switches one off', async () => {
    const { body } = await hub.ask({ path: '/v1/features', token });

    expect(body).toEqual({ 'delta-sync': true, 'api-writes': true });
  });

  it('are switched for this organization alone, and who did it is known', async () => {
    expect((await change({ 'delta-sync': false })).body).toMatchObject({ 'delta-sync': false });

    expect((await hub.ask({ path: '/v1/features', token: tokenOf('globex') })).body['delta-sync']).toBe(true);
    const { items } = (await hub.ask({ path: '/v1/audit', token })).body;
    expect(items[0]).toMatchObject({ action: 'features.changed', actor: 'user:ada' });
  });

  it('are never switched unsaid: who asked is known, though the function dies right after it', async () => {
    const { commit } = hub.stores.audit;
    hub.stores.audit.commit = async (writes) => {
      const isSwitched = hub.stores.connections.items().some(({ sk }) => sk === 'features');
      if (isSwitched) throw new ProviderUnavailableError('the function is gone');
      await commit.call(hub.stores.audit, writes);
    };

    const answered = await change({ 'delta-sync': false });

    expect(answered.status).toBe(503);
    expect((await hub.ask({ path: '/v1/features', token })).body['delta-sync']).toBe(false);
    const { items } = (await hub.ask({ path: '/v1/audit', token })).body;
    expect(items).toMatchObject([
      { action: 'features.changed', actor: 'user:ada', outcome: 'uncertain', facts: { 'delta-sync': false } },
    ]);
  });

  it.each([
    [{}, ''],
    [{ 'delta-sync': 'no' }, '/delta-sync'],
    [{ 'api~writes': true }, '/api~0writes'],
  ])('refuse %j and name the field', async (body, pointer) => {
    const answered = await change(body);

    expect(answered.status).toBe(400);
    expect(answered.body.pointer).toBe(pointer);
  });

  it('stop changes of tickets by the API while `api-writes` is off, and nothing else', async () => {
    await hub.says(await hub.connect('acme', 'slack'), { text: 'hello' });
    const id = await hub.onlyTicket('acme');
    const path = `/v1/tickets/${id}/comments`;
    const reply = () =>
      hub.ask({ method: 'POST', path, token, body: { body: 'x' }, headers: { 'idempotency-key': 'k' } });
    await change({ 'api-writes': false });

    const refused = await reply();
    await change({ 'api-writes': true });

    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('forbidden');
    expect(refused.headers).not.toHaveProperty('www-authenticate');
    expect((await reply()).status).toBe(201);
  });
});
