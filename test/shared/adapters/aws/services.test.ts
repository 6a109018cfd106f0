import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CloudEvent } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudEvent, eventBridgeBus } from '../../../../shared/adapters/aws/bus.ts';
import { lean } from '../../../../shared/adapters/aws/client-settings.ts';
import { kmsKeys } from '../../../../shared/adapters/aws/keys.ts';
import { secretsManager } from '../../../../shared/adapters/aws/secrets.ts';
import { secretsManagerWriter } from '../../../../shared/adapters/aws/secrets-writer.ts';
import type { ConnectionId, OrganizationId } from '../../../../shared/domain/index.ts';
import type { HubEvent } from '../../../../shared/ports/index.ts';
import { virtualClock } from '../../../memory/index.ts';
import { type Emulators, KEY_ARN, startEmulators } from './emulators.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

const NOWHERE = 'http://127.0.0.1:1';
const c1 = 'c1' as ConnectionId;

describe('bus on EventBridge', () => {
  const event = (id: string): HubEvent => ({
    id,
    type: 'ticket.changed',
    organization: 'acme' as OrganizationId,
    subject: 'r1',
    atMs: Date.UTC(2026, 0, 2),
    data: { revision: 7 },
  });

  it('publishes each event as a valid CloudEvent 1.0, however many', async () => {
    const bus = eventBridgeBus({ busName: 'hub', client: lean(new EventBridgeClient(emulators.client)) });
    emulators.events.length = 0;

    await bus.publish(Array.from({ length: 23 }, (_, at) => event(`r1.${at}`)));

    expect(emulators.events).toHaveLength(23);
    const { detail, ...envelope } = emulators.events[22] as { detail: Record<string, unknown> };
    expect(envelope).toMatchObject({ source: 'deskbridge', 'detail-type': 'ticket.changed' });
    expect(detail).toEqual(cloudEvent(event('r1.22')));
    expect(new CloudEvent(detail).validate()).toBe(true);
    expect(detail).toMatchObject({ organization: 'acme', id: 'r1.22', time: '2026-01-02T00:00:00.000Z' });
  });

  it('tells each event’s own fate: taken, not now, never', async () => {
    const bus = eventBridgeBus({ busName: 'hub', client: lean(new EventBridgeClient(emulators.client)) });
    emulators.events.length = 0;
    const poisoned = { ...event('2'), data: { filler: 'x'.repeat(2 ** 20) } };

    const untaken = await bus.publish([event('1'), poisoned, event('3')]);

    expect(untaken).toEqual([{ event: poisoned, code: 'InvalidArgument', isPassing: false }]);
    expect(emulators.events.map(({ detail }) => (detail as { id: string }).id)).toEqual(['1', '3']);
  });

  it('takes a refusal that is about the bus for passing, and fails when it is away', async () => {
    const client = lean(new EventBridgeClient(emulators.client));
    const elsewhere = eventBridgeBus({ busName: 'no such bus', client });
    const away = eventBridgeBus({
      busName: 'hub',
      client: new EventBridgeClient({ ...emulators.client, endpoint: NOWHERE }),
    });

    expect(await elsewhere.publish([event('1')])).toMatchObject([{ event: { id: '1' }, isPassing: true }]);
    await expect(away.publish([event('1')])).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(away.publish([])).resolves.toEqual([]);
  });

  it('leads from an event to its log by the documented extension `correlationid`', () => {
    const detail = cloudEvent({ ...event('1'), correlation: 'abc' });

    expect(detail).toMatchObject({ correlationid: 'abc' });
    expect(new CloudEvent(detail).validate()).toBe(true);
    expect(cloudEvent(event('1'))).not.toHaveProperty('correlationid');
  });
});

describe('secrets on Secrets Manager', () => {
  const prefix = 'deskbridge/test/';
  const world = () => {
    const client = lean(new SecretsManagerClient(emulators.client));
    const clock = virtualClock();
    return {
      client,
      clock,
      secrets: secretsManager({ prefix, clock, client }),
      writer: secretsManagerWriter({ prefix, keyArn: KEY_ARN, client }),
    };
  };

  it('creates, replaces, and sees a replacement within a minute', async () => {
    const { secrets, writer, clock } = world();
    await writer.put(c1, { signingSecret: 'one' });
    expect(await secrets.get(c1)).toEqual({ signingSecret: 'one' });
    await writer.put(c1, { signingSecret: 'two' });
    expect(await secrets.get(c1)).toEqual({ signingSecret: 'one' });
    clock.advance(60_000);

    expect(await secrets.get(c1)).toEqual({ signingSecret: 'two' });
  });

  it('sees a replacement at once when asked for what is there now', async () => {
    const { secrets, writer } = world();
    await writer.put(c1, { signingSecret: 'one' });
    await secrets.get(c1);
    await writer.put(c1, { signingSecret: 'two' });

    expect(await secrets.get(c1, { fresh: true })).toEqual({ signingSecret: 'two' });
    expect(await secrets.get(c1)).toEqual({ signingSecret: 'two' });
  });

  it('takes a secret out, and is content when there is none any more', async () => {
    const { secrets, writer } = world();
    const gone = 'gone' as ConnectionId;
    await writer.put(gone, { signingSecret: 'one' });

    await writer.remove(gone);
    await writer.remove(gone);

    expect(await secrets.get(gone)).toBeUndefined();
    await expect(writer.remove('never' as ConnectionId)).resolves.toBeUndefined();
  });

  it('tells a secret that does not exist from a service that is away', async () => {
    const { secrets, clock } = world();
    const away = new SecretsManagerClient({ ...emulators.client, endpoint: NOWHERE });

    expect(await secrets.get('never' as ConnectionId)).toBeUndefined();
    await expect(secretsManager({ prefix, clock, client: away }).get(c1)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    const writer = secretsManagerWriter({ prefix, keyArn: undefined, client: away });
    await expect(writer.put(c1, {})).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(writer.remove(c1)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('does not repeat a malformed secret in its error', async () => {
    const { client, secrets, writer } = world();
    const c2 = 'c2' as ConnectionId;
    await writer.put(c2, {});
    for (const SecretString of ['canary-not-json', '"canary"', 'null']) {
      await client.send(new PutSecretValueCommand({ SecretId: `${prefix}connections/c2`, SecretString }));

      const error = (await secrets.get(c2).catch((failure: unknown) => failure)) as Error;

      expect(error).toMatchObject({ code: 'configuration' });
      expect(`${error.message} ${String(error.cause)}`).not.toContain('canary');
    }
  });
});

describe('keys on KMS', () => {
  const context = { organization: 'acme', connection: 'c1' };
  const keysAt = (endpoint?: string, keyArn = KEY_ARN) =>
    kmsKeys({ keyArn, client: new KMSClient({ ...emulators.client, ...(endpoint && { endpoint }) }) });

  it('gives a fresh key, and opens it again in its own context alone', async () => {
    const keys = keysAt();
    const { plain, wrapped } = await keys.generate(context);
    expect(plain).toHaveLength(32);

    expect(Buffer.from(await keys.unwrap(wrapped, context))).toEqual(Buffer.from(plain));
    await expect(keys.unwrap(wrapped, { ...context, organization: 'globex' })).rejects.toMatchObject({
      code: 'invariant',
    });
    expect((await keys.generate(context)).plain).not.toEqual(plain);
  });

  it('is unavailable when KMS is, and misconfigured without its key', async () => {
    const { wrapped } = await keysAt().generate(context);

    await expect(keysAt(NOWHERE).generate(context)).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(keysAt(NOWHERE).unwrap(wrapped, context)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    await expect(keysAt(undefined, 'arn:none').generate(context)).rejects.toMatchObject({
      code: 'configuration',
    });
  });
});
