import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../account.ts';
import { type Deliver, eventBridgeService } from '../aws/event-bridge.ts';
import { type KmsKeys, kmsService } from '../aws/kms.ts';
import { generatedSecret, type SecretsContent, secretsService } from '../aws/secrets.ts';
import type { Service } from '../aws/service.ts';
import { keepFile, writeWhole } from '../kept-file.ts';
import type { Fauxqs } from '../sqs/fauxqs.ts';
import type { Deployment } from '../template/deployment.ts';
import { busesOf, rulesOf } from './events.ts';

/** The small services that nothing else emulates, over what the templates hold. */
export function servicesOf(deployment: Deployment, dataDir: string, deliver: Deliver): Service {
  const secretsFile = keepFile<SecretsContent>(join(dataDir, 'secrets.json'), {});
  const secrets = secretsService(secretsFile);
  createSecrets(deployment, secretsFile.read(), secrets);
  return {
    ...secrets,
    ...kmsService({ masterKey: masterKey(join(dataDir, 'master.key')), ...keysOf(deployment) }),
    ...eventBridgeService(busesOf(deployment), rulesOf(deployment), deliver),
  };
}

export function createBucketsAndTopics(deployment: Deployment, fauxqs: Fauxqs): void {
  for (const { identity } of deployment.ofType('AWS::S3::Bucket')) {
    if (!fauxqs.s3.hasBucket(identity.ref)) fauxqs.s3.createBucket(identity.ref);
  }
  for (const { identity } of deployment.ofType('AWS::SNS::Topic')) {
    if (fauxqs.sns.getTopic(identity.ref) !== undefined) continue;
    fauxqs.sns.createTopic(identity.attributes.TopicName ?? '', {}, {}, REGION);
  }
}

interface SecretProperties {
  readonly SecretString?: string;
  readonly GenerateSecretString?: Readonly<Record<string, unknown>>;
}

function createSecrets(deployment: Deployment, existing: SecretsContent, secrets: Service): void {
  for (const { identity, properties } of deployment.ofType<SecretProperties>('AWS::SecretsManager::Secret')) {
    const Name = identity.ref.split(':secret:')[1] ?? identity.ref;
    if (existing[Name] !== undefined) continue;
    const SecretString =
      properties.SecretString ?? generatedSecret(Name, properties.GenerateSecretString ?? {});
    secrets['secretsmanager.CreateSecret']?.({ Name, SecretString });
  }
}

function keysOf(deployment: Deployment): Omit<KmsKeys, 'masterKey'> {
  const aliases = deployment.ofType<{ AliasName: string; TargetKeyId: string }>('AWS::KMS::Alias');
  const keys = deployment.ofType('AWS::KMS::Key').map(({ identity }) => identity);
  const find = (id: string): string | undefined =>
    keys.find(({ ref, attributes }) => ref === id || attributes.Arn === id)?.attributes.Arn;
  return {
    arnOf: (id) => {
      const alias = aliases.find(({ properties }) => id.endsWith(properties.AliasName));
      return find(alias?.properties.TargetKeyId ?? id);
    },
    arns: keys.flatMap(({ attributes }) => attributes.Arn ?? []),
    aliases: aliases.map(({ properties: { AliasName, TargetKeyId } }) => ({
      name: AliasName,
      key: TargetKeyId,
    })),
  };
}

function masterKey(path: string): Buffer {
  if (!existsSync(path)) writeWhole(path, randomBytes(32).toString('base64'));
  return Buffer.from(readFileSync(path, 'utf8'), 'base64');
}
