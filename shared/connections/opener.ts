import { configured, type HubSettings, settingsFrom } from '../config/index.ts';
import {
  ConfigurationError,
  type HubError,
  InvariantError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import { mappedBy, pairedBy } from '../mapping/index.ts';
import type {
  Adapter,
  Connection,
  Connections,
  CustomerVisibleManifest,
  Fetch,
  Integration,
  InternalManifest,
  Manifest,
  Opening,
  Platform,
  PublicChange,
  Transfer,
  VendorUsage,
} from '../ports/index.ts';
import {
  type Breaker,
  createLeases,
  createLimiter,
  customerVisible,
  Gate,
  guarded,
  type Limiter,
  lookAtBreaker,
  openBreaker,
  type Priority,
  type Seen,
} from '../resilience/index.ts';
import { storeAudit } from './audit.ts';
import { guardedFetch } from './fetch.ts';
import { createGrants, type Grants, type JustRead } from './grants.ts';
import { type LiveDeps, live } from './live.ts';
import { createProofs, type Proofs } from './proof.ts';
import { createRegister, type Register } from './register.ts';
import { guardedTransfer } from './transfer.ts';
import { createVault, type Vault } from './vault.ts';

/**
 * One integration's code: what its folder exports, and no more is needed of it. Where customers can read, the
 * adapter is given public changes and nothing else (invariant 7).
 */
export type IntegrationCode = CustomerVisibleCode | InternalCode;

interface CustomerVisibleCode {
  readonly manifest: CustomerVisibleManifest;
  readonly adapter: Adapter<PublicChange>;
}
interface InternalCode {
  readonly manifest: InternalManifest;
  readonly adapter: Adapter;
}

/** A connection in use for one message or one poll. */
export interface OpenConnection {
  readonly integration: Integration;
  /** What the vendor told of its limits meanwhile is written down; awaited, for a frozen function forgets. */
  settle(): Promise<void>;
  /**
   * A call was refused for want of a grant, and yet the connection is active: somebody authorized it meanwhile, and may
   * have gone through what waits for it before that call's work was set aside. Read after that commit.
   */
  isAuthorizedSince(directory: Pick<Connections, 'get'>): Promise<boolean>;
}

export interface OpenOptions {
  readonly priority: Priority;
  /** The breaker has just closed. */
  onClosed?(): Promise<void>;
  /** What this message has read already. */
  readonly ahead?: Ahead | undefined;
}

/** What the first call of a connection will need; what could not be read now is read then. */
export interface Ahead {
  readonly grant: JustRead | undefined;
  readonly breaker: Seen<Breaker> | undefined;
}

interface WaysOut {
  readonly fetch: Fetch;
  readonly transfer: Transfer;
}
/** A vendor that has taken a large file may be silent while it stores it. */
const TRANSFER_SILENCE_MS = 60_000;

/** Everything around an adapter, once: secrets, guarded sockets, grants, limits, breaker, proofs. */
export class Opener {
  readonly register: Register;
  readonly vault: Vault;
  readonly proofs: Proofs;
  readonly #platform: Platform;
  readonly #grants: Grants;
  readonly #limiter: Limiter;
  readonly #ways = new Map<string, WaysOut>();
  readonly settings: HubSettings;

  constructor(platform: Platform) {
    const { clock, random, bus, telemetry, keys, stores } = platform;
    const audit = storeAudit({ store: stores.audit, random });
    const store = stores.connections;
    this.#platform = platform;
    this.settings = settingsFrom(platform.settings);
    this.register = createRegister({ store, clock, random, audit, bus });
    this.vault = createVault({ store, keys });
    this.proofs = createProofs({ store, clock });
    const leases = createLeases({ store: stores.limits, clock, random });
    const { vault, register } = this;
    const pause = (ms: number) => platform.pause(ms);
    this.#grants = createGrants({ store, vault, leases, register, clock, audit, telemetry, pause });
    this.#limiter = createLimiter({ store: stores.limits, clock });
  }

  /** To be asked for in one breath with the connection itself: then all of it is one read. */
  async lookAhead(at: Pick<Connection, 'organization' | 'id'>): Promise<Ahead> {
    const [grant, breaker] = await Promise.allSettled([
      this.vault.read(at),
      lookAtBreaker(this.#platform.stores.limits, at.id),
    ]);
    return {
      grant: grant.status === 'fulfilled' ? { stored: grant.value } : undefined,
      breaker: breaker.status === 'fulfilled' ? breaker.value : undefined,
    };
  }

  /** @throws ConfigurationError when the connection has no secret */
  async opening(
    connection: Connection,
    manifest: Manifest,
    reportUsage: (usage: VendorUsage) => void = () => {},
  ): Promise<Opening> {
    const { clock, secrets } = this.#platform;
    const values = await secrets.get(connection.id);
    if (values === undefined) throw new ConfigurationError(`connection ${connection.id} has no secret`);
    return { connection, secrets: values, ...this.#waysFor(manifest), clock, reportUsage };
  }

  async open(connection: Connection, code: IntegrationCode, options: OpenOptions): Promise<OpenConnection> {
    const { manifest } = code;
    if (connection.integration !== manifest.id) {
      throw new InvariantError(
        `a connection of ${connection.integration} reached the code of ${manifest.id}`,
      );
    }
    const usages = new Map<string, VendorUsage & { readonly atMs: number }>();
    const { clock } = this.#platform;
    const opening = await this.opening(connection, manifest, (usage) =>
      usages.set(usage.limit, { ...usage, atMs: clock.now() }),
    );
    let isRefused = false;
    const onFailure = (error: HubError) => {
      isRefused ||= error instanceof ReauthorizationRequiredError;
      return this.proofs.failed(connection, error);
    };
    const gate = this.#gate(connection, code, { ...options, onFailure });
    const document = pairedBy(connection.mapping, manifest.mapping);
    const link = { opening, grants: this.#grants, read: options.ahead?.grant };
    const integration = mappedBy(document, guarded(linked(code, link), gate));
    return {
      integration,
      settle: async () => {
        for (const usage of usages.values()) await gate.correct(usage);
        usages.clear();
      },
      isAuthorizedSince: async (directory) => {
        if (!isRefused) return false;
        const now = await directory.get(connection.organization, connection.id);
        return now?.state.kind === 'active';
      },
    };
  }

  #gate(
    connection: Connection,
    { manifest, adapter }: IntegrationCode,
    options: OpenOptions & { onFailure(error: HubError): Promise<void> },
  ): Gate {
    const { clock, random, telemetry, stores } = this.#platform;
    return new Gate({
      manifest: configured(manifest, this.settings),
      connection,
      breaker: openBreaker({ store: stores.limits, clock }, connection.id, options.ahead?.breaker),
      limiter: this.#limiter,
      priority: options.priority,
      random,
      telemetry,
      ...(adapter.place && { place: adapter.place.bind(adapter) }),
      onAnswer: (kind) => this.proofs.answered(connection, { isAsked: kind === 'check' }),
      onFailure: options.onFailure,
      onThrottled: (forMs) => this.proofs.throttled(connection, clock.now() + forMs),
      ...(options.onClosed && { onClosed: options.onClosed }),
    });
  }

  /** One pair per manifest: sockets are kept between messages. */
  #waysFor(manifest: Manifest): WaysOut {
    const known = this.#ways.get(manifest.id);
    if (known !== undefined) return known;
    const { clock, isLocal } = this.#platform;
    const sockets = { policy: { allowedHosts: manifest.allowedHosts, isLocal }, clock };
    const ways = {
      fetch: guardedFetch({ ...sockets, timeoutMs: this.settings.timeouts.vendorCallMs }),
      transfer: guardedTransfer({ ...sockets, silenceMs: TRANSFER_SILENCE_MS }),
    };
    this.#ways.set(manifest.id, ways);
    return ways;
  }
}

function linked(code: IntegrationCode, link: Omit<LiveDeps<never>, 'adapter'>): Integration {
  return isCustomerVisible(code)
    ? customerVisible(live({ adapter: code.adapter, ...link }))
    : live({ adapter: code.adapter, ...link });
}

function isCustomerVisible(code: IntegrationCode): code is CustomerVisibleCode {
  return code.manifest.isCustomerVisible;
}
