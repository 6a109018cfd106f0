import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { clientSettings, lean, UNUSED_STEPS } from '../../../../shared/adapters/aws/client-settings.ts';

const clients = [DynamoDBClient, SQSClient, EventBridgeClient, KMSClient, SecretsManagerClient];

describe('clients of AWS', () => {
  // An SDK that names its steps otherwise would go on taking them, unseen.
  it.each(clients)(
    '%o takes none of the steps that nothing here needs, and would take them all',
    (Client) => {
      const namesOf = ({ middlewareStack }: { middlewareStack: { identify(): string[] } }) =>
        middlewareStack.identify().map((entry) => entry.split(/[: ]/)[0]);

      expect(namesOf(new Client(clientSettings()))).toEqual(expect.arrayContaining(UNUSED_STEPS));
      const left = namesOf(lean(new Client(clientSettings())));

      expect(left.filter((name) => UNUSED_STEPS.includes(name ?? ''))).toEqual([]);
      expect(left).toContain('hostHeaderMiddleware');
      expect(left.filter((name) => name === 'serializerMiddleware')).toHaveLength(1);
    },
  );

  it.each(clients)('%o makes one signer, and one for each call would be made', async (Client) => {
    const twice = async (config: object) => {
      const { signer } = config as { signer: (scheme?: unknown) => Promise<unknown> };
      return [await signer(), await signer()] as const;
    };
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

    const [one, other] = await twice(new Client({ ...clientSettings(), credentials }).config);
    expect(one).not.toBe(other);
    const [first, second] = await twice(lean(new Client({ ...clientSettings(), credentials })).config);

    expect(first).toBe(second);
  });

  it.each(clients)('%o tries again to make a signer where it could not', async (Client) => {
    let asked = 0;
    const region = async () => {
      asked += 1;
      if (asked === 1) throw new Error('not now');
      return 'us-east-1';
    };
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const { signer } = lean(new Client({ ...clientSettings(), credentials, region })).config as unknown as {
      signer: () => Promise<unknown>;
    };

    await expect(signer()).rejects.toThrow('not now');

    expect(await signer()).toBe(await signer());
  });

  it.each(clients)('%o has a configuration that is cheap to copy, and would have none', (Client) => {
    setFlagsFromString('--allow-natives-syntax');
    const isCheap = runInThisContext('(object) => %HasFastProperties(object)') as (object: object) => boolean;

    expect(isCheap(new Client(clientSettings()).config)).toBe(false);
    expect(isCheap(lean(new Client(clientSettings())).config)).toBe(true);
  });
});
