import { createHash, randomUUID } from 'node:crypto';
import type { KeptFile } from '../kept-file.ts';
import { arn } from '../template/identity.ts';
import { type Service, ServiceError, textOf } from './service.ts';

interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly stages: readonly string[];
  readonly createdAtMs: number;
}
interface Secret {
  readonly name: string;
  /** Scheduled for deletion: nobody reads or writes it any more, and its name stays taken. */
  readonly deletedAtMs?: number;
  readonly versions: readonly SecretVersion[];
}
export type SecretsContent = Readonly<Record<string, Secret>>;

type Input = Readonly<Record<string, unknown>>;

/** Secrets Manager with its staging labels, kept in one file that only its owner may read. */
export function secretsService(file: KeptFile<SecretsContent>): Service {
  const find = (input: Input): Secret => {
    const name = nameOf(textOf(input, 'SecretId'));
    const secret = file.read()[name];
    if (secret !== undefined) return living(secret);
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  const put = (name: string, input: Input): SecretVersion => {
    const version = newVersion(input);
    const earlier = file.read()[name]?.versions ?? [];
    const current = earlier.find((item) => item.stages.includes('AWSCURRENT'));
    const previous = current === undefined ? [] : [{ ...current, stages: ['AWSPREVIOUS'] }];
    file.write({ ...file.read(), [name]: { name, versions: [version, ...previous] } });
    return version;
  };
  const namesOf = (name: string): { ARN: string; Name: string } => ({
    ARN: arn('secretsmanager', `secret:${name}`),
    Name: name,
  });

  return {
    'secretsmanager.CreateSecret': (input) => {
      const name = textOf(input, 'Name');
      const known = file.read()[name];
      if (known !== undefined) {
        living(known);
        throw new ServiceError('ResourceExistsException', `the secret ${name} already exists`);
      }
      return { ...namesOf(name), VersionId: put(name, input).id };
    },
    'secretsmanager.PutSecretValue': (input) => {
      const { name } = find(input);
      return { ...namesOf(name), VersionId: put(name, input).id, VersionStages: ['AWSCURRENT'] };
    },
    'secretsmanager.UpdateSecret': (input) => {
      const { name } = find(input);
      return { ...namesOf(name), VersionId: put(name, input).id };
    },
    'secretsmanager.GetSecretValue': (input) => {
      const secret = find(input);
      const version = pick(secret, input);
      return {
        ...namesOf(secret.name),
        VersionId: version.id,
        VersionStages: version.stages,
        SecretString: version.value,
        CreatedDate: version.createdAtMs / 1_000,
      };
    },
    'secretsmanager.DescribeSecret': (input) => {
      const { name, versions } = find(input);
      const stages = Object.fromEntries(versions.map((version) => [version.id, version.stages]));
      return { ...namesOf(name), VersionIdsToStages: stages };
    },
    'secretsmanager.ListSecrets': () => ({
      SecretList: Object.values(file.read())
        .filter(({ deletedAtMs }) => deletedAtMs === undefined)
        .map(({ name }) => namesOf(name)),
    }),
    'secretsmanager.DeleteSecret': (input) => {
      const secret = find(input);
      const { [secret.name]: _gone, ...rest } = file.read();
      const deletedAtMs = Date.now();
      const isAtOnce = input.ForceDeleteWithoutRecovery === true;
      file.write(isAtOnce ? rest : { ...rest, [secret.name]: { ...secret, deletedAtMs } });
      return { ...namesOf(secret.name), DeletionDate: deletedAtMs / 1_000 };
    },
  };
}

function living(secret: Secret): Secret {
  if (secret.deletedAtMs === undefined) return secret;
  throw new ServiceError(
    'InvalidRequestException',
    `the secret ${secret.name} is scheduled for deletion, expected one that is not`,
  );
}

function newVersion(input: Input): SecretVersion {
  const id = typeof input.ClientRequestToken === 'string' ? input.ClientRequestToken : randomUUID();
  return { id, value: textOf(input, 'SecretString'), stages: ['AWSCURRENT'], createdAtMs: Date.now() };
}

function pick(secret: Secret, input: Input): SecretVersion {
  const stage = input.VersionStage ?? 'AWSCURRENT';
  const version = secret.versions.find((item) =>
    input.VersionId === undefined ? item.stages.includes(String(stage)) : item.id === input.VersionId,
  );
  if (version !== undefined) return version;
  throw new ServiceError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret value.",
  );
}

/** A secret's name, or an arn with or without the six characters AWS puts at its end. */
function nameOf(id: string): string {
  return id.startsWith('arn:') ? (id.split(':secret:')[1] ?? id) : id;
}

/** Same template, same value: a generated secret must not change when a hub is started again from nothing. */
export function generatedSecret(name: string, generate: Readonly<Record<string, unknown>>): string {
  const length = Number(generate.PasswordLength ?? 32);
  const password = createHash('sha512')
    .update(`deskbridge-local:${name}`)
    .digest('base64url')
    .slice(0, length);
  const template = generate.SecretStringTemplate;
  if (typeof template !== 'string') return password;
  return JSON.stringify({ ...JSON.parse(template), [String(generate.GenerateStringKey)]: password });
}
