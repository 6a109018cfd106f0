import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { Clock, Connection, Connections, Item, Store } from '../ports/index.ts';
import { everyItem } from '../sync/index.ts';
import { addressKey, connectionKey, connectionsPk, integrationList, mappingKey } from './keys.ts';
import type { Address, ConnectionData, MappingData } from './state.ts';

const ADDRESS_CACHE_MS = 60_000;
/** Short: a ticket that came in meanwhile is not told to a connection nobody knew of yet. */
const ORGANIZATION_CACHE_MS = 5_000;
/** Addresses come from anybody: the cache forgets all rather than grow with a guesser. */
const MAX_CACHED = 1_000;

export interface Directory extends Connections {
  /** All of an integration, over all organizations: what a poll goes through. Eventually consistent. */
  ofIntegration(integration: string): Promise<readonly Connection[]>;
  /** Strongly read: what is on its way to it, or from it, has nowhere to go any more. */
  wasRemoved(organization: OrganizationId, id: ConnectionId): Promise<boolean>;
}

export function createDirectory({ store, clock }: { store: Store; clock: Clock }): Directory {
  const addresses = new TimedCache<Connection | undefined>(clock, ADDRESS_CACHE_MS);
  const organizations = new TimedCache<readonly Connection[]>(clock, ORGANIZATION_CACHE_MS);
  const withMappings = async (organization: OrganizationId, prefix: string) =>
    presentedWith(organization, await store.list(connectionsPk(organization), { prefix }));
  return {
    async get(organization, id) {
      const found = await withMappings(organization, id);
      const connection = found.find((each) => each.id === id);
      if (connection !== undefined)
        organizations.change(organization, (known) => replaced(known, connection));
      return connection;
    },
    byAddress: (id) =>
      addresses.get(id, async () => {
        const at = addressKey(id);
        const address = await store.get<Address>(at.pk, at.sk);
        if (address === undefined) return undefined;
        // One item, and none of its neighbours: whoever takes requests from outside may read no more.
        const { pk, sk } = connectionKey(address.data.organization, address.data.connection);
        return presented(await store.get<ConnectionData>(pk, sk));
      }),
    ofOrganization: (organization: OrganizationId) =>
      organizations.get(organization, () => withMappings(organization, '')),
    async ofIntegration(integration) {
      const found: Connection[] = [];
      for await (const item of everyItem<ConnectionData>(store, integrationList(integration))) {
        const connection = presented(item);
        if (connection !== undefined) found.push(connection);
      }
      return found;
    },
    async wasRemoved(organization, id) {
      const { pk, sk } = connectionKey(organization, id);
      const item = await store.get<ConnectionData>(pk, sk);
      return item?.data.connection.state.kind === 'removed';
    },
  };
}

/** Nobody is shown a removed one. */
export function presented(item: Item<ConnectionData> | undefined): Connection | undefined {
  const connection = item?.data.connection;
  return connection?.state.kind === 'removed' ? undefined : connection;
}

/** The items of an organization's partition as connections, each with its mapping. */
function presentedWith(organization: OrganizationId, items: readonly Item[]): readonly Connection[] {
  const bySk = new Map(items.map((item) => [item.sk, item]));
  return items.flatMap((item) => {
    if (!('connection' in (item as Item<object>).data)) return [];
    const connection = presented(item as Item<ConnectionData>);
    if (connection === undefined) return [];
    const mapping = bySk.get(mappingKey(organization, connection.id).sk) as Item<MappingData> | undefined;
    return mapping === undefined ? connection : { ...connection, ...mappingIn(mapping.data) };
  });
}

const mappingIn = ({ putAtMs, ...mapping }: MappingData): Pick<Connection, 'mapping' | 'mappedAtMs'> => ({
  mapping,
  ...(putAtMs === undefined ? {} : { mappedAtMs: putAtMs }),
});

/** What has just been read strongly is what holds. */
const replaced = (known: readonly Connection[], connection: Connection): readonly Connection[] =>
  known.some(({ id }) => id === connection.id)
    ? known.map((each) => (each.id === connection.id ? connection : each))
    : [...known, connection];

/** Remembers misses like hits: an unknown address costs no more work than a known one. */
class TimedCache<Value> {
  readonly #clock: Clock;
  readonly #forMs: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();

  constructor(clock: Clock, forMs: number) {
    this.#clock = clock;
    this.#forMs = forMs;
  }

  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const cached = this.#entries.get(key);
    if (cached !== undefined && this.#clock.now() < cached.untilMs) return cached.value;
    const value = await load();
    if (this.#entries.size >= MAX_CACHED) this.#entries.clear();
    this.#entries.set(key, { value, untilMs: this.#clock.now() + this.#forMs });
    return value;
  }

  change(key: string, to: (value: Value) => Value): void {
    const cached = this.#entries.get(key);
    if (cached !== undefined) this.#entries.set(key, { ...cached, value: to(cached.value) });
  }
}
