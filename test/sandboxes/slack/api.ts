import { setTimeout as pause } from 'node:timers/promises';
import type { CallFault, Faults } from './faults.ts';
import { authMethods } from './methods/auth.ts';
import { channelMethods } from './methods/channels.ts';
import { chatMethods } from './methods/chat.ts';
import { type Args, type Method, RateLimited, SlackMethodError, text } from './methods/context.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import { membershipMethods } from './methods/membership.ts';
import { userMethods } from './methods/users.ts';
import type { SandboxToken } from './model.ts';
import type { OAuth } from './oauth.ts';
import { type Answer, argumentsOf, type Request } from './server.ts';
import type { Workspace } from './workspace.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...authMethods,
  ...chatMethods,
  ...conversationMethods,
  ...channelMethods,
  ...membershipMethods,
  ...userMethods,
  ...fileMethods,
};

/** About one message a second and channel: https://docs.slack.dev/apis/web-api/rate-limits */
const POST_WINDOW_MS = 1_000;
const STALE_BY_MS = 5_000;

export interface ApiOptions {
  readonly workspace: Workspace;
  readonly oauth: OAuth;
  readonly faults: Faults;
  readonly now: () => number;
  readonly hasPostLimit: () => boolean;
}

/** The Web API: every answer is HTTP 200 but 429, and `ok` says what came of it. */
export class WebApi {
  readonly #options: ApiOptions;
  readonly #lastPosts = new Map<string, number>();

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async call(name: string, request: Request): Promise<Answer | 'cut'> {
    const fault = this.#options.faults.forCall(name);
    if (fault?.effect === 'drop-before') return 'cut';
    if (fault?.effect === 'slow') await pause(fault.ms ?? 1_000);
    if (fault?.effect === 'throttle') return throttled(fault.retryAfterSeconds ?? 1);
    if (fault?.effect === 'fail') {
      return { status: fault.status ?? 500, body: '<html><body>upstream failure</body></html>' };
    }
    if (fault?.effect === 'error') return refused(fault.error ?? 'internal_error');
    const answer = this.#run(name, request, fault);
    return fault?.effect === 'drop-after' ? 'cut' : answer;
  }

  #run(name: string, request: Request, fault: CallFault | undefined): Answer {
    const { workspace, oauth, now } = this.#options;
    try {
      const method = METHODS[name];
      if (method === undefined) throw new SlackMethodError('unknown_method', { req_method: name });
      const { cursor, ...first } = argumentsOf(request);
      const isRepeating = fault?.effect === 'repeat';
      const args = isRepeating || cursor === undefined ? first : { ...first, cursor };
      const token = method.needsToken ? oauth.authenticate(tokenOf(request, args)) : undefined;
      requireScope(method, token);
      const body = method.run({
        workspace,
        oauth,
        args,
        token,
        now,
        staleMs: fault?.effect === 'stale' ? (fault.ms ?? STALE_BY_MS) : 0,
        basic: basicOf(request),
        spendPost: (channel) => this.#spendPost(channel),
      });
      const scopes = token === undefined ? {} : { 'x-oauth-scopes': token.scopes.join(',') };
      // As one that answers each page with the first, and says that there is another.
      const endless = isRepeating ? { response_metadata: { next_cursor: `after ${String(cursor)}` } } : {};
      return { status: 200, headers: scopes, body: { ok: true, ...body, ...endless } };
    } catch (error) {
      if (error instanceof SlackMethodError) return refused(error.code, error.extra);
      if (error instanceof RateLimited) return throttled(error.retryAfterSeconds);
      throw error;
    }
  }

  #spendPost(channel: string): void {
    if (!this.#options.hasPostLimit()) return;
    const now = this.#options.now();
    const last = this.#lastPosts.get(channel);
    if (last !== undefined && now - last < POST_WINDOW_MS) throw new RateLimited(1);
    this.#lastPosts.set(channel, now);
  }
}

function throttled(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}

function refused(code: string, extra: Record<string, unknown> = {}): Answer {
  return { status: 200, body: { ok: false, error: code, ...extra } };
}

function requireScope(method: Method, token: SandboxToken | undefined): void {
  if (token === undefined || method.scopes.length === 0) return;
  if (method.scopes.some((scope) => token.scopes.includes(scope))) return;
  throw new SlackMethodError('missing_scope', {
    needed: method.scopes.join(','),
    provided: token.scopes.join(','),
  });
}

/** A bearer token, or the legacy `token` argument. */
function tokenOf(request: Request, args: Args): string | undefined {
  const bearer = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '');
  return bearer?.[1] ?? text(args, 'token');
}

function basicOf(request: Request): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/u.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { id, secret: rest.join(':') };
}
