import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';

/** The secrets of connections, one each, made when a connection is; only their common prefix is known here. */
export class ConnectionSecrets extends Construct {
  private readonly prefix: string;
  private readonly key: kms.IKey;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly key: kms.IKey }) {
    super(scope, id);
    this.prefix = `deskbridge/${props.stage.name}/`;
    this.key = props.key;
  }

  /** For a function that tells people where a connection's secret lies, and may not look. */
  tellPrefix(fn: lambda.Function): void {
    fn.addEnvironment('SECRETS_PREFIX', this.prefix);
  }

  grantRead(fn: lambda.Function): void {
    this.grant(fn, ['secretsmanager:GetSecretValue']);
    acknowledge(
      fn.role!,
      `IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${this.prefix}connections/*]`,
      'Connections come and go while the hub runs, each with its secret under this prefix of this stage alone.',
    );
  }

  /** For a function that may read them already: a connection's comes and goes with it. */
  grantWrite(fn: lambda.Function): void {
    this.grant(fn, [
      'secretsmanager:CreateSecret',
      'secretsmanager:PutSecretValue',
      'secretsmanager:DeleteSecret',
    ]);
    fn.addEnvironment('SECRETS_KEY_ARN', this.key.keyArn);
  }

  private grant(fn: lambda.Function, actions: string[]): void {
    const secrets = Stack.of(fn).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${this.prefix}connections/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    iam.Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [secrets] });
    this.tellPrefix(fn);
  }
}
