/** The only way the console learns or changes anything: the hub's own /v1. */
export interface Health {
  readonly state: 'healthy' | 'unproven' | 'behind' | 'degraded' | 'parked' | 'pending';
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
  readonly wouldWrite?: Fields;
}

export interface Ticket {
  readonly id: string;
  readonly subject: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly requester: { readonly id: string; readonly name?: string; readonly email?: string } | null;
  readonly links: readonly {
    readonly connection: string;
    readonly integration: string;
    readonly facet: string;
    readonly externalId?: string;
    readonly state: 'settled' | 'behind' | 'parked' | 'gone';
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
  | (EntryBase & {
      readonly type: 'change';
      readonly kind: 'ticket' | 'comment';
      readonly what: 'created' | 'updated' | 'deleted' | 'restored';
      readonly source: string;
      readonly actor: string;
      readonly fields: Fields;
    })
  | (EntryBase & {
      readonly type: 'effect';
      readonly connection: string;
      readonly kind: 'ticket' | 'comment' | 'contact';
      readonly operation: 'create' | 'update' | 'delete';
      readonly lagMs?: number;
    })
  | (EntryBase & {
      readonly type: 'conflict';
      readonly field: string;
      readonly lost: Scalar;
      readonly kept: Scalar;
      readonly reason: string;
    })
  | (EntryBase & { readonly type: 'parked'; readonly parked: string; readonly reason: string });

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
  post<Body>(path: string): Promise<Body>;
  /** The same key twice is the same change once. */
  patch<Body>(path: string, change: Fields, key: string): Promise<Body>;
}

/** `onSignedOut` is told when the hub no longer takes the token. */
export function apiClient(token: string, ask: typeof fetch, onSignedOut: () => void): Client {
  const known = new Map<string, { readonly etag: string; readonly body: unknown }>();

  async function send(path: string, init: RequestInit): Promise<Response> {
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
    const response = await send(path, { method: 'GET', headers });
    if (response.status === 304 && seen !== undefined) return seen.body;
    const body = await bodyOf(response);
    const etag = response.headers.get('etag');
    if (etag !== null) known.set(path, { etag, body });
    return body;
  }

  async function patch(path: string, change: Fields, key: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return bodyOf(await send(path, { method: 'PATCH', headers, body: JSON.stringify(change) }));
  }

  return {
    get: <Body>(path: string) => get(path) as Promise<Body>,
    post: async <Body>(path: string) => (await bodyOf(await send(path, { method: 'POST' }))) as Body,
    patch: <Body>(path: string, change: Fields, key: string) => patch(path, change, key) as Promise<Body>,
  };
}

/** All pages, oldest first, for lists a person reads whole. */
export async function readAll<Item>(client: Client, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const page: Page<Item> = await client.get(`${path}?${query}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
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
