import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createRegister, storeAudit } from '../../../shared/connections/index.ts';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { equalsAny, hmacSha256Hex, inbound, presentSecrets, readJson } from '../../../shared/http/index.ts';
import type { Authenticity } from '../../../shared/ports/index.ts';
import { type MemoryPlatform, memoryPlatform } from '../../memory/platform.ts';
import { acme, globex, manifest } from '../connections/model.ts';

const SECRET = 'canary-signing-secret';
const BODY = JSON.stringify({ id: 'e1', group: 'g1', text: 'canary words of a customer' });
let verified = 0;

const authenticity: Authenticity = {
  name: 'verifyModel',
  verify(request, secrets) {
    verified += 1;
    const expected = presentSecrets(secrets, ['signingSecret', 'previousSigningSecret']);
    const signatures = expected.map((secret) => hmacSha256Hex(secret, request.body));
    return equalsAny(request.headers['x-signature'] ?? '', signatures) ? 'authentic' : 'not-authentic';
  },
  handshake(request) {
    if (request.rawQuery !== 'challenge=42') return undefined;
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: '42' };
  },
  route(request) {
    try {
      const { id, group } = readJson(request.body) as { id?: string; group?: string };
      if (group === 'nothing') return 'ignore';
      return id === undefined || group === undefined ? 'unreadable' : { eventId: id, group };
    } catch {
      return 'unreadable';
    }
  },
};

interface Sent {
  readonly connection?: string;
  readonly body?: string | Buffer;
  readonly signature?: string;
  readonly isBase64?: boolean;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

async function world(over: Partial<MemoryPlatform> = {}) {
  const platform = memoryPlatform(over);
  const { clock, random, bus, stores } = platform;
  const audit = storeAudit({ store: stores.audit, random });
  const register = createRegister({ store: stores.connections, clock, random, audit, bus });
  const connect = async (id: string, organization: OrganizationId, integration = 'model') => {
    const bodyKey = randomBytes(32).toString('base64');
    await platform.secretsWriter.put(id as ConnectionId, { signingSecret: `${SECRET}-${id}`, bodyKey });
    const given = { organization, integration, name: 'M', baseUrl: 'https://vendor.example', settings: {} };
    return register.create({ ...given, id: id as ConnectionId }, 'user:ann');
  };
  await connect('c1', acme);
  await connect('c2', globex);
  await connect('c3', acme, 'other');
  const handler = inbound(manifest, authenticity, platform);
  const send = async ({
    connection = 'c1',
    body = BODY,
    isBase64 = false,
    query = '',
    headers,
    ...rest
  }: Sent = {}) => {
    const signature = rest.signature ?? hmacSha256Hex(`${SECRET}-${connection}`, body);
    const event = {
      rawPath: `/webhooks/model/${connection}`,
      rawQueryString: query,
      headers: { 'X-Signature': signature, 'content-type': 'application/json', ...headers },
      pathParameters: { connection },
      requestContext: { http: { method: 'POST' } },
      body: Buffer.from(body).toString(isBase64 ? 'base64' : 'utf8'),
      isBase64Encoded: isBase64,
    } as unknown as APIGatewayProxyEventV2;
    return (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
  };
  const count = (name: string) => platform.telemetry.metrics.filter((metric) => metric.name === name).length;
  return { platform, send, count, connect };
}

/** Inbox rows; the marks the door counts by stand beside them. */
const rowsIn = (platform: MemoryPlatform) =>
  platform.stores.records.items().filter(({ pk }) => pk.includes('#inbox#'));

const isStored = (platform: MemoryPlatform) =>
  platform.stores.records.items().length + platform.queues.changes.size + platform.queues.deltas.size > 0;

describe('inbound: an authentic event', () => {
  it('is kept sealed and queued before it is answered', async () => {
    const { platform, send, count } = await world();

    const answer = await send();

    expect(answer).toMatchObject({ statusCode: 200, body: '' });
    expect(platform.queues.changes.bodies()).toEqual([
      { type: 'change', organization: acme, connection: 'c1', inbox: 'e1' },
    ]);
    const kept = JSON.stringify(platform.stores.records.items());
    expect(kept).toContain('e1');
    expect(kept).not.toContain('canary');
    expect([count('Accepted'), count('AckLatency')]).toEqual([1, 1]);
  });

  it('is kept once however often it comes', async () => {
    const { platform, send, count } = await world();
    await send();

    expect(await send()).toMatchObject({ statusCode: 200 });

    expect(rowsIn(platform)).toHaveLength(1);
    expect(platform.queues.changes.size).toBe(1);
    expect([count('Accepted'), count('Duplicates')]).toEqual([1, 1]);
  });

  it('is verified over its bytes, whatever came in base64', async () => {
    const { send } = await world();
    const body = Buffer.from('{"id":"e9","group":"ü\r\n"}');

    expect(await send({ body, isBase64: true })).toMatchObject({ statusCode: 200 });
  });

  it('is verified by the previous secret too while one is being rotated', async () => {
    const { platform, send } = await world();
    const values = await platform.secrets.get('c1' as ConnectionId);
    const { signingSecret } = values;
    await platform.secretsWriter.put('c1' as ConnectionId, {
      ...values,
      signingSecret: 'new',
      previousSigningSecret: signingSecret!,
    });

    expect(await send()).toMatchObject({ statusCode: 200 });
    expect(await send({ signature: hmacSha256Hex('new', BODY) })).toMatchObject({ statusCode: 200 });
  });

  it('is kept though nobody can read it, under a hash of its bytes', async () => {
    const { platform, send } = await world();

    for (const body of ['not json', '[]', 'null', `${'['.repeat(400)}`]) {
      expect(await send({ body })).toMatchObject({ statusCode: 200 });
      expect(await send({ body })).toMatchObject({ statusCode: 200 });
    }

    expect(rowsIn(platform)).toHaveLength(4);
  });

  it('is answered and not kept when it carries nothing', async () => {
    const { platform, send } = await world();

    expect(await send({ body: '{"id":"e1","group":"nothing"}' })).toMatchObject({ statusCode: 200 });

    expect(isStored(platform)).toBe(false);
  });

  it('answers a setup request, if it is signed', async () => {
    const { platform, send } = await world();

    expect(await send({ query: 'challenge=42' })).toMatchObject({ statusCode: 200, body: '42' });
    expect(await send({ query: 'challenge=42', signature: 'forged' })).toMatchObject({ statusCode: 401 });
    expect(isStored(platform)).toBe(false);
  });

  it('answers 503 and never 4xx when it cannot be kept, so that it comes again', async () => {
    const base = memoryPlatform();
    const records = {
      ...base.stores.records,
      commit: async () => {
        throw new ProviderUnavailableError('canary of the store');
      },
    } as never;
    const { platform, send } = await world({ ...base, stores: { ...base.stores, records } });

    const answer = await send();

    expect(answer).toMatchObject({ statusCode: 503 });
    expect(answer.body).not.toContain('canary');
    expect(platform.telemetry.logs).toMatchObject([
      { level: 'error', facts: { code: 'provider_unavailable' } },
    ]);
  });
});

describe('inbound: what is not authentic', () => {
  it.each([
    ['a wrong signature', { signature: hmacSha256Hex('other', BODY) }],
    ['no signature', { signature: '' }],
    [
      'two signatures',
      { signature: `${hmacSha256Hex(`${SECRET}-c1`, BODY)},${hmacSha256Hex(`${SECRET}-c1`, BODY)}` },
    ],
    ['a signature over other bytes', { body: `${BODY} `, signature: hmacSha256Hex(`${SECRET}-c1`, BODY) }],
    ['another organization’s signature', { signature: hmacSha256Hex(`${SECRET}-c2`, BODY) }],
    ['an unknown connection', { connection: 'nobody' }],
    ['another integration’s connection', { connection: 'c3' }],
    ['no connection', { connection: '' }],
    ['a connection id no key can hold', { connection: 'x'.repeat(3_000) }],
    ['an account’s address', { connection: 'model:A1' }],
  ] satisfies [string, Sent][])('%s: 401, nothing stored but a count', async (_, sent) => {
    const { platform, send, count } = await world();

    expect(await send(sent)).toMatchObject({ statusCode: 401 });

    expect(isStored(platform)).toBe(false);
    expect(count('NotAuthentic')).toBe(1);
  });

  it('answers for an unknown connection exactly as for a wrong signature, after the same work', async () => {
    const { send } = await world();
    verified = 0;

    const wrong = await send({ signature: 'forged' });
    const unknown = await send({ connection: 'nobody', signature: 'forged' });
    const foreign = await send({ connection: 'c3', signature: 'forged' });

    expect(unknown).toEqual(wrong);
    expect(foreign).toEqual(wrong);
    expect(verified).toBe(3);
  });

  it('is an account’s name, which is no webhook address, and an address longer than any', async () => {
    const { send, platform } = await world();
    const address = { organization: acme, connection: 'c1' };
    const account = { pk: 'address#model:T1', sk: 'address', data: address };
    await platform.stores.connections.commit([{ put: account, expect: 0 }]);
    const wrong = await send({ signature: 'forged' });

    expect(await send({ connection: 'model:T1', signature: hmacSha256Hex(`${SECRET}-c1`, BODY) })).toEqual(
      wrong,
    );
    expect(await send({ connection: 'x'.repeat(3_000) })).toEqual(wrong);
    expect(isStored(platform)).toBe(false);
  });

  it('refuses a body over the manifest’s limit with 413, before anything else', async () => {
    const { platform, send } = await world();
    verified = 0;
    const body = 'x'.repeat(1_001);

    expect(await send({ body })).toMatchObject({ statusCode: 413 });
    expect(await send({ body, isBase64: true })).toMatchObject({ statusCode: 413 });
    expect(await send({ body: 'x'.repeat(1_000) })).toMatchObject({ statusCode: 200 });
    expect(await send({ body: 'ü'.repeat(501) })).toMatchObject({ statusCode: 413 });

    expect(verified).toBe(1);
    expect(rowsIn(platform)).toHaveLength(1);
  });

  it('tells no secret and no words of a customer in any log or metric', async () => {
    const { platform, send } = await world();
    await send();
    await send({ signature: 'forged' });
    await send({ connection: 'nobody' });

    expect(JSON.stringify(platform.telemetry)).not.toContain('canary');
  });
});

describe('inbound: start', () => {
  it.each([
    ['another verifier', { ...manifest, webhook: { ...manifest.webhook!, verifier: 'verifyOther' } }],
    ['no webhook', (({ webhook: _, ...rest }) => rest)(manifest)],
  ])('stops for a manifest with %s', (_, wrong) => {
    expect(() => inbound(wrong, authenticity, memoryPlatform())).toThrow(/verifyModel/);
  });
});
