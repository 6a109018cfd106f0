import { ConflictError, ProviderUnavailableError, ReauthorizationRequiredError } from '../errors.ts';
import type {
  Audit,
  Authorization,
  Clock,
  Connection,
  Grant,
  Store,
  Subject,
  Telemetry,
} from '../ports/index.ts';
import type { Leases } from '../resilience/index.ts';
import { record } from './audit.ts';
import { grantKey } from './keys.ts';
import type { Register } from './register.ts';
import type { StoredGrant, Vault } from './vault.ts';

/** Renewed this long before its end, so that no call meets an expired token. */
export const AHEAD_MS = 10 * 60_000;
/** Longer than any token endpoint is waited for. */
const LEASE_MS = 30_000;
/** A loser looks again this often before it gives its work back. */
const LOOKS = 20;
const LOOK_MS = 250;
/** What the vendor gave is not given up for one failure of the store. */
const STORINGS = 6;
const STORE_AGAIN_MS = 500;

export interface GrantsDeps {
  readonly store: Store;
  readonly vault: Vault;
  readonly leases: Leases;
  readonly register: Register;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly telemetry: Telemetry;
  pause(ms: number): Promise<void>;
}

/** A stored grant, or that there is none. */
export interface JustRead {
  readonly stored: StoredGrant | undefined;
}

/** Vendor tokens, each renewed by one holder of a lease; everybody else reads what it wrote. */
export interface Grants {
  /**
   * A grant that is good for the next minutes. `read` is what the caller has itself just read of it.
   * @throws ReauthorizationRequiredError when the connection is parked, or has just been for a refused renewal;
   * ProviderUnavailableError when the vendor, or the lease's holder, does not answer.
   */
  usable(connection: Connection, authorization: Authorization, read?: JustRead): Promise<Grant>;
  /** The vendor refused `grant` before its time: another one, got once for all who saw that. Throws as `usable`. */
  replace(connection: Connection, authorization: Authorization, grant: Grant): Promise<Grant>;
  /** The vendor refuses even a grant it has just given: the connection is parked. */
  refuse(connection: Connection, grant: Grant): Promise<void>;
}

export function createGrants(deps: GrantsDeps): Grants {
  return new LeasedGrants(deps);
}

/** `ending` still works and is renewed by whoever gets the lease; for `dead` everybody waits. */
type Condition = 'fresh' | 'ending' | 'dead';
type Judge = (grant: Grant) => Condition;

interface Renewal {
  readonly connection: Connection;
  readonly authorization: Authorization;
  readonly judge: Judge;
}

class LeasedGrants implements Grants {
  readonly #deps: GrantsDeps;

  constructor(deps: GrantsDeps) {
    this.#deps = deps;
  }

  async usable(connection: Connection, authorization: Authorization, read?: JustRead): Promise<Grant> {
    return this.#current({ connection, authorization, judge: (grant) => this.#conditionOf(grant) }, read);
  }

  async replace(connection: Connection, authorization: Authorization, refused: Grant): Promise<Grant> {
    const judge: Judge = (grant) => {
      return grant.accessToken === refused.accessToken ? 'dead' : this.#conditionOf(grant);
    };
    return this.#current({ connection, authorization, judge });
  }

  async refuse(connection: Connection, refused: Grant): Promise<void> {
    const stored = await this.#deps.vault.read(connection);
    if (stored?.grant.accessToken === refused.accessToken) await this.#park(connection, stored);
  }

  #conditionOf({ expiresAtMs = Number.POSITIVE_INFINITY }: Grant): Condition {
    const leftMs = expiresAtMs - this.#deps.clock.now();
    if (leftMs > AHEAD_MS) return 'fresh';
    return leftMs > 0 ? 'ending' : 'dead';
  }

  async #current(renewal: Renewal, read?: JustRead): Promise<Grant> {
    const { connection, judge } = renewal;
    if (connection.state.kind === 'parked') throw reauthorizationRequired();
    for (let look = 0; look < LOOKS; look += 1) {
      const isRead = read !== undefined && look === 0;
      const stored = isRead ? read.stored : await this.#deps.vault.read(connection);
      const condition = stored === undefined ? 'dead' : judge(stored.grant);
      if (stored !== undefined && condition === 'fresh') return stored.grant;
      const renewed = await this.#renewUnderLease(renewal);
      if (renewed !== undefined) return renewed;
      if (stored !== undefined && condition === 'ending') return stored.grant;
      await this.#deps.pause(LOOK_MS);
    }
    throw new ProviderUnavailableError('another function is renewing this grant and has not finished');
  }

  /** Undefined when somebody else holds the lease, or was faster. */
  async #renewUnderLease(renewal: Renewal): Promise<Grant | undefined> {
    const { connection, judge } = renewal;
    const lease = await this.#deps.leases.acquire(`grant#${connection.id}`, LEASE_MS);
    if (lease === undefined) return undefined;
    try {
      const stored = await this.#deps.vault.read(connection);
      if (stored !== undefined && judge(stored.grant) === 'fresh') return stored.grant;
      return await this.#renew(renewal, stored);
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      throw error;
    } finally {
      await this.#deps.leases.release(lease);
    }
  }

  /** The stored version is the owner check: a holder that overslept its lease writes over nobody's newer grant. */
  async #renew({ connection, authorization }: Renewal, stored: StoredGrant | undefined): Promise<Grant> {
    let renewed: Grant;
    try {
      renewed = sameAccount(connection, await authorization.renew(stored?.grant));
    } catch (error) {
      if (error instanceof ReauthorizationRequiredError) await this.#park(connection, stored);
      throw error;
    }
    const grant = { ...carriedOver(stored?.grant), ...renewed };
    await this.#keep(connection, grant, stored?.version ?? 0);
    this.#deps.telemetry.metric('TokenRefreshes', 1, subjectOf(connection));
    await this.#audit(connection, 'token.refreshed', 'done');
    return grant;
  }

  /** Tried again while it may be: where refresh tokens are good once, this one unsaved is the connection lost. */
  async #keep(connection: Connection, grant: Grant, expect: number): Promise<void> {
    const { store, vault, pause } = this.#deps;
    const write = await vault.sealed(connection, grant, expect);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await store.commit([write]);
      } catch (error) {
        const held = await vault.read(connection).catch(() => undefined);
        const isChanged = held !== undefined && held.version !== expect;
        if (isChanged && held.grant.accessToken === grant.accessToken) return;
        if (isChanged || attempt >= STORINGS) throw error;
        await pause(STORE_AGAIN_MS);
      }
    }
  }

  /** Only while the refused grant is still the stored one: else somebody has a better one already. */
  async #park(connection: Connection, stored: StoredGrant | undefined): Promise<void> {
    const key = grantKey(connection.organization, connection.id);
    const isUnchanged = { check: key, expect: stored?.version ?? 0 };
    await this.#audit(connection, 'token.refresh', 'refused');
    const why = { reason: 'reauthorization_required', fault: 'organization' } as const;
    await this.#deps.register.park(connection, why, [isUnchanged]);
    this.#deps.telemetry.log('warn', 'connection parked', subjectOf(connection), { reason: why.reason });
  }

  #audit({ organization, id }: Connection, action: string, outcome: 'done' | 'refused'): Promise<void> {
    return record(this.#deps, { organization, connection: id, actor: 'hub', action, outcome });
  }
}

/**
 * A key or token of another account, put into the secret by mistake: the ids this connection knows are somebody
 * else's there, and what is written would reach strangers.
 */
function sameAccount({ account }: Connection, renewed: Grant): Grant {
  if (account === undefined || renewed.account === undefined || renewed.account === account) return renewed;
  throw new ReauthorizationRequiredError('the grant is for another account than the connection had before');
}

/** What a vendor does not repeat in a renewal still holds. */
function carriedOver(before: Grant | undefined): Partial<Grant> {
  if (before === undefined) return {};
  const { refreshToken, hubUserId, account, scopes } = before;
  return {
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(hubUserId === undefined ? {} : { hubUserId }),
    ...(account === undefined ? {} : { account }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

function reauthorizationRequired(): ReauthorizationRequiredError {
  return new ReauthorizationRequiredError('the connection is parked until somebody authorizes it again');
}

function subjectOf({ id, organization, integration }: Connection): Subject {
  return { connection: id, organization, integration };
}
