import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvariantError } from '../../errors.ts';
import type { Keys } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { failure, nameOf } from './failure.ts';

export interface KmsKeysOptions {
  readonly keyArn: string;
  readonly client?: KMSClient;
}

export function kmsKeys({ keyArn, client }: KmsKeysOptions): Keys {
  let made = client;
  const connected = () => {
    made ??= lean(new KMSClient(clientSettings()));
    return made;
  };
  return {
    async generate(context) {
      const command = new GenerateDataKeyCommand({
        KeyId: keyArn,
        KeySpec: 'AES_256',
        EncryptionContext: { ...context },
      });
      const made = await connected()
        .send(command)
        .catch((cause: unknown) => Promise.reject(failure('the key service', cause)));
      if (!made.Plaintext || !made.CiphertextBlob) throw new InvariantError('the key service gave no key');
      return { plain: made.Plaintext, wrapped: made.CiphertextBlob };
    },
    async unwrap(wrapped, context) {
      const command = new DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: wrapped,
        EncryptionContext: { ...context },
      });
      const opened = await connected()
        .send(command)
        .catch((cause: unknown) => Promise.reject(unwrapFailure(cause)));
      if (!opened.Plaintext) throw new InvariantError('the key service gave no key');
      return opened.Plaintext;
    },
  };
}

function unwrapFailure(cause: unknown): Error {
  const isForeign = ['InvalidCiphertextException', 'IncorrectKeyException'].includes(nameOf(cause));
  return isForeign
    ? new InvariantError('a key was not wrapped in this context', { cause })
    : failure('the key service', cause);
}
