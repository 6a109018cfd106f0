import type { Resource } from '../template/deployment.ts';
import type { DynamoDb } from './client.ts';
import type { TableProperties } from './tables.ts';

type Key = Readonly<Record<string, unknown>>;
interface ScanAnswer {
  readonly Items?: readonly Key[];
  readonly LastEvaluatedKey?: Key;
}

/** Deletes expired items, as neither local engine does it in time; AWS itself takes up to two days. */
export async function removeExpired(
  call: DynamoDb,
  tables: readonly Resource<TableProperties>[],
  nowMs: number,
): Promise<number> {
  let removed = 0;
  for (const table of tables) {
    const attribute = table.properties.TimeToLiveSpecification;
    if (attribute?.Enabled !== true) continue;
    removed += await removeFrom(call, table, attribute.AttributeName, nowMs);
  }
  return removed;
}

async function removeFrom(
  call: DynamoDb,
  table: Resource<TableProperties>,
  attribute: string,
  nowMs: number,
): Promise<number> {
  const TableName = table.identity.ref;
  const keyNames = (table.properties.KeySchema as { AttributeName: string }[]).map(
    (key) => key.AttributeName,
  );
  const condition = {
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(nowMs / 1_000)) } },
  };
  let removed = 0;
  let from: Key | undefined;
  do {
    const page = await call<ScanAnswer>('Scan', {
      TableName,
      FilterExpression: 'attribute_exists(#ttl) AND #ttl < :now',
      ...condition,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    for (const item of page.Items ?? []) {
      const Key = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
      // Conditional: it may have been given a new life since it was seen.
      await call('DeleteItem', { TableName, Key, ConditionExpression: '#ttl < :now', ...condition }).then(
        () => {
          removed += 1;
        },
        () => undefined,
      );
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return removed;
}
