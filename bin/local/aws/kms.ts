import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { arn } from '../template/identity.ts';
import { type Service, ServiceError, textOf } from './service.ts';

const ivBytes = 12;
const tagBytes = 16;
type Input = Readonly<Record<string, unknown>>;

export interface KmsKeys {
  readonly masterKey: Buffer;
  /** The key's arn, by any name a caller may use for it. Undefined for a key the templates do not hold. */
  arnOf(keyId: string): string | undefined;
  readonly arns: readonly string[];
  /** `key` is the id or arn the alias stands for. */
  readonly aliases: readonly { readonly name: string; readonly key: string }[];
}

/** Envelope keys under one local master key; the encryption context is authenticated, as in KMS. */
export function kmsService(keys: KmsKeys): Service {
  const arnOf = (input: Input): string => {
    const id = textOf(input, 'KeyId');
    const arn = keys.arnOf(id);
    if (arn === undefined) throw new ServiceError('NotFoundException', `key ${id} does not exist`);
    return arn;
  };
  const wrap = (arn: string, plain: Buffer, input: Input): string => {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', keys.masterKey, iv).setAAD(contextOf(arn, input));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    const name = Buffer.from(arn);
    return Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), body]).toString(
      'base64',
    );
  };
  const generate = (input: Input): { arn: string; plain: Buffer; wrapped: string } => {
    const arn = arnOf(input);
    const size = input.KeySpec === 'AES_128' ? 16 : Number(input.NumberOfBytes ?? 32);
    const plain = randomBytes(size);
    return { arn, plain, wrapped: wrap(arn, plain, input) };
  };

  return {
    'TrentService.GenerateDataKey': (input) => {
      const { arn, plain, wrapped } = generate(input);
      return { KeyId: arn, Plaintext: plain.toString('base64'), CiphertextBlob: wrapped };
    },
    'TrentService.GenerateDataKeyWithoutPlaintext': (input) => {
      const { arn, wrapped } = generate(input);
      return { KeyId: arn, CiphertextBlob: wrapped };
    },
    'TrentService.Encrypt': (input) => {
      const arn = arnOf(input);
      const wrapped = wrap(arn, Buffer.from(textOf(input, 'Plaintext'), 'base64'), input);
      return { KeyId: arn, CiphertextBlob: wrapped, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    'TrentService.Decrypt': (input) => {
      const { arn, plain } = unwrap(keys.masterKey, input);
      return { KeyId: arn, Plaintext: plain.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    'TrentService.ListKeys': () => ({
      Keys: keys.arns.map((KeyArn) => ({ KeyId: idOf(KeyArn), KeyArn })),
      Truncated: false,
    }),
    'TrentService.ListAliases': () => ({
      Aliases: keys.aliases.map(({ name, key }) => ({
        AliasName: name,
        AliasArn: arn('kms', name),
        TargetKeyId: idOf(key),
      })),
      Truncated: false,
    }),
    'TrentService.DescribeKey': (input) => ({
      KeyMetadata: { KeyId: idOf(arnOf(input)), Arn: arnOf(input), Enabled: true },
    }),
  };
}

function idOf(key: string): string {
  return key.split('/').at(-1) ?? key;
}

function unwrap(masterKey: Buffer, input: Input): { arn: string; plain: Buffer } {
  const blob = Buffer.from(textOf(input, 'CiphertextBlob'), 'base64');
  const nameEnd = 1 + (blob[0] ?? 0);
  const arn = blob.subarray(1, nameEnd).toString('utf8');
  const iv = blob.subarray(nameEnd, nameEnd + ivBytes);
  const tag = blob.subarray(nameEnd + ivBytes, nameEnd + ivBytes + tagBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', masterKey, iv);
    decipher.setAAD(contextOf(arn, input)).setAuthTag(tag);
    const body = blob.subarray(nameEnd + ivBytes + tagBytes);
    return { arn, plain: Buffer.concat([decipher.update(body), decipher.final()]) };
  } catch {
    throw new ServiceError('InvalidCiphertextException', 'not encrypted here, or under another context');
  }
}

/** Order of the context's pairs does not count. */
function contextOf(arn: string, input: Input): Buffer {
  const pairs = Object.entries((input.EncryptionContext ?? {}) as Record<string, string>).sort();
  return Buffer.from(JSON.stringify([arn, pairs]));
}
