import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../shared/connections/directory.ts';
import { addressKey, connectionKey, mappingKey } from '../../../shared/connections/keys.ts';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import type { Connection, MappingDocument, Store } from '../../../shared/ports/index.ts';
import { memoryStore } from '../../memory/index.ts';

const organization = 'acme' as OrganizationId;
const clock = { now: () => 1_000 };
const DOCUMENT: MappingDocument = { version: 1, kinds: { ticket: { rules: [] } } };

async function directoryOf(ids: readonly string[], mapped: readonly string[]) {
  const store = memoryStore({ clock });
  for (const id of ids as readonly ConnectionId[]) {
    const connection = { id, organization, state: { kind: 'active' } } as Connection;
    const address = { organization, connection: id };
    await store.commit([
      { put: { ...connectionKey(organization, id), data: { connection, unannounced: [] } }, expect: 0 },
      { put: { ...addressKey(id), data: address }, expect: 0 },
    ]);
  }
  for (const id of mapped as readonly ConnectionId[])
    await store.commit([{ put: { ...mappingKey(organization, id), data: DOCUMENT }, expect: 0 }]);
  const asked: string[] = [];
  const counted: Store = {
    ...store,
    get: (...key) => {
      asked.push('get');
      return store.get(...key);
    },
    list: (...query) => {
      asked.push('list');
      return store.list(...query);
    },
  };
  return { directory: createDirectory({ store: counted, clock }), store, asked };
}

describe('the directory: a connection with its mapping', () => {
  it('is one query, whatever other ids begin alike', async () => {
    const { directory, asked } = await directoryOf(['c1', 'c10'], ['c10']);

    expect(await directory.get(organization, 'c1' as ConnectionId)).not.toHaveProperty('mapping');
    expect(await directory.get(organization, 'c10' as ConnectionId)).toHaveProperty('mapping', DOCUMENT);
    expect(asked).toEqual(['list', 'list']);
  });

  it('stands in the list of its organization, which holds connections only', async () => {
    const { directory } = await directoryOf(['c1', 'c2'], ['c2']);

    const all = await directory.ofOrganization(organization);

    expect(all.map(({ id, mapping }) => [id, mapping])).toEqual([
      ['c1', undefined],
      ['c2', DOCUMENT],
    ]);
  });

  it('is read by address without it: who takes requests from outside reads one item', async () => {
    const { directory, asked } = await directoryOf(['c1'], ['c1']);

    expect(await directory.byAddress('c1')).not.toHaveProperty('mapping');
    expect(asked).toEqual(['get', 'get']);
  });

  it('is as new in the list as it was last read alone', async () => {
    const { directory, store } = await directoryOf(['c1', 'c2'], ['c1']);
    await directory.ofOrganization(organization);
    const changed = { ...DOCUMENT, version: 2 };
    await store.commit([
      { put: { ...mappingKey(organization, 'c1' as ConnectionId), data: changed }, expect: 1 },
    ]);

    await directory.get(organization, 'c1' as ConnectionId);

    const all = await directory.ofOrganization(organization);
    expect(all.map(({ mapping }) => mapping?.version)).toEqual([2, undefined]);
  });
});
