import type { ConnectionId, Fields, OrganizationId } from '../domain/index.ts';
import {
  ConfigurationError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderRejectedError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import type {
  Audit,
  Authorization,
  Clock,
  Connection,
  Engine,
  Grant,
  Health,
  Manifest,
  Opening,
  Random,
  Secrets,
  SecretsWriter,
} from '../ports/index.ts';
import { record } from './audit.ts';
import type { States } from './authorize.ts';
import type { Directory } from './directory.ts';
import { bodySecretOf } from './keys.ts';
import type { IntegrationCode } from './opener.ts';
import { newBodySecret, type Register } from './register.ts';
import { clear, revoked } from './removal.ts';
import type { Vault } from './vault.ts';

export interface DeskDeps {
  readonly directory: Directory;
  readonly register: Register;
  readonly states: States;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly secretsWriter: SecretsWriter;
  readonly forget: Engine['forget'];
  readonly redirectUri: string;
  readonly integrations: (id: string) => IntegrationCode | undefined;
  /** @throws InvalidInputError for an address of the vendor's that the policy does not allow */
  checkUrl(url: string, manifest: Manifest, pointer: string): void;
  open(connection: Connection): Promise<Opening>;
  /** A proof of life, asked from the vendor now and written down. */
  check(connection: Connection, code: IntegrationCode): Promise<Health>;
}

interface Asked {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly actor: string;
}

type SecretValues = Readonly<Record<string, string>>;
type Begun = { readonly url: string; readonly state: string } | { readonly connection: Connection };

/** What people and the API do to connections; no token or secret leaves it. */
export class Desk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** @throws InvalidInputError naming `/integration`, `/baseUrl` or the setting that is no address of the vendor's */
  async create(request: {
    readonly organization: OrganizationId;
    readonly integration: string;
    readonly name: string;
    readonly baseUrl?: string;
    readonly settings: Fields;
    readonly actor: string;
    /** Where it is not given, an unguessable one is made. */
    readonly id?: ConnectionId;
    /** Of the vendor's app, as far as they are known already. */
    readonly secrets?: SecretValues;
  }): Promise<Connection> {
    const { actor, baseUrl, secrets = {}, ...rest } = request;
    const { manifest } = this.#integration(request.integration);
    const url = baseUrl ?? defaultBaseUrl(manifest);
    this.#deps.checkUrl(url, manifest, '/baseUrl');
    for (const name of urlSettings(manifest)) {
      const given = request.settings[name];
      if (given !== undefined) this.#deps.checkUrl(String(given), manifest, `/settings/${name}`);
    }
    // The secrets first: a connection without one would answer 503 to its vendor.
    const { directory, random, register, secretsWriter } = this.#deps;
    const { id = random.id() as ConnectionId } = rest;
    // Asked for again: new keys would make what is sealed already unreadable.
    const known = await directory.get(request.organization, id);
    if (known !== undefined) return known;
    await secretsWriter.put(bodySecretOf(id), newBodySecret());
    await secretsWriter.put(id, secrets);
    return register.create({ ...rest, id, baseUrl: url }, actor);
  }

  /** Takes over what is given and keeps the rest; nobody is shown any of it. @throws NotFoundError */
  async keepSecrets({ secrets, ...asked }: Asked & { readonly secrets: SecretValues }): Promise<void> {
    const { id } = await this.#connection(asked);
    const known = await this.#deps.secrets.get(id, { fresh: true });
    await this.#deps.secretsWriter.put(id, { ...known, ...secrets });
    const facts = { names: Object.keys(secrets).sort().join(' ') };
    await record(this.#deps, { ...onlyAsked(asked), action: 'connection.secrets.changed', facts });
  }

  /**
   * `url` for the person to visit, or the connection itself where no person is needed.
   * @throws NotFoundError; ConflictError naming what the connection's secret lacks
   */
  async begin(asked: Asked): Promise<Begun> {
    try {
      return await this.#begin(asked);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new ConflictError(error.message, { cause: error });
    }
  }

  async #begin(asked: Asked): Promise<Begun> {
    const { connection, authorization } = await this.#at(asked);
    if (authorization.authorizeUrl === undefined) {
      const grant = await this.#grantFrom(asked, () => authorization.renew(undefined));
      return { connection: await this.#accept(connection, grant, asked.actor) };
    }
    const { state, codeChallenge } = await this.#deps.states.begin(connection, asked.actor);
    await record(this.#deps, { ...onlyAsked(asked), action: 'connection.authorize.begun' });
    const { redirectUri } = this.#deps;
    return { url: authorization.authorizeUrl({ state, redirectUri, codeChallenge }), state };
  }

  /** The organization comes from the stored state. @throws InvalidInputError for a state never given or used up */
  async complete({ state, code }: { readonly state: string; readonly code: string }): Promise<Connection> {
    const pending = await this.#deps.states.redeem(state);
    const { connection, authorization } = await this.#at(pending);
    const { exchange } = authorization;
    if (exchange === undefined) throw new InvalidInputError('this integration exchanges no codes');
    const { redirectUri } = this.#deps;
    const request = { code, redirectUri, codeVerifier: pending.codeVerifier };
    const grant = await this.#grantFrom(pending, () => exchange.call(authorization, request));
    return this.#accept(connection, grant, pending.actor);
  }

  /**
   * The person came back without a code: they, or the vendor, said no. The state is used up by it.
   * @throws InvalidInputError for a state never given or used up
   */
  async refuse({ state, error }: { readonly state: string; readonly error: string }): Promise<void> {
    const pending = await this.#deps.states.redeem(state);
    const deed = { action: 'connection.authorize', outcome: 'refused', facts: { code: error } } as const;
    await record(this.#deps, { ...onlyAsked(pending), ...deed });
  }

  /** Asks the vendor, now. @throws NotFoundError */
  async check(asked: Asked): Promise<Health> {
    const connection = await this.#connection(asked);
    const health = await this.#deps.check(connection, this.#integration(connection.integration));
    const outcome = health.state === 'healthy' ? 'done' : 'refused';
    await record(this.#deps, { ...asked, action: 'connection.checked', outcome });
    return health;
  }

  /**
   * Takes a connection out: its tokens are given back, its secret goes, its webhook address is nobody's. Asked again
   * after it broke off midway, it finishes. @throws NotFoundError also for one that is gone already
   */
  async remove(asked: Asked): Promise<void> {
    const { directory, register, vault } = this.#deps;
    const { organization, connection: id, actor } = asked;
    const found = await directory.get(organization, id);
    if (found !== undefined) {
      const authorize = async () => (await this.#at(asked)).authorization;
      const tokens = await revoked({ vault, authorize }, found);
      await register.remove(found, { actor, facts: { tokens } });
    }
    if (found !== undefined || (await directory.wasRemoved(organization, id)))
      await clear(this.#deps, { organization, id });
    if (found === undefined) throw noSuchConnection();
  }

  async #accept(connection: Connection, grant: Grant, actor: string): Promise<Connection> {
    const stored = await this.#deps.vault.read(connection);
    const write = await this.#deps.vault.sealed(connection, grant, stored?.version ?? 0);
    return this.#deps.register.activate(connection, grant, { with: write, actor });
  }

  async #grantFrom(asked: Asked, get: () => Promise<Grant>): Promise<Grant> {
    try {
      return await get();
    } catch (error) {
      const isRefused =
        error instanceof ReauthorizationRequiredError || error instanceof ProviderRejectedError;
      const outcome = isRefused ? 'refused' : 'uncertain';
      const facts = error instanceof ProviderRejectedError ? { code: error.vendorCode } : {};
      await record(this.#deps, { ...onlyAsked(asked), action: 'connection.authorize', outcome, facts });
      throw error;
    }
  }

  async #at(asked: Asked): Promise<{ connection: Connection; authorization: Authorization }> {
    const connection = await this.#connection(asked);
    const { adapter } = this.#integration(connection.integration);
    return { connection, authorization: adapter.authorization(await this.#deps.open(connection)) };
  }

  async #connection({ organization, connection }: Asked): Promise<Connection> {
    const found = await this.#deps.directory.get(organization, connection);
    if (found === undefined) throw noSuchConnection();
    return found;
  }

  #integration(id: string) {
    const found = this.#deps.integrations(id);
    if (found === undefined)
      throw new InvalidInputError('there is no such integration', { pointer: '/integration' });
    return found;
  }
}

function noSuchConnection(): NotFoundError {
  return new NotFoundError('there is no such connection');
}

function onlyAsked({ organization, connection, actor }: Asked): Asked {
  return { organization, connection, actor };
}

/** Settings that name a place to go: people are sent there, and tokens are asked for there. */
function urlSettings({ settingsSchema }: Manifest): readonly string[] {
  const properties = (settingsSchema.properties ?? {}) as Readonly<Record<string, { format?: unknown }>>;
  return Object.keys(properties).filter((name) => properties[name]?.format === 'uri');
}

/** Where every customer of the vendor finds it; a vendor with a host per customer has none. */
function defaultBaseUrl(manifest: Manifest): string {
  const host = manifest.allowedHosts.find((allowed) => !allowed.startsWith('*.'));
  if (host !== undefined) return `https://${host}`;
  throw new InvalidInputError(`${manifest.name} answers at a host of your own, expected its url`, {
    pointer: '/baseUrl',
  });
}
