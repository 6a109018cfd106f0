import { Contents } from '../contents.ts';
import { sandboxKeys } from './auth/keys.ts';
import { Oauth } from './auth/oauth.ts';
import { Sessions } from './auth/sessions.ts';
import { BulkJobs } from './bulk/jobs.ts';
import { asGapChange, changeEvents, commentEvents } from './events.ts';
import { Faults } from './faults.ts';
import { makeId, to18 } from './ids.ts';
import { Journal } from './journal.ts';
import {
  CHANNEL,
  CLIENT_SECRET,
  CONSUMER_KEY,
  type EventBus,
  type SalesforceSandboxOptions,
  type SandboxSettings,
} from './options.ts';
import { type Committed, Org } from './org.ts';
import { type Delivery, putEvents, Relay } from './relay.ts';
import { objects } from './schema.ts';
import type { Row } from './values.ts';

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly username: string;
}

const person = (serial: number, name: string, username: string): Person => ({
  userId: makeId('005', serial),
  name,
  username,
});
export const HUB_USER = person(1, 'Deskbridge Integration', 'deskbridge@example.com');
export const AGENTS = [
  person(2, 'Grace Agent', 'grace@example.com'),
  person(3, 'Linus Agent', 'linus@example.com'),
];
const PORTAL_USER = person(4, 'Paul Portal', 'paul@customer.example');

/** The org behind the server: rows, sessions, events and faults, put together and kept. */
export class Sandbox {
  readonly clock: { now(): number };
  readonly orgId: string;
  readonly faults = new Faults();
  readonly contents: Contents;
  readonly org: Org;
  readonly relay: Relay;
  readonly bulk: BulkJobs;
  readonly sessions: Sessions;
  readonly oauth: Oauth;
  readonly keys: { readonly privateKey: string; readonly publicKey: string };
  eventSource: string;
  apiUsed = 0;
  apiLimit = 15_000;
  downUntilMs = 0;
  /** What is done meanwhile was done before anybody listened: it makes no events. */
  isSilent = false;
  bulkDelayMs = 400;
  /** Rows the hub's user has lost sight of; they exist all the same. */
  hidden: ReadonlySet<string> = new Set();
  unshared: readonly string[] = [];
  url = '';
  readonly #journal: Journal;

  constructor(options: SalesforceSandboxOptions) {
    this.clock = options.clock ?? { now: () => Date.now() };
    this.orgId = to18((options.orgId ?? '00D000000000001').slice(0, 15));
    this.keys = sandboxKeys(options.dataDir);
    this.eventSource = `aws.partner/salesforce.com/${this.orgId}/${CHANNEL}`;
    this.#journal = new Journal(options.dataDir);
    this.contents = new Contents(options.dataDir);
    this.org = new Org(this.clock, (committed) => this.#committed(committed));
    this.bulk = new BulkJobs({
      nowMs: () => this.clock.now(),
      delayMs: () => this.bulkDelayMs,
      keep: (bulk) => this.#journal.append({ bulk, apiUsed: this.apiUsed }),
    });
    this.sessions = new Sessions({
      clock: this.clock,
      lifetimeMs: options.sessionLifetimeMs ?? 7_200_000,
      keep: (access) => this.#journal.append({ access }),
    });
    this.relay = new Relay({
      source: () => this.eventSource,
      faults: this.faults,
      onDone: (ids) => this.#journal.append({ delivered: ids }),
    });
    this.oauth = this.#makeOauth();
    this.#seed();
    this.relay.relayTo(options.publishEvents);
    this.apply({
      ...(options.eventBus ? { eventBus: options.eventBus } : {}),
      ...(options.eventDelayMs === undefined ? {} : { eventDelayMs: options.eventDelayMs }),
    });
    this.relay.send(this.#replay());
  }

  /** For good, but for the event bus: whoever starts the sandbox says where that is. */
  change({ eventBus, ...settings }: SandboxSettings): void {
    this.apply({ ...settings, ...(eventBus === undefined ? {} : { eventBus }) });
    this.#journal.append({ settings });
  }

  apply(settings: SandboxSettings): void {
    if (settings.eventBus) this.#relayTo(settings.eventBus);
    this.relay.delayMs = settings.eventDelayMs ?? this.relay.delayMs;
    this.sessions.lifetimeMs = settings.sessionLifetimeMs ?? this.sessions.lifetimeMs;
    this.oauth.isJwtApproved = settings.jwtApproved ?? this.oauth.isJwtApproved;
    this.oauth.isPkceRequired = settings.pkceRequired ?? this.oauth.isPkceRequired;
    this.apiLimit = settings.apiLimit ?? this.apiLimit;
    this.hidden = settings.hidden ? new Set(settings.hidden.map(to18)) : this.hidden;
    this.unshared = settings.unshared ?? this.unshared;
    this.org.maxPageRows = settings.maxPageRows ?? this.org.maxPageRows;
    this.bulkDelayMs = settings.bulkDelayMs ?? this.bulkDelayMs;
    this.bulk.maxQueryJobs = settings.maxQueryJobs ?? this.bulk.maxQueryJobs;
    this.org.hasPackage = settings.hasPackage ?? this.org.hasPackage;
    this.org.hasSites = settings.hasSites ?? this.org.hasSites;
    this.org.mayQueryAllFiles = settings.mayQueryAllFiles ?? this.org.mayQueryAllFiles;
    if (settings.denied) this.org.restricted = { user: HUB_USER.userId, denied: settings.denied };
    this.org.restrictPicklists = settings.restrictPicklists ?? this.org.restrictPicklists;
  }

  /** A partner bus bears the name of its source. */
  #relayTo({ endpoint, name }: EventBus): void {
    if (name.startsWith('aws.partner/')) this.eventSource = name;
    this.relay.relayTo(putEvents(endpoint, name));
  }

  userByName(username: string): string | undefined {
    const user = this.org.all(this.org.object('User')).find((row) => row.Username === username);
    return user ? String(user.Id) : undefined;
  }

  /** An event that says a record changed, and not how; as the vendor sends when it could not say. */
  gap(id: string, changeType: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'): void {
    const row = this.org.tables.get(to18(id));
    const event = row && asGapChange(row, changeType, this.org.commitNumber);
    if (event) this.#emit([Relay.delivery(event)]);
  }

  #committed(committed: Committed): void {
    const ofPackage = this.org.hasPackage ? commentEvents(committed, this.org) : [];
    const events = this.isSilent ? [] : [...changeEvents(committed), ...ofPackage];
    const deliveries = events.map((event) => Relay.delivery(event));
    this.#journal.append({
      commitNumber: committed.commitNumber,
      rows: committed.rows,
      serials: this.org.tables.serials(),
      deliveries,
      apiUsed: this.apiUsed,
    });
    this.relay.send(deliveries);
  }

  #emit(deliveries: readonly Delivery[]): void {
    this.#journal.append({ deliveries });
    this.relay.send(deliveries);
  }

  /** Brings back every committed row; returns the events nobody has taken yet. */
  #replay(): Delivery[] {
    const open = new Map<string, Delivery>();
    for (const line of this.#journal.lines()) {
      for (const row of line.rows ?? []) this.org.tables.put(row);
      for (const delivery of line.deliveries ?? []) open.set(delivery.id, delivery);
      for (const id of line.delivered ?? []) open.delete(id);
      if (line.access) this.sessions.apply(line.access);
      if (line.settings) this.apply(line.settings);
      if (line.bulk) this.bulk.restore(line.bulk);
      this.apiUsed = line.apiUsed ?? this.apiUsed;
      if (line.serials) this.org.tables.restoreSerials(line.serials);
      this.org.commitNumber = Math.max(this.org.commitNumber, line.commitNumber ?? 0);
    }
    this.org.tables.settle();
    return [...open.values()];
  }

  #makeOauth(): Oauth {
    return new Oauth({
      app: { consumerKey: CONSUMER_KEY, clientSecret: CLIENT_SECRET, publicKey: this.keys.publicKey },
      sessions: this.sessions,
      clock: this.clock,
      orgId: this.orgId,
      hubUserId: HUB_USER.userId,
      url: () => this.url,
      userByName: (username) => this.userByName(username),
    });
  }

  #seed(): void {
    for (const [who, userType] of [
      [HUB_USER, 'Standard'],
      ...AGENTS.map((agent) => [agent, 'Standard'] as const),
      [PORTAL_USER, 'CspLitePortal'],
    ] as const) {
      const user = {
        Username: who.username,
        Name: who.name,
        Email: who.username,
        UserType: userType,
        IsActive: true,
      };
      this.org.tables.put(this.#standing('User', who.userId, user));
    }
    const organization = {
      Name: 'Deskbridge Sandbox',
      OrganizationType: 'Developer Edition',
      IsSandbox: false,
    };
    this.org.tables.put(this.#standing('Organization', this.orgId, organization));
    this.org.tables.settle();
  }

  #standing(object: string, id: string, values: Row): Row {
    const made = Date.parse('2026-01-01T00:00:00Z');
    const row: Row = {};
    for (const name of objects.get(object.toLowerCase())?.fields.keys() ?? []) row[name] = null;
    return {
      ...row,
      ...values,
      Id: id,
      IsDeleted: false,
      CreatedDate: made,
      LastModifiedDate: made,
      SystemModstamp: made,
      CreatedById: HUB_USER.userId,
      LastModifiedById: HUB_USER.userId,
    };
  }
}
