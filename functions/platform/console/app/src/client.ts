import type { Attachment } from './attachment.ts';
import type { Lost } from './field-story.ts';

/** The only way the console learns or changes anything: the hub's own /v1. */
export interface Health {
  readonly state: 'healthy' | 'unproven' | 'behind' | 'silent' | 'degraded' | 'parked' | 'pending';
  readonly reason: string;
  readonly fault?: Fault;
  readonly since?: string;
}
export type Fault = 'organization' | 'vendor' | 'hub';
export type Scalar = string | number | boolean | null;
export type Fields = Readonly<Record<string, Scalar>>;

export interface Accounting {
  readonly since: string;
  readonly accepted: number;
  readonly applied: number;
  readonly merged: number;
  readonly echo: number;
  readonly filtered: number;
  readonly parked: number;
  readonly open: number;
  readonly isBalanced: boolean;
}

export interface Connection {
  readonly id: string;
  readonly integration: string;
  readonly kind: 'channel' | 'connector';
  readonly name: string;
  readonly baseUrl: string;
  readonly account?: string;
  readonly webhookUrl?: string;
  readonly health: Health;
  readonly lastProofAt?: string;
  readonly lag: {
    readonly p50Ms?: number;
    readonly p99Ms?: number;
    readonly samples: readonly { readonly at: string; readonly ms: number }[];
  };
  readonly breaker: { readonly state: 'closed' | 'open' | 'half-open'; readonly until?: string };
  readonly accounting: Accounting;
  readonly parkedWork: number;
  readonly oldestOpenAt?: string;
}

export interface Parked {
  readonly id: string;
  readonly connection: string;
  readonly what: 'event' | 'link' | 'message';
  readonly ticket?: string;
  readonly reason: string;
  readonly fault: Fault;
  readonly code?: string;
  readonly attempts: number;
  readonly since: string;
  readonly cause: string;
  readonly wouldWrite?: Readonly<Record<string, { readonly from: Scalar; readonly to: Scalar }>>;
}

export interface Ticket {
  readonly id: string;
  readonly subject: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly custom: Fields;
  readonly requester: {
    readonly id: string;
    readonly name?: string;
    readonly email?: string;
    readonly account?: { readonly id: string; readonly name?: string };
  } | null;
  readonly links: readonly {
    readonly connection: string;
    readonly integration: string;
    readonly facet: string;
    readonly externalId?: string;
    readonly state: 'settled' | 'behind' | 'parked' | 'gone' | 'merged';
  }[];
  readonly isDeleted: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Comment {
  readonly id: string;
  readonly visibility: 'public' | 'internal';
  readonly body: string;
  readonly author: { readonly role: 'customer' | 'agent' | 'system'; readonly name?: string };
  readonly isDeleted: boolean;
}

interface EntryBase {
  readonly id: string;
  readonly at: string;
}
export type Entry =
  | (EntryBase & { readonly type: 'comment'; readonly comment: Comment })
  | (EntryBase & { readonly type: 'attachment'; readonly attachment: Attachment })
  | (EntryBase & {
      readonly type: 'change';
      readonly kind: 'ticket' | 'comment';
      readonly what: 'created' | 'updated' | 'deleted' | 'restored';
      readonly source: string;
      readonly actor: string;
      readonly fields: Fields;
      readonly was: Fields;
    })
  | (EntryBase & {
      readonly type: 'effect';
      readonly connection: string;
      readonly kind: 'ticket' | 'comment' | 'contact' | 'account' | 'attachment';
      readonly operation: 'create' | 'update' | 'delete';
      readonly lagMs?: number;
    })
  | (EntryBase &
      Lost & {
        readonly type: 'conflict';
        readonly kind: 'ticket' | 'comment' | 'contact' | 'account' | 'attachment';
        readonly field: string;
      })
  | (EntryBase & {
      readonly type: 'parked';
      readonly parked: string;
      readonly reason: string;
      readonly fault: Fault;
      readonly connection: string;
      readonly code?: string;
    })
  | (EntryBase & { readonly type: 'resumed'; readonly parked: string });

export interface Schedule {
  readonly isPolled: boolean;
  readonly isOwn: boolean;
  readonly expression?: string;
  readonly timeZone?: string;
  readonly nextRuns: readonly string[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Client {
  get<Body>(path: string): Promise<Body>;
  /** The same key twice is the same deed once. */
  post<Body>(path: string, key?: string, body?: unknown): Promise<Body>;
  send<Body>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Body>;
}

/** `onSignedOut` is told when the hub no longer takes the token. */
export function apiClient(token: string, ask: typeof fetch, onSignedOut: () => void): Client {
  const known = new Map<string, { readonly etag: string; readonly body: unknown }>();

  async function answered(path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const response = await ask(path, { ...init, headers });
    if (response.status === 401) onSignedOut();
    return response;
  }

  async function bodyOf(response: Response): Promise<unknown> {
    const body = await response.json();
    if (!response.ok) throw new ApiError(response.status, body.detail ?? body.title);
    return body;
  }

  async function get(path: string): Promise<unknown> {
    const seen = known.get(path);
    const headers: HeadersInit = seen === undefined ? {} : { 'if-none-match': seen.etag };
    const response = await answered(path, { method: 'GET', headers });
    if (response.status === 304 && seen !== undefined) return seen.body;
    const body = await bodyOf(response);
    const etag = response.headers.get('etag');
    if (etag !== null) known.set(path, { etag, body });
    return body;
  }

  async function post(path: string, key: string | undefined, body: unknown): Promise<unknown> {
    return sendBody('POST', path, body, key === undefined ? {} : { 'idempotency-key': key });
  }

  async function sendBody(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const typed = { ...headers, 'content-type': 'application/json' };
    const content = body === undefined ? { headers } : { headers: typed, body: JSON.stringify(body) };
    return bodyOf(await answered(path, { method, ...content }));
  }

  return {
    send: <Body>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      sendBody(method, path, body) as Promise<Body>,
    get: <Body>(path: string) => get(path) as Promise<Body>,
    post: <Body>(path: string, key?: string, body?: unknown) => post(path, key, body) as Promise<Body>,
  };
}

interface Pages<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** The first pages of a list, as many as a person has asked for. */
export async function readPages<Item>(
  client: Client,
  path: string,
  { limit, pages }: { readonly limit: number; readonly pages: number },
): Promise<Pages<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const [at, given] = path.split('?');
    const query = new URLSearchParams(given);
    query.set('limit', String(limit));
    if (cursor !== undefined) query.set('cursor', cursor);
    const read: Page<Item> = await client.get(`${at}?${query}`);
    items.push(...read.items);
    cursor = read.next;
    if (cursor === undefined) break;
  }
  return { items, hasMore: cursor !== undefined };
}

/** All pages, for lists a person reads whole. */
export async function readAll<Item>(client: Client, path: string): Promise<readonly Item[]> {
  const { items } = await readPages<Item>(client, path, { limit: 100, pages: Number.POSITIVE_INFINITY });
  return items;
}

export type Names = ReadonlyMap<string, string>;
const NAMES_LAST_MS = 30_000;

/** What connections are called. Their list tells far more than that, so it is not asked for at every look. */
export function nameBook(client: Client, now: () => number): () => Promise<Names> {
  let book: Promise<Names> | undefined;
  let untilMs = 0;
  return () => {
    if (book === undefined || now() >= untilMs) {
      untilMs = now() + NAMES_LAST_MS;
      book = client
        .get<{ readonly items: readonly Connection[] }>('/v1/connections')
        .then(({ items }) => new Map(items.map(({ id, name }) => [id, name])))
        .catch((error) => {
          book = undefined;
          throw error;
        });
    }
    return book;
  };
}
