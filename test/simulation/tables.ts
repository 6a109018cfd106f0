import { putWrite } from '../../shared/connections/announcement.ts';
import { mappingKey } from '../../shared/connections/keys.ts';
import type { Clock, Connection, Write } from '../../shared/ports/index.ts';
import { type MemoryStore, memoryStore } from '../memory/index.ts';

/** What stands beside the records: no oracle of records looks into it. */
export interface Tables {
  readonly connections: MemoryStore;
  readonly limits: MemoryStore;
  readonly audit: MemoryStore;
}

export function tablesOf(
  connections: readonly Connection[],
  options: { clock: Clock; lagMs: number },
): Tables {
  const tables = {
    connections: memoryStore(options),
    limits: memoryStore(options),
    audit: memoryStore(options),
  };
  // In memory a commit is done when it returns.
  void tables.connections.commit(connections.flatMap(rowsOf));
  return tables;
}

export function rowsOf({ mapping, ...connection }: Connection): Write[] {
  const key = mappingKey(connection.organization, connection.id);
  const own: Write[] = mapping === undefined ? [] : [{ put: { ...key, data: mapping }, expect: 0 }];
  return [putWrite({ connection, unannounced: [] }, 0), ...own];
}
