import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { Clock, Connection, Connections, Item, Store } from '../ports/index.ts';
import { addressKey, connectionKey, connectionsPk, integrationList } from './keys.ts';
import type { Address, ConnectionData } from './state.ts';

const ADDRESS_CACHE_MS = 60_000;
/** Short: a ticket that came in meanwhile is not told to a connection nobody knew of yet. */
const ORGANIZATION_CACHE_MS = 5_000;
/** Addresses come from anybody: the cache forgets all rather than grow with a guesser. */
const MAX_CACHED = 1_000;
const PAGE = 100;

export interface Directory extends Connections {
  /** All of an integration, over all organizations: what a poll goes through. Eventually consistent. */
  ofIntegration(integration: string): Promise<readonly Connection[]>;
  /** Strongly read: what is on its way to it, or from it, has nowhere to go any more. */
  wasRemoved(organization: OrganizationId, id: ConnectionId): Promise<boolean>;
}

export function createDirectory({ store, clock }: { store: Store; clock: Clock }): Directory {
  const addresses = new TimedCache<Connection | undefined>(clock, ADDRESS_CACHE_MS);
  const organizations = new TimedCache<readonly Connection[]>(clock, ORGANIZATION_CACHE_MS);
  const get: Connections['get'] = async (organization, id) => {
    const { pk, sk } = connectionKey(organization, id);
    return presented(await store.get<ConnectionData>(pk, sk));
  };
  return {
    get,
    byAddress: (id) =>
      addresses.get(id, async () => {
        const { pk, sk } = addressKey(id);
        const address = await store.get<Address>(pk, sk);
        return address && get(address.data.organization, address.data.connection);
      }),
    ofOrganization: (organization: OrganizationId) =>
      organizations.get(organization, async () => {
        const items = await store.list<ConnectionData>(connectionsPk(organization));
        return items.flatMap((item) => presented(item) ?? []);
      }),
    async ofIntegration(integration) {
      const found: Connection[] = [];
      let next: string | undefined;
      do {
        const options = { limit: PAGE, ...(next === undefined ? {} : { next }) };
        const page = await store.page<ConnectionData>(integrationList(integration), options);
        found.push(...page.items.flatMap((item) => presented(item) ?? []));
        next = page.next;
      } while (next !== undefined);
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
}
