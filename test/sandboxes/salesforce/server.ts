import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { control } from './control.ts';
import { Distortion } from './distortion.ts';
import { notFound, SalesforceFailure } from './failure.ts';
import type { CallFault } from './faults.ts';
import { isVersion, type Received, received, sendContent } from './files/bodies.ts';
import type { Human } from './human.ts';
import type { Call, Reply } from './rest/context.ts';
import { checkVersion, Resources, versionList } from './rest/router.ts';
import type { Sandbox } from './sandbox.ts';
import { objectOfId } from './schema.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** https://developer.salesforce.com/docs/platform/api-asynch/guide/upload-job-data.html */
const MAX_UPLOAD_BYTES = 150 * 1024 * 1024;
/** A lagging replica is at most this far behind. */
const STALE_MS = 60_000;

/** Limits of which nothing here uses any. */
const UNTOUCHED = {
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryJobs: 10_000,
  DailyDurableStreamingApiEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DataStorageMB: 5,
  FileStorageMB: 20,
  HourlyPublishedPlatformEvents: 50_000,
};

class Dropped extends Error {}

/** HTTP in front of the sandbox: faults first, then sign-in, then the resources. */
export class SalesforceServer {
  readonly #sandbox: Sandbox;
  readonly #human: Human;
  readonly #resources: Resources;
  readonly #distortion = new Distortion();

  constructor(sandbox: Sandbox, human: Human) {
    this.#sandbox = sandbox;
    this.#human = human;
    this.#resources = new Resources(sandbox.bulk);
  }

  listen(port: number): Promise<{ server: Server; port: number }> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch((failure) => {
        if (failure instanceof Dropped) request.socket.destroy();
        else send(response, failed(failure));
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve({ server, port: typeof address === 'object' && address ? address.port : port });
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
    const { contents } = this.#sandbox;
    const given = isVersion(request, url)
      ? await received(request, contents)
      : { text: await readBody(request) };
    if (url.pathname.startsWith('/__control/')) {
      send(response, await control(this.#sandbox, this.#human, request.method ?? 'GET', url, given.text));
      return;
    }
    const fault = await this.#fault(request.method ?? 'GET', url.pathname);
    const reply = this.#distortion.of(await this.#answer(request, url, given, fault), url, fault);
    if (fault?.effect === 'drop-after') throw new Dropped();
    if (reply.content === undefined) send(response, reply);
    else await sendContent(response, contents, reply, fault);
  }

  async #fault(method: string, path: string): Promise<CallFault | undefined> {
    const sandbox = this.#sandbox;
    const fault = sandbox.faults.takeCall(method, path);
    if (fault?.effect === 'down') sandbox.downUntilMs = Date.now() + (fault.ms ?? 1_000);
    if (fault?.effect === 'drop-before') throw new Dropped();
    if (fault?.effect === 'slow') await sleep(fault.ms ?? 1_000);
    return fault;
  }

  async #answer(
    request: IncomingMessage,
    url: URL,
    given: Received,
    fault: CallFault | undefined,
  ): Promise<Reply> {
    try {
      const refusal = this.#refusal(fault);
      if (refusal) throw refusal;
      if (url.pathname.startsWith('/services/oauth2/')) return await this.#oauth(request, url, given.text);
      if (url.pathname.startsWith('/id/'))
        return { status: 200, body: this.#identity(this.#session(request)) };
      const call = this.#call(request, url, given, fault);
      return call ? this.#limited(call) : { status: 200, body: versionList };
    } catch (failure) {
      const isCounted = /^\/services\/data\/v[\d.]+\//u.test(url.pathname);
      return { ...failed(failure), ...(isCounted ? { headers: this.#limitHeader() } : {}) };
    }
  }

  #refusal(fault: CallFault | undefined): SalesforceFailure | undefined {
    if (Date.now() < this.#sandbox.downUntilMs || fault?.effect === 'fail') {
      return new SalesforceFailure(
        fault?.status ?? 503,
        fault?.error ?? 'SERVER_UNAVAILABLE',
        'server unavailable',
      );
    }
    if (fault?.effect === 'throttle') {
      return new SalesforceFailure(
        403,
        'REQUEST_LIMIT_EXCEEDED',
        'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
      );
    }
    if (fault?.effect === 'lock') {
      return new SalesforceFailure(
        400,
        'UNABLE_TO_LOCK_ROW',
        'unable to obtain exclusive access to this record',
        [],
      );
    }
    return fault?.effect === 'error'
      ? new SalesforceFailure(
          fault.status ?? 400,
          fault.error ?? 'UNKNOWN_EXCEPTION',
          'an error was asked for',
        )
      : undefined;
  }

  async #oauth(request: IncomingMessage, url: URL, body: string): Promise<Reply> {
    const { oauth, sessions } = this.#sandbox;
    const form = new URLSearchParams(body || url.search);
    switch (url.pathname.slice('/services/oauth2/'.length)) {
      case 'authorize':
        return oauth.authorize(url.searchParams);
      case 'token':
        return await oauth.token(form);
      case 'revoke':
        return oauth.revoke(form.get('token') ?? '');
      case 'introspect': {
        const session = sessions.live(form.get('token') ?? '');
        return {
          status: 200,
          body: session ? { active: true, exp: Math.floor(session.expiresAtMs / 1_000) } : { active: false },
        };
      }
      case 'userinfo':
        return { status: 200, body: this.#identity(this.#session(request)) };
      default:
        throw notFound();
    }
  }

  #call(
    request: IncomingMessage,
    url: URL,
    { text, file }: Received,
    fault: CallFault | undefined,
  ): Call | undefined {
    const { org } = this.#sandbox;
    const [, services, data, versioned = '', ...path] = url.pathname.split('/');
    if (services !== 'services' || data !== 'data') throw notFound();
    if (versioned === '') return undefined;
    const version = versioned.slice(1);
    checkVersion(version);
    const userId = this.#session(request);
    const staleSince = fault?.effect === 'stale' ? org.now() - STALE_MS : undefined;
    return {
      org,
      version,
      userId,
      method: request.method ?? 'GET',
      path: path.filter((part) => part !== '').map(decodeURIComponent),
      query: url.searchParams,
      headers: request.headers,
      body: isCsv(request) ? text : parseJson(text),
      ...(file && { file }),
      readRow: (row) => {
        const { hidden, unshared } = this.#sandbox;
        const id = String(row.Id);
        if (hidden.has(id) || unshared.includes(objectOfId(id)?.name ?? '')) return undefined;
        return staleSince === undefined ? row : org.tables.stale(row, staleSince);
      },
      origin: `com/salesforce/api/rest/${version}`,
    };
  }

  /** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm */
  #limited(call: Call): Reply {
    const sandbox = this.#sandbox;
    if (call.path[0] === 'limits') return { status: 200, headers: this.#limitHeader(), body: this.#limits() };
    if (sandbox.apiUsed >= sandbox.apiLimit) {
      throw new SalesforceFailure(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    sandbox.apiUsed += 1;
    const reply = this.#resources.dispatch(call);
    return { ...reply, headers: { ...reply.headers, ...this.#limitHeader() } };
  }

  #limitHeader(): Record<string, string> {
    return { 'Sforce-Limit-Info': `api-usage=${this.#sandbox.apiUsed}/${this.#sandbox.apiLimit}` };
  }

  /** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm */
  #limits() {
    const { apiUsed, apiLimit } = this.#sandbox;
    return {
      DailyApiRequests: { Max: apiLimit, Remaining: Math.max(0, apiLimit - apiUsed) },
      ...Object.fromEntries(Object.entries(UNTOUCHED).map(([name, Max]) => [name, { Max, Remaining: Max }])),
    };
  }

  #session(request: IncomingMessage): string {
    const token = /^(?:Bearer|OAuth) (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const session = this.#sandbox.sessions.live(token);
    if (!session) throw new SalesforceFailure(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    return session.userId;
  }

  #identity(userId: string) {
    const { org, orgId, url } = this.#sandbox;
    const user = org.tables.get(userId) ?? {};
    return {
      id: `${url}/id/${orgId}/${userId}`,
      sub: `${url}/id/${orgId}/${userId}`,
      user_id: userId,
      organization_id: orgId,
      username: user.Username,
      preferred_username: user.Username,
      name: user.Name,
      display_name: user.Name,
      email: user.Email,
      active: true,
      user_type: 'STANDARD',
    };
  }
}

function failed(failure: unknown): Reply {
  if (failure instanceof SalesforceFailure) return { status: failure.status, body: failure.body() };
  const message = failure instanceof Error ? failure.message : 'unknown';
  return { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message }] };
}

const isCsv = (request: IncomingMessage): boolean =>
  (request.headers['content-type'] ?? '').startsWith('text/csv');

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new SalesforceFailure(400, 'JSON_PARSER_ERROR', 'unexpected character in the request body');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const mostBytes = isCsv(request) ? MAX_UPLOAD_BYTES : MAX_BODY_BYTES;
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes)
      throw new SalesforceFailure(413, 'REQUEST_ENTITY_TOO_LARGE', 'request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.headersSent) return;
  const json = reply.body === undefined ? undefined : JSON.stringify(reply.body);
  const body = reply.text?.value ?? json;
  response.writeHead(reply.status, {
    ...reply.headers,
    date: new Date().toUTCString(),
    ...(body === undefined
      ? {}
      : {
          'content-type': reply.text?.type ?? 'application/json;charset=UTF-8',
          'content-length': Buffer.byteLength(body),
        }),
  });
  response.end(body);
}
