import type { OrganizationId } from '../../../shared/domain/index.ts';
import type { ApiDeps } from './deps.ts';

export const SCOPES = {
  'tickets:read': 'Read conversations, tickets and their timelines, and the accounts behind them',
  'tickets:write': 'Reply, note, change tickets, and restore what lost in any record',
  'connections:read': 'See connections, their health, parked work and the audit trail',
  'connections:write': 'Create, authorize and check connections',
  'operations:write': 'Replay parked work, start and cancel backfills',
} as const;
export type Scope = keyof typeof SCOPES;

/** Who a verified token says is calling; nothing in a request can change it. */
export interface Caller {
  readonly organization: OrganizationId;
  /** `user:<sub>` or `agent:<client id>`. */
  readonly actor: string;
  readonly displayName: string;
  readonly scopes: ReadonlySet<string>;
}

/** One request after its route's checks: token, scope, parameters and body already hold. */
export interface Call {
  readonly caller: Caller;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Empty unless the route demands one, or takes one and it was sent. */
  readonly idempotencyKey: string;
  /** The request's own id, as the log has it. */
  readonly correlation: string;
}

/** A request to a public route: whoever sends it has proven nothing. */
export interface PublicCall {
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

export type Action<Deps = ApiDeps> = (call: Call, deps: Deps) => Promise<Answer>;
export type PublicAction<Deps = ApiDeps> = (call: PublicCall, deps: Deps) => Promise<Answer>;

export type Schema = Readonly<Record<string, unknown>>;
/** Name of a schema in the document's components. */
export type SchemaName = string;

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Literal segments and `{name}` parameters, as in the OpenAPI document. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, Schema>>;
  /** The successful answer, and what its `Location` names. */
  readonly answer: { readonly status: number; readonly schema?: SchemaName; readonly location?: string };
  /** The vendor is asked before the answer: it may refuse, throttle or be away. */
  readonly asksVendor?: true;
}
export interface GuardedRoute<Deps = ApiDeps> extends RouteBase {
  readonly scope: Scope;
  /** Whose answer holds what another scope guards needs that one too. */
  readonly alsoScope?: Scope;
  readonly body?: SchemaName;
  /** draft-ietf-httpapi-idempotency-key-header-07: the header is required. */
  readonly isIdempotent?: true;
  /** The header is heeded where it is sent. */
  readonly takesKey?: true;
  readonly action: Action<Deps>;
}
export interface PublicRoute<Deps = ApiDeps> extends RouteBase {
  readonly scope?: never;
  readonly action: PublicAction<Deps>;
}
export type Route<Deps = ApiDeps> = GuardedRoute<Deps> | PublicRoute<Deps>;
/** A route to be looked at, whichever function carries it out. */
export type AnyRoute = Route<never>;

export function isGuarded<Deps>(route: Route<Deps>): route is GuardedRoute<Deps> {
  return route.scope !== undefined;
}

export const scopesOf = ({ scope, alsoScope }: GuardedRoute<never>): readonly Scope[] =>
  alsoScope === undefined ? [scope] : [scope, alsoScope];
