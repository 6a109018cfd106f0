import type { SandboxToken } from '../model.ts';
import type { OAuth } from '../oauth.ts';
import type { Workspace } from '../workspace.ts';

export type Json = Record<string, unknown>;
export type Args = Readonly<Record<string, unknown>>;

export interface MethodContext {
  readonly workspace: Workspace;
  readonly oauth: OAuth;
  readonly args: Args;
  /** Undefined for the methods that need no token. */
  readonly token: SandboxToken | undefined;
  readonly now: () => number;
  /** Reads answer as things were this long ago; 0 for the present. */
  readonly staleMs: number;
  /** HTTP Basic credentials, for oauth.v2.access. */
  readonly basic: { readonly id: string; readonly secret: string } | undefined;
  /** Throws RateLimited when this channel took a message less than a second ago and the limit is on. */
  readonly spendPost: (channel: string) => void;
}

export interface Method {
  /** One of these scopes is enough; https://docs.slack.dev/reference/scopes */
  readonly scopes: readonly string[];
  readonly needsToken: boolean;
  readonly run: (context: MethodContext) => Json;
}

/** Becomes HTTP 200 with `ok: false`. */
export class SlackMethodError extends Error {
  readonly code: string;
  readonly extra: Json;

  constructor(code: string, extra: Json = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Becomes HTTP 429 with Retry-After. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('ratelimited');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function text(args: Args, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : String(value);
}

export function flag(args: Args, name: string): boolean {
  return ['true', '1', true, 1].includes(args[name] as string);
}

/** An object that came as JSON or, in a form, as a JSON string. */
export function object(args: Args, name: string, error: string): Json | undefined {
  const value = args[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') return value as Json;
  try {
    return JSON.parse(value) as Json;
  } catch {
    throw new SlackMethodError(error);
  }
}

export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  readonly response: Json;
}

/** Cursor paging: https://docs.slack.dev/apis/web-api/pagination */
export function page<Item>(
  items: readonly Item[],
  args: Args,
  options: { keyOf: (item: Item) => string; defaultLimit: number },
): Paged<Item> {
  const limit = Math.min(Number(text(args, 'limit') ?? options.defaultLimit), 1_000);
  if (!Number.isInteger(limit) || limit < 1) throw new SlackMethodError('invalid_limit');
  const start = startAfter(items, text(args, 'cursor'), options.keyOf);
  const taken = items.slice(start, start + limit);
  const hasMore = start + limit < items.length;
  const last = taken.at(-1);
  const next =
    hasMore && last !== undefined ? Buffer.from(`next:${options.keyOf(last)}`).toString('base64url') : '';
  return { items: taken, hasMore, response: { response_metadata: { next_cursor: next } } };
}

function startAfter<Item>(
  items: readonly Item[],
  cursor: string | undefined,
  keyOf: (item: Item) => string,
): number {
  if (cursor === undefined) return 0;
  const key = Buffer.from(cursor, 'base64url').toString();
  const at = items.findIndex((item) => `next:${keyOf(item)}` === key);
  if (at < 0) throw new SlackMethodError('invalid_cursor');
  return at + 1;
}
