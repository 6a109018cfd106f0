import { ConfigurationError } from '../../../shared/errors.ts';
import type { Resource } from '../template/deployment.ts';
import { type DynamoDb, DynamoDbError } from './client.ts';

interface IndexProperties {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: unknown;
}
export interface TableProperties {
  readonly AttributeDefinitions: unknown;
  readonly KeySchema: unknown;
  readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  readonly LocalSecondaryIndexes?: readonly IndexProperties[];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

/**
 * Creates what is missing. @throws ConfigurationError for a table kept from another version of the hub,
 * whose keys or indexes are not the template's.
 */
export async function createTables(
  call: DynamoDb,
  tables: readonly Resource<TableProperties>[],
): Promise<void> {
  for (const table of tables) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
      table.properties;
    const created = await call('CreateTable', {
      TableName: table.identity.ref,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      ...(GlobalSecondaryIndexes === undefined
        ? {}
        : { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(indexOf) }),
      ...(LocalSecondaryIndexes === undefined
        ? {}
        : { LocalSecondaryIndexes: LocalSecondaryIndexes.map(indexOf) }),
    }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DynamoDbError && error.code === 'ResourceInUseException') return false;
        throw error;
      },
    );
    if (!created) await refuseOtherShape(call, table);
  }
}

interface Description {
  readonly Table: {
    readonly KeySchema: unknown;
    readonly GlobalSecondaryIndexes?: readonly IndexProperties[];
  };
}

async function refuseOtherShape(call: DynamoDb, table: Resource<TableProperties>): Promise<void> {
  const name = table.identity.ref;
  const { Table } = await call<Description>('DescribeTable', { TableName: name });
  const kept = shapeOf(Table.KeySchema, Table.GlobalSecondaryIndexes);
  const wanted = shapeOf(table.properties.KeySchema, table.properties.GlobalSecondaryIndexes);
  if (kept === wanted) return;
  throw new ConfigurationError(
    `table ${name} was kept by another version of the hub: move the data directory away and start again`,
  );
}

function shapeOf(keySchema: unknown, indexes: readonly IndexProperties[] = []): string {
  const keys = (schema: unknown): string =>
    (schema as { AttributeName: string; KeyType: string }[])
      .map((key) => `${key.KeyType}=${key.AttributeName}`)
      .sort()
      .join(',');
  return [
    keys(keySchema),
    ...indexes.map((index) => `${index.IndexName}:${keys(index.KeySchema)}`).sort(),
  ].join(';');
}

function indexOf({ IndexName, KeySchema, Projection }: IndexProperties): IndexProperties {
  return { IndexName, KeySchema, Projection };
}
