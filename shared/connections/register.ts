import { randomBytes } from 'node:crypto';
import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import { ConflictError, InvalidInputError, NotFoundError, ProviderUnavailableError } from '../errors.ts';
import type {
  Audit,
  Bus,
  Clock,
  Connection,
  ConnectionState,
  Grant,
  Item,
  Random,
  Store,
  Write,
} from '../ports/index.ts';
import { announcementOf, type Fact, type PutWrite, putWrite } from './announcement.ts';
import { checkItem, LOOK_EVERY_MS } from './check-item.ts';
import { presented } from './directory.ts';
import { ANNOUNCEMENTS, addressKey, connectionKey } from './keys.ts';
import { belongings, removal } from './removal.ts';
import type { Address, ConnectionData } from './state.ts';

/** A removal meets writers of proofs and grants, each of which comes through once. */
const REMOVALS = 10;

export interface RegisterDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Audit;
  readonly bus: Bus;
}

export interface NewConnection {
  readonly organization: OrganizationId;
  readonly integration: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly settings: Connection['settings'];
  /** Where it is not given, an unguessable one is made: it is the connection's webhook address too. */
  readonly id?: ConnectionId;
  readonly state?: ConnectionState;
  readonly hubUserId?: string;
  readonly account?: string;
}

/** The writing side of connections. Every change is audited, and told on the bus at least once. */
export interface Register {
  /** @throws ConflictError for an id or an account that is taken. */
  create(request: NewConnection, actor: string): Promise<Connection>;
  /**
   * The grant is good: active, under the vendor's own name. `with` is committed in the same write.
   * @throws InvalidInputError for a grant of another account than the connection had before
   */
  activate(connection: Connection, grant: Grant, given: { with: Write; actor: string }): Promise<Connection>;
  /** An active one is set aside until its cause is gone; any other stays as it is. `provided` must still hold, else ConflictError and nothing changes. */
  park(connection: Connection, why: ParkReason, provided: readonly Write[]): Promise<Connection>;
  /**
   * Nobody's any more: its addresses, grant, cursors and proof go in one commit with it. What is left says only that
   * it was there, for as long as something may still be on its way from it. @throws NotFoundError when it is not there
   */
  remove(connection: Connection, fact: Omit<Fact, 'type'>): Promise<void>;
  /** Publishes what an earlier attempt could not. */
  announceDue(limit: number): Promise<number>;
}

export type ParkReason = Omit<Extract<ConnectionState, { kind: 'parked' }>, 'kind' | 'sinceMs'>;

export function createRegister(deps: RegisterDeps): Register {
  return new StoreRegister(deps);
}

/** Fresh key material of a new connection, for the hub's own secret of it. */
export function newBodySecret(): Readonly<Record<string, string>> {
  return { bodyKey: randomBytes(32).toString('base64') };
}

class StoreRegister implements Register {
  readonly #deps: RegisterDeps;

  constructor(deps: RegisterDeps) {
    this.#deps = deps;
  }

  async create(request: NewConnection, actor: string): Promise<Connection> {
    const id = request.id ?? (this.#deps.random.id() as ConnectionId);
    const state = request.state ?? ({ kind: 'pending' } as const);
    const connection: Connection = { ...request, id, state, createdAtMs: this.#deps.clock.now() };
    const put = this.#put(connection, undefined, { type: 'connection.created', actor });
    const first = { dueAtMs: this.#firstLookAtMs(), checkedAtMs: connection.createdAtMs };
    const look = { put: checkItem(connection, first), expect: 0 };
    await this.#deps.store.commit([put, look, ...addressWrites(connection, undefined)]);
    await this.#announce(await this.#read(connection));
    return connection;
  }

  async activate(
    connection: Connection,
    grant: Grant,
    given: { with: Write; actor: string },
  ): Promise<Connection> {
    const item = await this.#read(connection);
    refuseAnotherAccount(item.data.connection, grant);
    const active: Connection = { ...item.data.connection, state: { kind: 'active' }, ...learned(grant) };
    const put = this.#put(active, item, { type: 'connection.activated', actor: given.actor });
    const addresses = addressWrites(active, item.data.connection);
    await this.#deps.store.commit([put, given.with, ...addresses]);
    await this.#announce(await this.#read(active));
    return active;
  }

  async park(connection: Connection, why: ParkReason, provided: readonly Write[]): Promise<Connection> {
    const item = await this.#read(connection);
    if (item.data.connection.state.kind !== 'active') return item.data.connection;
    const state = { kind: 'parked', ...why, sinceMs: this.#deps.clock.now() } as const;
    const parked: Connection = { ...item.data.connection, state };
    const facts = { reason: why.reason, fault: why.fault };
    const put = this.#put(parked, item, { type: 'connection.parked', actor: 'hub', facts });
    await this.#deps.store.commit([put, ...provided]);
    await this.#announce(await this.#read(parked));
    return parked;
  }

  async remove(connection: Connection, fact: Omit<Fact, 'type'>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#removeOnce(connection, fact);
      } catch (error) {
        // Its proof, its grant or its cursor has just been written once more.
        if (!(error instanceof ConflictError) || attempt >= REMOVALS) throw error;
      }
    }
  }

  async #removeOnce({ organization, id }: Connection, fact: Omit<Fact, 'type'>): Promise<void> {
    const { store, clock } = this.#deps;
    const item = await this.#read({ organization, id });
    const state = { kind: 'removed', sinceMs: clock.now() } as const;
    const removed: Connection = { ...item.data.connection, state };
    const put = this.#put(removed, item, { ...fact, type: 'connection.removed' });
    const left = await Promise.all(belongings(removed).map((key) => removal(store, key)));
    await store.commit([put, ...left.flat()]);
    await this.#announce((await store.get<ConnectionData>(put.put.pk, put.put.sk))!);
  }

  /** Spread, so that connections made together are not all looked at together. */
  #firstLookAtMs(): number {
    const { clock, random } = this.#deps;
    return clock.now() + Math.ceil(LOOK_EVERY_MS * (0.5 + random.next() / 2));
  }

  async announceDue(limit: number): Promise<number> {
    const due = await this.#deps.store.due(ANNOUNCEMENTS, this.#deps.clock.now(), limit);
    const failures: unknown[] = [];
    for (const { pk, sk } of due) {
      const item = await this.#deps.store.get<ConnectionData>(pk, sk);
      // What cannot be told of one connection keeps nobody from hearing of the next.
      if (item !== undefined) await this.#announce(item).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
    return due.length;
  }

  async #read({ organization, id }: Pick<Connection, 'organization' | 'id'>): Promise<Item<ConnectionData>> {
    const { pk, sk } = connectionKey(organization, id);
    const item = await this.#deps.store.get<ConnectionData>(pk, sk);
    if (item === undefined || presented(item) === undefined)
      throw new NotFoundError('there is no such connection');
    return item;
  }

  #put(connection: Connection, before: Item<ConnectionData> | undefined, fact: Fact): PutWrite {
    const { version, data } = before ?? { version: 0, data: { unannounced: [] } };
    const at = { version: version + 1, atMs: this.#deps.clock.now() };
    const unannounced = [...data.unannounced, announcementOf(connection, fact, at)];
    return putWrite({ connection, unannounced }, version);
  }

  /** Audits and publishes, then forgets; whoever changes the connection in between carries it on. */
  async #announce(item: Item<ConnectionData>): Promise<void> {
    const { connection, unannounced } = item.data;
    if (unannounced.length === 0) return;
    for (const { event, entry } of unannounced) await this.#deps.audit.appendAs(event.id, entry);
    const untaken = await this.#deps.bus.publish(unannounced.map(({ event }) => event));
    const left = unannounced.filter(({ event: { id } }) => untaken.some(({ event }) => event.id === id));
    try {
      await this.#deps.store.commit([putWrite({ connection, unannounced: left }, item.version)]);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
    if (left.length > 0) throw new ProviderUnavailableError(`the event bus left ${left.length} events`);
  }
}

/** Every copy this connection knows lives in one account; in another, the same ids are somebody else's. */
function refuseAnotherAccount({ account }: Connection, grant: Grant): void {
  if (account === undefined || grant.account === undefined || account === grant.account) return;
  throw new InvalidInputError(`the grant is for account ${grant.account}, expected ${account}`);
}

function learned(grant: Grant): Pick<Connection, 'hubUserId' | 'account'> {
  return {
    ...(grant.hubUserId === undefined ? {} : { hubUserId: grant.hubUserId }),
    ...(grant.account === undefined ? {} : { account: grant.account }),
  };
}

/** Its webhook address, and the vendor's name of the account: two organizations cannot hold the same one. */
function addressWrites(connection: Connection, before: Connection | undefined): Write[] {
  const data: Address = { organization: connection.organization, connection: connection.id };
  const put = (address: string): Write => ({ put: { ...addressKey(address), data }, expect: 0 });
  const webhook = before === undefined ? [put(connection.id)] : [];
  if (connection.account === undefined || connection.account === before?.account) return webhook;
  return [...webhook, put(`${connection.integration}:${connection.account}`)];
}
