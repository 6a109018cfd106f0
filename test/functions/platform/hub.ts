import { createHmac, randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { verifySlackSignature } from '../../../functions/channels/slack/authenticity.ts';
import { manifest as slackManifest } from '../../../functions/channels/slack/manifest.ts';
import { integrations } from '../../../functions/mappings.ts';
import { BearerError } from '../../../functions/platform/api/bearer.ts';
import { SCOPES } from '../../../functions/platform/api/call.ts';
import type { VerifyToken } from '../../../functions/platform/api/deps.ts';
import { createRegister, engineDeps, inboundPorts, storeAudit } from '../../../shared/connections/index.ts';
import {
  type ConnectionId,
  OBSERVATION_CONTENT_TYPE,
  type OrganizationId,
} from '../../../shared/domain/index.ts';
import { inbound } from '../../../shared/http/index.ts';
import type {
  ChangeMessage,
  Connection,
  Integration,
  Observation,
  Platform,
  WorkMessage,
} from '../../../shared/ports/index.ts';
import { accept, createEngine } from '../../../shared/sync/index.ts';
import {
  memoryContent,
  memoryDoor,
  memoryQueues,
  memoryStore,
  recordedBus,
  recordedTelemetry,
  seededRandom,
  virtualClock,
} from '../../memory/index.ts';
import { checkAnswer } from './document.ts';
import { gateway, publicUrl } from './gateway.ts';
import { keysInMemory } from './keys.ts';

export { publicUrl } from './gateway.ts';
export const EVERYTHING = Object.keys(SCOPES).join(' ');

type Result = APIGatewayProxyStructuredResultV2;
type Handler = (event: APIGatewayProxyEventV2, context: Context) => unknown;

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Sent as it stands, where it is no JSON. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the schema of every answer has been checked by then
  readonly body: any;
}

/** A token only these tests believe: `organization/actor/scopes`. Real ones have tests of their own. */
export function tokenOf(organization: string, scopes = EVERYTHING, actor = 'user:ada'): string {
  return Buffer.from(`${organization}/${actor}/${scopes}`).toString('base64url');
}

const verifyTestToken: VerifyToken = async (token) => {
  const [organization, actor, scopes] = Buffer.from(token, 'base64url').toString().split('/');
  if (actor === undefined || scopes === undefined) {
    throw new BearerError('the token is not valid here', { error: 'invalid_token' });
  }
  const displayName = actor.split(':')[1] as string;
  return {
    organization: organization as OrganizationId,
    actor,
    displayName,
    scopes: new Set(scopes.split(' ')),
  };
};

function platformInMemory(isLocal: boolean) {
  const clock = virtualClock();
  const random = seededRandom(7, clock);
  const store = () => memoryStore({ clock });
  const secrets = new Map<ConnectionId, Readonly<Record<string, string>>>();
  const queues = memoryQueues({ clock });
  const bus = recordedBus();
  const telemetry = recordedTelemetry();
  const stores = { records: store(), connections: store(), limits: store(), audit: store() };
  const platform: Platform = {
    clock,
    random,
    telemetry,
    queues,
    bus,
    stores,
    publicUrl,
    isLocal,
    pause: async (ms) => clock.advance(ms),
    settings: undefined,
    keys: keysInMemory(),
    secrets: {
      async get(connection) {
        return secrets.get(connection);
      },
    },
    secretsWriter: {
      async put(connection, values) {
        secrets.set(connection, values);
      },
      async remove(connection) {
        secrets.delete(connection);
      },
    },
  };
  return { clock, queues, bus, telemetry, stores, secrets, platform };
}

function eventOf(asked: Asked): APIGatewayProxyEventV2 {
  const url = new URL(asked.path, publicUrl);
  const headers: Record<string, string> = { ...asked.headers };
  if (asked.token !== undefined) headers.authorization = `Bearer ${asked.token}`;
  const hasBody = asked.raw !== undefined || asked.body !== undefined;
  if (hasBody) headers['content-type'] ??= 'application/json';
  const connection = /^\/webhooks\/\w+\/(.*)$/.exec(url.pathname)?.[1];
  return {
    version: '2.0',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    cookies: [...(asked.cookies ?? [])],
    queryStringParameters: Object.fromEntries(url.searchParams),
    pathParameters: connection === undefined ? {} : { connection: decodeURIComponent(connection) },
    requestContext: { requestId: 'r1', http: { method: asked.method ?? 'GET', path: url.pathname } },
    body: asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body)),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}

async function send(handler: unknown, asked: Asked): Promise<Answered> {
  const result = (await (handler as Handler)(eventOf(asked), {} as Context)) as Result;
  const text = result.body ?? '';
  const isJson = /json/.test(String(result.headers?.['content-type'] ?? ''));
  return {
    status: result.statusCode ?? 200,
    headers: (result.headers ?? {}) as Record<string, string>,
    cookies: result.cookies ?? [],
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

interface SlackMessage {
  readonly text: string;
  readonly user?: string;
  readonly threadTs?: string;
  readonly eventId?: string;
}

export type MemoryHub = Awaited<ReturnType<typeof memoryHub>>;

/** The API, Slack's webhook and the engine on the memory ports: the handlers that are deployed, composed anew. */
export async function memoryHub({ isLocal = false } = {}) {
  const memory = platformInMemory(isLocal);
  const { platform, clock, queues, secrets, stores } = memory;
  const content = memoryContent();
  const door = memoryDoor(content, clock);
  const handlerOf = gateway(platform, verifyTestToken, { addressOf: content.address, door });
  const slack = inbound(slackManifest, verifySlackSignature, platform);
  const engine = createEngine(engineDeps(platform, integrations));
  const audit = storeAudit({ store: stores.audit, random: platform.random });
  const register = createRegister({ ...platform, store: stores.connections, audit });
  let said = 0;

  function stamp(): string {
    said += 1;
    return `${Math.floor(clock.now() / 1_000)}.${String(said).padStart(6, '0')}`;
  }

  const hub = {
    ...memory,
    content,
    door,
    engine,
    async ask(asked: Asked): Promise<Answered> {
      const answered = await send(handlerOf(asked.method, asked.path), asked);
      checkAnswer(asked, answered);
      return answered;
    },
    webhook: (asked: Asked) => send(slack, asked),
    async connect(
      organization: string,
      integration: string,
      more: Partial<Connection> = {},
    ): Promise<Connection> {
      const created = await register.create(
        {
          organization: organization as OrganizationId,
          integration,
          name: `${integration} of ${organization}`,
          baseUrl: `https://${integration}.example`,
          settings: {},
          state: { kind: 'active' },
          hubUserId: 'U0HUB',
          ...more,
        },
        'hub',
      );
      const bodyKey = randomBytes(32).toString('base64');
      secrets.set(created.id, { bodyKey, signingSecret: `secret-of-${created.id}` });
      return created;
    },
    /** Headers with which Slack would sign this body for this connection. */
    signed(connection: Connection, body: string): Record<string, string> {
      const seconds = String(Math.floor(clock.now() / 1_000));
      const secret = secrets.get(connection.id)?.signingSecret as string;
      const digest = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
      return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${digest}` };
    },
    slackBody({ text, user = 'U0MAYA', threadTs, eventId }: SlackMessage): { raw: string; ts: string } {
      const ts = stamp();
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const event = {
        type: 'message',
        channel: 'C0SUPPORT',
        channel_type: 'channel',
        user,
        text,
        ts,
        ...thread,
      };
      const envelope = {
        type: 'event_callback',
        event_id: eventId ?? `Ev${ts}`,
        event: { ...event, event_ts: ts },
      };
      return { raw: JSON.stringify(envelope), ts };
    },
    /** A customer writes; the event is accepted and taken in. */
    async says(connection: Connection, message: SlackMessage): Promise<string> {
      const { raw, ts } = hub.slackBody(message);
      const path = `/webhooks/slack/${connection.id}`;
      const answered = await hub.webhook({ method: 'POST', path, raw, headers: hub.signed(connection, raw) });
      if (answered.status !== 200) throw new Error(`the webhook answered ${answered.status}`);
      await hub.observe();
      return ts;
    },
    /** A poll found this: kept as it keeps a page's observations, and taken in. */
    async polls(connection: Connection, seen: Partial<Observation>): Promise<void> {
      const observation = { authorship: 'other', atMs: clock.now(), isComplete: true, ...seen };
      await accept(inboundPorts(platform), {
        organization: connection.organization,
        connection: connection.id,
        eventId: `poll-${stamp()}`,
        group: String(seen.rootExternalId ?? seen.externalId),
        contentType: OBSERVATION_CONTENT_TYPE,
        body: Buffer.from(JSON.stringify(observation)),
        lane: 'deltas',
        receivedAtMs: clock.now(),
        redeliveryMs: 3_600_000,
      });
      await hub.observe();
    },
    async observe(): Promise<void> {
      for (const queue of [queues.changes, queues.deltas]) {
        for (
          let got = queue.receive<ChangeMessage>();
          got !== undefined;
          got = queue.receive<ChangeMessage>()
        ) {
          await engine.observe(got.body);
          queue.delete(got.receipt);
        }
      }
    },
    /** Does an integration's queued work, with this vendor at the other end. */
    async work(integration: string, vendor: Integration): Promise<void> {
      for (const queue of [queues.work(integration), queues.files(integration)]) {
        for (let got = queue.receive<WorkMessage>(); got !== undefined; got = queue.receive<WorkMessage>()) {
          const livesMs = got.body.type === 'transfer' ? 900_000 : 25_000;
          await engine.reconcile(got.body, vendor, clock.now() + livesMs, content);
          queue.delete(got.receipt);
        }
      }
    },
    /** The one ticket an organization has. */
    async onlyTicket(organization: string): Promise<string> {
      const { body } = await hub.ask({ path: '/v1/tickets', token: tokenOf(organization) });
      if (body.items.length !== 1) throw new Error(`expected one ticket, saw ${body.items.length}`);
      return body.items[0].id;
    },
  };
  return hub;
}
