import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { physicalName } from './deployment.ts';
import { removalOf } from './removal.ts';

export interface HubTableProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  /** Environment variable under which functions learn the table's name. */
  readonly variable: string;
}

/** Of whole keys alone: several of them at once show no more than one after the other. */
const LOOKUP = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
const READ = [...LOOKUP, 'dynamodb:Query'];
const WRITE = [...READ, 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];
/** A conditional put, and the read that settles one whose answer was lost; nothing that removes or lists. */
const APPEND = [...LOOKUP, 'dynamodb:PutItem'];

/**
 * A table of the hub's one item shape (shared/ports/store.ts). Both indexes are sparse: only what is due or
 * listed is in them.
 */
export class HubTable extends Construct {
  readonly table: dynamodb.Table;
  private readonly variable: string;

  constructor(scope: Construct, id: string, props: HubTableProps) {
    super(scope, id);
    const { stage } = props;
    this.variable = props.variable;
    this.table = new dynamodb.Table(this, 'table', {
      ...physicalName(stage, 'tableName', id),
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      deletionProtection: stage.keepsData,
      removalPolicy: removalOf(stage),
    });
    for (const index of INDEXES) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partition, type: dynamodb.AttributeType.STRING },
        sortKey: { name: index.sort, type: dynamodb.AttributeType.NUMBER },
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      });
    }
  }

  /** One item by its whole key: nothing of the table's other items can be found out. */
  grantLookup(fn: lambda.Function): void {
    this.grant(fn, LOOKUP);
  }

  grantRead(fn: lambda.Function): void {
    this.grant(fn, READ);
  }

  grantWrite(fn: lambda.Function): void {
    this.grant(fn, WRITE);
  }

  grantAppend(fn: lambda.Function): void {
    this.grant(fn, APPEND);
  }

  /** The key needs no grant: its policy lets DynamoDB use it for whoever may use the table. */
  private grant(fn: lambda.Function, actions: string[]): void {
    const indexes = INDEXES.map(({ name }) => `${this.table.tableArn}/index/${name}`);
    const canQuery = actions.includes('dynamodb:Query');
    iam.Grant.addToPrincipal({
      grantee: fn,
      actions: actions.filter((action) => action !== 'dynamodb:Query'),
      resourceArns: [this.table.tableArn],
    });
    if (canQuery) {
      iam.Grant.addToPrincipal({
        grantee: fn,
        actions: ['dynamodb:Query'],
        resourceArns: [this.table.tableArn, ...indexes],
      });
    }
    fn.addEnvironment(this.variable, this.table.tableName);
  }
}

/** Keys alone: an item in an index would be paid for again at each of its writes, and few are ever listed. */
const INDEXES = [
  { name: 'due', partition: 'dueList', sort: 'dueAt' },
  { name: 'listed', partition: 'listedIn', sort: 'listedAt' },
] as const;
