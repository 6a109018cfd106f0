import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { hmacSha256Hex, inbound } from '../../../shared/http/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, manifest } from '../connections/model.ts';
import { authenticity, BODY, isStored, rowsIn, world } from './door.ts';

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
    const { signingSecret } = values!;
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

describe('inbound: start', () => {
  it.each([
    ['another verifier', { ...manifest, webhook: { ...manifest.webhook!, verifier: 'verifyOther' } }],
    ['no webhook', (({ webhook: _, ...rest }) => rest)(manifest)],
  ])('stops for a manifest with %s', (_, wrong) => {
    expect(() => inbound(wrong, authenticity, memoryPlatform())).toThrow(/verifyModel/);
  });
});
