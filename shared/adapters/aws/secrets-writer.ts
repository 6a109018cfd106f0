import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretsWriter } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { failure, nameOf } from './failure.ts';
import { secretName } from './secrets.ts';

export interface SecretsWriterOptions {
  readonly prefix: string;
  readonly keyArn: string | undefined;
  readonly client?: SecretsManagerClient;
}

const REMOVED: ReadonlySet<string | undefined> = new Set([
  'ResourceNotFoundException',
  'InvalidRequestException',
]);

export function secretsManagerWriter({ prefix, keyArn, client }: SecretsWriterOptions): SecretsWriter {
  let made = client;
  const connected = () => {
    made ??= lean(new SecretsManagerClient(clientSettings()));
    return made;
  };
  return {
    async put(connection, values) {
      const Name = secretName(prefix, connection);
      const SecretString = JSON.stringify(values);
      const create = new CreateSecretCommand({ Name, SecretString, ...(keyArn && { KmsKeyId: keyArn }) });
      try {
        await connected().send(create);
      } catch (error) {
        if (nameOf(error) !== 'ResourceExistsException') throw failure('the secret store', error);
        await connected()
          .send(new PutSecretValueCommand({ SecretId: Name, SecretString }))
          .catch((cause: unknown) => Promise.reject(failure('the secret store', cause)));
      }
    },
    async remove(connection) {
      const command = new DeleteSecretCommand({
        SecretId: secretName(prefix, connection),
        RecoveryWindowInDays: 7,
      });
      await connected()
        .send(command)
        .catch((cause: unknown) => {
          // Gone, or going, already.
          if (REMOVED.has(nameOf(cause))) return;
          throw failure('the secret store', cause);
        });
    },
  };
}
