import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../template/deployment.ts';
import type { DynamoDb } from './client.ts';
import type { TableProperties } from './tables.ts';

type Key = Readonly<Record<string, unknown>>;
interface ScanAnswer {
  readonly Items?: readonly Key[];
  readonly LastEvaluatedKey?: Key;
}

const EVERY_MS = 60_000;
/** A page of the usual megabyte keeps the engine from everybody else for tenths of a second. */
const PAGE_ITEMS = 100;
const PAUSE_MS = 5;

/** Round after round, until it is stopped; what one could not delete the next one finds. */
export function startExpiry(call: DynamoDb, tables: readonly Resource<TableProperties>[]) {
  const stopping = new AbortController();
  const rounds = async (): Promise<void> => {
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal: stopping.signal });
      await removeExpired(call, tables, Date.now()).catch(() => undefined);
    }
  };
  rounds().catch(() => undefined);
  return { stop: () => stopping.abort() };
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
      Limit: PAGE_ITEMS,
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
    if (from !== undefined) await sleep(PAUSE_MS);
  } while (from !== undefined);
  return removed;
}
