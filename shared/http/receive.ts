import { createHash, randomBytes } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type InboundPorts, inboundPorts } from '../connections/index.ts';
import { OBSERVATION_CONTENT_TYPE } from '../domain/index.ts';
import {
  ConfigurationError,
  HubError,
  NotAuthenticError,
  ProviderUnavailableError,
  TooLargeError,
} from '../errors.ts';
import type {
  Authenticity,
  Connection,
  InboundPlatform,
  Manifest,
  RawRequest,
  RawResponse,
  Route,
  Subject,
} from '../ports/index.ts';
import { accept } from '../sync/index.ts';
import { correlationOf } from '../telemetry/index.ts';
import { bodyBytes, gatewayResult, rawRequest } from './gateway.ts';
import { empty, problem } from './respond.ts';

/** A timer per request would watch for what the function's own timeout ends anyway. */
const LEAN = { timeoutEarlyInMillis: 0 };

type Webhook = NonNullable<Manifest['webhook']>;
type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** One answer for a wrong signature, a connection nobody has, and one without a secret: none can be told from another. */
const NOT_AUTHENTIC = problem(new NotAuthenticError('the request is not authentic'));
const TOO_LARGE = problem(new TooLargeError('the body is larger than this route takes'));
/** Never 4xx: several vendors drop an event for good on one. */
const NOT_KEPT = problem(new ProviderUnavailableError('the event could not be kept, send it again'));

/**
 * The function behind an integration's webhook: authentic request in, kept, queued, then 2xx.
 * @throws ConfigurationError at start when the manifest names no webhook or another verifier.
 */
export function inbound(manifest: Manifest, authenticity: Authenticity, platform: InboundPlatform) {
  const { webhook } = manifest;
  if (webhook === undefined || webhook.verifier !== authenticity.name) {
    const expected = webhook?.verifier ?? 'no webhook';
    throw new ConfigurationError(`${manifest.id}: saw verifier ${authenticity.name}, expected ${expected}`);
  }
  const receiver = new Receiver(manifest, webhook, authenticity, inboundPorts(platform));
  const handler: HttpHandler = async (event) => gatewayResult(await receiver.receive(event));
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(LEAN).handler(handler);
}

/** As connection ids are; anything else names nobody, and no store is asked about it. */
const ADDRESS = /^[\w-]{1,128}$/;

class Receiver {
  readonly #manifest: Manifest;
  readonly #webhook: Webhook;
  readonly #authenticity: Authenticity;
  readonly #ports: InboundPorts;
  readonly #decoys: Readonly<Record<string, string>>;

  constructor(manifest: Manifest, webhook: Webhook, authenticity: Authenticity, ports: InboundPorts) {
    this.#manifest = manifest;
    this.#webhook = webhook;
    this.#authenticity = authenticity;
    this.#ports = ports;
    const decoy = (name: string) => [name, randomBytes(32).toString('hex')];
    this.#decoys = Object.fromEntries(manifest.secrets.map(decoy));
  }

  async receive(event: APIGatewayProxyEventV2): Promise<RawResponse> {
    if (bodyBytes(event) > this.#webhook.maxBodyBytes) return TOO_LARGE;
    try {
      return await this.#authenticate(event);
    } catch (error) {
      const code = error instanceof HubError ? error.code : 'unknown';
      this.#ports.telemetry.log('error', 'event not kept', { integration: this.#manifest.id }, { code });
      return NOT_KEPT;
    }
  }

  async #authenticate(event: APIGatewayProxyEventV2): Promise<RawResponse> {
    const receivedAtMs = this.#ports.clock.now();
    const connection = await this.#connectionOf(event.pathParameters?.connection ?? '');
    const secrets = connection === undefined ? undefined : await this.#ports.secrets.get(connection.id);
    const request = rawRequest(event);
    const verdict = this.#authenticity.verify(request, secrets ?? this.#decoys, receivedAtMs);
    if (connection === undefined || secrets === undefined || verdict !== 'authentic') {
      this.#ports.telemetry.metric('NotAuthentic', 1, this.#subject(connection));
      return NOT_AUTHENTIC;
    }
    const route = this.#authenticity.route(request);
    if (route === 'ignore') return empty(200);
    if (typeof route === 'object' && 'answer' in route) return route.answer;
    const kept = route === 'unreadable' ? unreadable(request.body) : route;
    return this.#keep(connection, request, { route: kept, receivedAtMs });
  }

  /** An address of another integration is as unknown here as one that never was. */
  async #connectionOf(address: string): Promise<Connection | undefined> {
    if (!ADDRESS.test(address)) return undefined;
    const connection = await this.#ports.connections.byAddress(address);
    return connection?.integration === this.#manifest.id ? connection : undefined;
  }

  async #keep(
    connection: Connection,
    request: RawRequest,
    { route, receivedAtMs }: { readonly route: Route; readonly receivedAtMs: number },
  ): Promise<RawResponse> {
    const { telemetry, clock } = this.#ports;
    const arrival = {
      eventId: route.eventId,
      group: route.group,
      organization: connection.organization,
      connection: connection.id,
      contentType: contentTypeOf(request),
      body: request.body,
      lane: 'changes' as const,
      receivedAtMs,
      redeliveryMs: this.#manifest.redeliveryMs,
    };
    const outcome = await accept(this.#ports, arrival);
    const subject = {
      ...this.#subject(connection),
      correlation: correlationOf(connection.id, arrival.eventId),
    };
    telemetry.metric(outcome === 'accepted' ? 'Accepted' : 'Duplicates', 1, subject);
    telemetry.metric('AckLatency', clock.now() - receivedAtMs, subject);
    return empty(200);
  }

  #subject(connection: Connection | undefined): Subject {
    const integration = this.#manifest.id;
    if (connection === undefined) return { integration };
    return { integration, organization: connection.organization, connection: connection.id };
  }
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** The type of the hub's own observations is not a sender's to claim: it would pass by the mapping. */
function contentTypeOf({ headers }: RawRequest): string {
  const claimed = headers['content-type'] ?? UNKNOWN_TYPE;
  return claimed.toLowerCase().includes(OBSERVATION_CONTENT_TYPE) ? UNKNOWN_TYPE : claimed.slice(0, 200);
}

/** Kept under a hash of its bytes; the same bytes again are the same event. */
export function unreadable(body: Uint8Array): Route {
  return { eventId: `sha256-${createHash('sha256').update(body).digest('hex')}`, group: 'unreadable' };
}
