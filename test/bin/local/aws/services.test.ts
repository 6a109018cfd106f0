import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventBridgeService, type RuleTarget } from '../../../../bin/local/aws/event-bridge.ts';
import { kmsService } from '../../../../bin/local/aws/kms.ts';
import { generatedSecret, type SecretsContent, secretsService } from '../../../../bin/local/aws/secrets.ts';
import { keepFile } from '../../../../bin/local/kept-file.ts';
import { credentials, type Emulator, newDirectory, startEmulator } from '../sqs/fixture.ts';

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/one';
const directory = newDirectory();
const delivered: { target: RuleTarget; event: string }[] = [];
const rules = [
  {
    name: 'cases',
    busName: 'hub',
    pattern: { source: [{ prefix: 'desk' }] },
    targets: [
      { arn: 'arn:whole' },
      { arn: 'arn:part', inputPath: '$.detail.id' },
      { arn: 'arn:fixed', input: '{"fixed":true}' },
    ],
  },
];
let emulator: Emulator;
let settings: { endpoint: string; region: string; credentials: typeof credentials };

beforeAll(async () => {
  emulator = await startEmulator(directory, {
    ...kmsService({
      masterKey: randomBytes(32),
      arnOf: (id) => (keyArn.endsWith(id) ? keyArn : undefined),
      arns: [keyArn],
      aliases: [{ name: 'alias/data', key: 'one' }],
    }),
    ...secretsService(keepFile<SecretsContent>(join(directory, 'secrets.json'), {})),
    ...eventBridgeService(['hub'], rules, (target, event) => delivered.push({ target, event })),
  });
  settings = { endpoint: emulator.endpoint.url, region: 'us-east-1', credentials };
});
afterAll(() => emulator.close());

describe('KMS, by the official client', () => {
  const EncryptionContext = { organization: 'acme', connection: 'c1' };

  it('opens a data key under the context it was made for, in any order', async () => {
    const kms = new KMSClient(settings);
    const key = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext }),
    );

    const opened = await kms.send(
      new DecryptCommand({
        CiphertextBlob: key.CiphertextBlob,
        EncryptionContext: { connection: 'c1', organization: 'acme' },
      }),
    );

    expect(key.Plaintext).toHaveLength(32);
    expect(opened).toMatchObject({ KeyId: keyArn, Plaintext: key.Plaintext });
  });

  it.each([
    ['another context', { EncryptionContext: { organization: 'globex', connection: 'c1' } }],
    ['no context', {}],
    ['a changed blob', { EncryptionContext, CiphertextBlob: new Uint8Array(80) }],
  ])('refuses %s', async (_which, change) => {
    const kms = new KMSClient(settings);
    const { CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: 'one', KeySpec: 'AES_128', EncryptionContext }),
    );

    const opened = kms.send(new DecryptCommand({ CiphertextBlob, ...change }));

    await expect(opened).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('encrypts, describes its key, and knows no other', async () => {
    const kms = new KMSClient(settings);
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') }),
    );
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));

    expect(Buffer.from(Plaintext ?? []).toString()).toBe('x');
    const bare = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyArn, NumberOfBytes: 8 }),
    );
    expect(bare.CiphertextBlob).toBeDefined();
    expect((await kms.send(new DescribeKeyCommand({ KeyId: keyArn }))).KeyMetadata?.KeyId).toBe('one');
    await expect(kms.send(new DescribeKeyCommand({ KeyId: 'other' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('KMS, to one who looks around', () => {
  it('lists its keys and their aliases', async () => {
    const kms = new KMSClient(settings);

    const { Keys } = await kms.send(new ListKeysCommand({}));
    const { Aliases } = await kms.send(new ListAliasesCommand({}));

    expect(Keys).toEqual([{ KeyId: 'one', KeyArn: keyArn }]);
    expect(Aliases).toMatchObject([{ AliasName: 'alias/data', TargetKeyId: 'one' }]);
  });
});

describe('Secrets Manager, by the official client', () => {
  const Name = 'deskbridge/local/connections/c1';

  it('keeps the current value and the one before', async () => {
    const secrets = new SecretsManagerClient(settings);
    const { ARN } = await secrets.send(new CreateSecretCommand({ Name, SecretString: 'one' }));
    await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: 'two' }));

    const read = async (input: object) =>
      (await secrets.send(new GetSecretValueCommand({ SecretId: ARN, ...input }))).SecretString;

    expect(await read({})).toBe('two');
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toBe('one');
    await expect(read({ VersionId: 'never-was-a-version-of-it-000000' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: Name }));
    expect(Object.values(VersionIdsToStages ?? {})).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  });

  it('survives its process', () => {
    const kept = secretsService(keepFile<SecretsContent>(join(directory, 'secrets.json'), {}));

    expect(kept['secretsmanager.GetSecretValue']?.({ SecretId: Name })).toMatchObject({
      SecretString: 'two',
    });
  });

  it('creates a name once, updates, lists and deletes', async () => {
    const secrets = new SecretsManagerClient(settings);

    const again = secrets.send(new CreateSecretCommand({ Name, SecretString: 'x' }));

    await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await secrets.send(new UpdateSecretCommand({ SecretId: Name, SecretString: 'three' }));
    const { SecretList } = await secrets.send(new ListSecretsCommand({}));
    expect(SecretList?.map((secret) => secret.Name)).toEqual([Name]);
    await secrets.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
    expect((await secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
    const asks = [
      new GetSecretValueCommand({ SecretId: Name }),
      new CreateSecretCommand({ Name, SecretString: 'x' }),
    ];
    for (const ask of asks) {
      await expect(secrets.send(ask as GetSecretValueCommand)).rejects.toMatchObject({
        name: 'InvalidRequestException',
      });
    }
    const SecretId = 'short-lived';
    await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }));
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('generates the same value for the same name', () => {
    expect(generatedSecret('a', {})).toBe(generatedSecret('a', {}));
    expect(generatedSecret('a', {})).not.toBe(generatedSecret('b', {}));
    const template = {
      SecretStringTemplate: '{"user":"x"}',
      GenerateStringKey: 'password',
      PasswordLength: 8,
    };
    expect(JSON.parse(generatedSecret('a', template))).toMatchObject({ user: 'x', password: /^.{8}$/ });
  });
});

describe('EventBridge, by the official client', () => {
  const entry = { EventBusName: 'hub', Source: 'deskbridge', DetailType: 'ticket.created' };

  it("hands an event to each target of each rule it matches, in the target's own form", async () => {
    const events = new EventBridgeClient(settings);
    const Time = new Date('2026-01-02T03:04:05Z');

    const answer = await events.send(
      new PutEventsCommand({ Entries: [{ ...entry, Time, Detail: '{"id":"t1"}' }] }),
    );

    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(JSON.parse(delivered[0]?.event ?? '')).toMatchObject({
      version: '0',
      source: 'deskbridge',
      'detail-type': 'ticket.created',
      account: '000000000000',
      region: 'us-east-1',
      time: '2026-01-02T03:04:05Z',
      detail: { id: 't1' },
    });
    expect(delivered.slice(1).map(({ event }) => event)).toEqual(['"t1"', '{"fixed":true}']);
  });

  it('lets what no rule wants go', async () => {
    const before = delivered.length;
    await new EventBridgeClient(settings).send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Source: 'other', Detail: '{}' },
          { ...entry, EventBusName: '', Detail: '{}' },
        ],
      }),
    );

    expect(delivered).toHaveLength(before);
  });

  it.each([
    [{ ...entry, Detail: 'no json' }, 'MalformedDetail'],
    [{ ...entry, Detail: '[]' }, 'MalformedDetail'],
    [{ ...entry, Detail: '{}', Source: undefined }, 'InvalidArgument'],
    [{ ...entry, Detail: '{}', EventBusName: 'nowhere' }, 'NotFoundException'],
    [{ ...entry, Detail: JSON.stringify({ x: 'x'.repeat(1024 * 1024) }) }, 'InvalidArgument'],
  ])('refuses a single bad entry, not its neighbours', async (bad, ErrorCode) => {
    const answer = await new EventBridgeClient(settings).send(
      new PutEventsCommand({ Entries: [bad, { ...entry, Detail: '{}' }] }),
    );

    expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode }, {}] });
  });

  it('takes at most ten at a time, and lists its rules', async () => {
    const events = new EventBridgeClient(settings);
    const Entries = Array.from({ length: 11 }, () => ({ ...entry, Detail: '{}' }));

    await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const { Rules } = await events.send(new ListRulesCommand({ EventBusName: 'hub' }));
    expect(Rules).toMatchObject([
      { Name: 'cases', Arn: 'arn:aws:events:us-east-1:000000000000:rule/hub/cases' },
    ]);
    const { EventBuses } = await events.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map(({ Arn }) => Arn)).toEqual([
      'arn:aws:events:us-east-1:000000000000:event-bus/default',
      'arn:aws:events:us-east-1:000000000000:event-bus/hub',
    ]);
  });
});

describe('S3, by the official client', () => {
  it('keeps objects', async () => {
    const s3 = new S3Client(settings);
    await s3.send(new CreateBucketCommand({ Bucket: 'bodies' }));
    await s3.send(new PutObjectCommand({ Bucket: 'bodies', Key: 'a/b', Body: 'content' }));

    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bodies', Key: 'a/b' }));

    expect(await Body?.transformToString()).toBe('content');
  });
});
