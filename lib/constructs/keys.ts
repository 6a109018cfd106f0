import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { removalOf } from './removal.ts';

/**
 * Encrypts what AWS keeps for us. No function may call it: services use it for whoever may use the table,
 * bucket or secret, as the policy of an AWS-managed key reads.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export class DataKey extends Construct {
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.key = newKey(this, stage, 'data');
    const { account, region } = Stack.of(this);
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'ThroughStorageServices',
        principals: [new iam.AnyPrincipal()],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          ...USE,
          'kms:CreateGrant',
        ],
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': ['dynamodb', 's3', 'secretsmanager'].map(
              (service) => `${service}.${region}.amazonaws.com`,
            ),
          },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsToTopics',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}

const USE = ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'];

/**
 * Wraps vendor tokens and nothing else, so that a function that may read a table cannot read the tokens in it.
 * Every use names its organization and connection.
 */
export class TokenKey extends Construct {
  private readonly key: kms.Key;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.key = newKey(this, stage, 'tokens');
  }

  grantEnvelope(fn: lambda.Function): void {
    fn.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [this.key.keyArn],
        conditions: {
          Null: {
            'kms:EncryptionContext:organization': 'false',
            'kms:EncryptionContext:connection': 'false',
          },
        },
      }),
    );
    fn.addEnvironment('KEY_ARN', this.key.keyArn);
  }
}

const newKey = (scope: Construct, stage: Stage, purpose: string): kms.Key =>
  new kms.Key(scope, 'key', {
    alias: `deskbridge-${stage.name}-${purpose}`,
    description: `Deskbridge ${stage.name}: ${purpose}`,
    enableKeyRotation: true,
    removalPolicy: removalOf(stage),
  });
