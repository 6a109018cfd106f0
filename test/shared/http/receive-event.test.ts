import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createRegister, createVault, storeAudit } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { type PartnerEvent, type PartnerEvents, partnerInbound } from '../../../shared/http/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, manifest } from '../connections/model.ts';

const events: PartnerEvents = {
  account: ({ source }) => source.split('/')[2],
  routes: ({ detail }) =>
    (detail as { ids?: string[] }).ids?.map((id) => ({ eventId: `e-${id}`, group: id })) ?? 'unreadable',
};
const event = (over: Partial<PartnerEvent> = {}) =>
  ({
    id: '1',
    source: 'aws.partner/vendor/A1/bus',
    'detail-type': 'Changed',
    detail: { ids: ['x', 'y'] },
    ...over,
  }) as PartnerEvent;

async function world() {
  const platform = memoryPlatform();
  const { clock, random, bus, stores, keys } = platform;
  const audit = storeAudit({ store: stores.audit, random });
  const register = createRegister({ store: stores.connections, clock, random, audit, bus });
  const request = {
    organization: acme,
    integration: 'model',
    name: 'M',
    baseUrl: 'https://vendor.example',
    settings: {},
  };
  const made = await register.create({ ...request, id: 'c1' as ConnectionId }, 'user:ann');
  const grant = { accessToken: 'a', instanceUrl: 'https://vendor.example', account: 'A1' };
  const write = await createVault({ store: stores.connections, keys }).sealed(made, grant, 0);
  await register.activate(made, grant, { with: write, actor: 'user:ann' });
  await platform.secretsWriter.put(made.id, { bodyKey: randomBytes(32).toString('base64') });
  const handler = partnerInbound(manifest, events, platform);
  return { platform, send: (given: PartnerEvent) => handler(given, {} as Context) };
}

describe('partner event inbound', () => {
  it('keeps the event once for each object in it, each in its own group', async () => {
    const { platform, send } = await world();

    await send(event());
    await send(event());

    expect(platform.queues.changes.bodies()).toMatchObject([{ inbox: 'e-x' }, { inbox: 'e-y' }]);
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'Duplicates')).toHaveLength(2);
  });

  it('keeps what it cannot read', async () => {
    const { platform, send } = await world();

    await send(event({ detail: {} }));

    expect(platform.queues.changes.size).toBe(1);
  });

  it.each([['aws.partner/vendor/A2/bus'], ['elsewhere']])(
    'counts and drops an event from %s, nobody’s account',
    async (source) => {
      const { platform, send } = await world();

      await send(event({ source }));

      expect(platform.stores.records.items()).toEqual([]);
      expect(platform.telemetry.metrics).toMatchObject([{ name: 'NotAuthentic', value: 1 }]);
    },
  );

  it('fails when the event cannot be kept, so that it is tried again', async () => {
    const { platform } = await world();
    const records = {
      ...platform.stores.records,
      commit: async () => {
        throw new ProviderUnavailableError('away');
      },
    } as never;
    const handler = partnerInbound(manifest, events, {
      ...platform,
      stores: { ...platform.stores, records },
    });

    await expect(handler(event(), {} as Context)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
