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
    },
  );
});
