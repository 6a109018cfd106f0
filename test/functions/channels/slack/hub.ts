import type { Server } from 'node:http';
import type { APIGatewayProxyEventV2, Context, SQSEvent } from 'aws-lambda';
import { adapter as files } from '../../../../functions/channels/slack/adapter/files.ts';
import { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { verifySlackSignature } from '../../../../functions/channels/slack/authenticity.ts';
import { manifest } from '../../../../functions/channels/slack/manifest.ts';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import {
  createDesk,
  createDirectory,
  engineDeps,
  filesWorker,
  observer,
  sweeper,
  worker,
} from '../../../../shared/connections/index.ts';
import type { ExternalId, OrganizationId, RecordId } from '../../../../shared/domain/index.ts';
import { inbound } from '../../../../shared/http/receive.ts';
import type { EngineDeps } from '../../../../shared/ports/index.ts';
import { type Child, createEngine, type Root } from '../../../../shared/sync/index.ts';
import { claimKey, rootKey, rootPk } from '../../../../shared/sync/keys.ts';
import { virtualClock } from '../../../memory/clock.ts';
import { memoryContent } from '../../../memory/content.ts';
import { memoryPlatform } from '../../../memory/platform.ts';
import type { MemoryQueue } from '../../../memory/queue.ts';
import { type SlackSandboxOptions, startSlackSandbox } from '../../../sandboxes/slack/index.ts';
import { listen, portOf, type Request, stop } from '../../../sandboxes/slack/server.ts';

export const ORGANIZATION = 'org_lamps' as OrganizationId;
const ACTOR = 'user:test';
const CONTEXT = { getRemainingTimeInMillis: () => 30_000 } as Context;
/** A function of files begins nothing that it might have to leave half way. */
const FILES_CONTEXT = { getRemainingTimeInMillis: () => 15 * 60_000 } as Context;
/** Often enough for what the sweeper does by the hour. */
const IDLE_STEP_MS = 20 * 60_000;
/** Farther ahead than any backoff or lag of the engine's. */
const HORIZON_MS = 10 * 60_000;

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

export interface SlackHubOptions extends SlackSandboxOptions {
  /** Authorized by a person's consent instead of a bot token in the secret. */
  readonly byOAuth?: boolean;
}

/** The hub's own functions with one Slack connection, in memory, on one clock with the workspace. */
export async function slackHub({ byOAuth = false, ...options }: SlackHubOptions = {}) {
  const clock = virtualClock();
  const slack = await startSlackSandbox({ clock, retryScale: 0.000_01, ...options });
  const platform = memoryPlatform({ clock, isLocal: true });
  const code = { manifest, adapter, mapping };
  const desk = createDesk(platform, [code]);
  const asked = { organization: ORGANIZATION, actor: ACTOR };
  const created = await desk.create({
    ...asked,
    integration: 'slack',
    name: 'Lamps',
    baseUrl: slack.url,
    settings: {},
  });
  const { signingSecret, botToken, clientId, clientSecret } = slack;
  const own = byOAuth ? { clientId, clientSecret } : { botToken };
  const secrets = { ...(await platform.secrets.get(created.id)), signingSecret, ...own };
  await platform.secretsWriter.put(created.id, secrets);
  /** With the person in the workspace who allows the app, where one is needed. */
  async function authorize(): Promise<void> {
    const begun = await desk.begin({ ...asked, connection: created.id });
    if (!('url' in begun)) return;
    const consent = await fetch(begun.url, { redirect: 'manual' });
    const code = new URL(consent.headers.get('location')!).searchParams.get('code')!;
    await desk.complete({ state: begun.state, code });
  }
  await authorize();

  const statuses: number[] = [];
  const receive = inbound(manifest, verifySlackSignature, platform);
  const webhook: Server = await listen(0, async (request) => {
    const result = await receive(gatewayEvent(request, created.id), CONTEXT);
    const { statusCode = 500, headers = {}, body = '' } = result;
    statuses.push(statusCode);
    return { status: statusCode, headers: headers as Record<string, string>, body };
  });
  const eventsUrl = `http://127.0.0.1:${portOf(webhook)}/webhooks/slack/${created.id}`;
  const { verified } = await slack.settings({ eventsUrl });

  const integrations: EngineDeps['integrations'] = (id) => (id === 'slack' ? code : undefined);
  const engine = createEngine(engineDeps(platform, integrations));
  const contents = memoryContent();
  const carry = filesWorker({ manifest, adapter: files }, integrations, platform, contents) as Handler;
  const consumers: readonly (readonly [MemoryQueue, Handler])[] = [
    [platform.queues.changes, observer(integrations, platform) as Handler],
    [platform.queues.work('slack'), worker(code, integrations, platform) as Handler],
    [platform.queues.files('slack'), (event) => carry(event, FILES_CONTEXT)],
  ];
  const sweep = sweeper(integrations, platform);
  const directory = createDirectory({ store: platform.stores.connections, clock });

  async function drain(): Promise<void> {
    for (let isQuiet = false; !isQuiet; ) {
      await slack.flush();
      isQuiet = true;
      for (const [queue, handler] of consumers) while (await consumeOne(queue, handler)) isQuiet = false;
    }
  }

  return {
    slack,
    clock,
    platform,
    /** The bytes of files the hub holds. */
    contents,
    engine,
    connection: created.id,
    eventsUrl,
    verified,
    desk,
    authorize,
    /** What the hub's door answered, in order. */
    statuses,
    now: () => directory.get(ORGANIZATION, created.id),
    /** Lets time pass in which nobody says anything. */
    async idle(forMs: number): Promise<void> {
      for (const untilMs = clock.now() + forMs; clock.now() < untilMs; clock.advance(IDLE_STEP_MS)) {
        await sweep(undefined as never, CONTEXT);
        await drain();
      }
    },
    /** Runs the hub until nothing is left to do within the horizon: queues, delays, sweeps. */
    async settle(): Promise<void> {
      const untilMs = clock.now() + HORIZON_MS;
      while (clock.now() < untilMs) {
        await drain();
        await sweep(undefined as never, CONTEXT);
        await drain();
        clock.advance(20_000);
      }
    },
    drain,
    /** The root of what Slack knows by this id. */
    async root(
      externalId: string,
      kind: 'ticket' | 'comment' | 'attachment' = 'ticket',
    ): Promise<RecordId | undefined> {
      const key = claimKey(ORGANIZATION, created.id, kind, externalId as ExternalId);
      const claim = await platform.stores.records.get<{ root: RecordId }>(key.pk, key.sk);
      return claim?.data.root;
    },
    /** What the hub holds of a ticket. */
    async ticket(root: RecordId): Promise<Root | undefined> {
      const key = rootKey(ORGANIZATION, root);
      return (await platform.stores.records.get<Root>(key.pk, key.sk))?.data;
    },
    async comments(root: RecordId): Promise<readonly Child[]> {
      const items = await platform.stores.records.list<Child>(rootPk(ORGANIZATION, root), {
        prefix: 'child#',
      });
      return items.map(({ data }) => data).sort((a, b) => (a.position < b.position ? -1 : 1));
    },
    async comment(root: RecordId, body: string, visibility: 'public' | 'internal' = 'public') {
      const edit = { edit: 'comment', visibility, body, authorName: 'Grace Hopper' } as const;
      const idempotencyKey = `${root}:${body}:${visibility}`;
      return engine.edit({ organization: ORGANIZATION, root, actor: 'agent:1', idempotencyKey, edit });
    },
    async close(): Promise<void> {
      await slack.close();
      await stop(webhook);
    },
  };
}

export type SlackHub = Awaited<ReturnType<typeof slackHub>>;

async function consumeOne(queue: MemoryQueue, handler: Handler): Promise<boolean> {
  const message = queue.receive();
  if (message === undefined) return false;
  const { name } = queue.settings;
  const record = {
    messageId: message.receipt,
    body: JSON.stringify(message.body),
    attributes: { ApproximateReceiveCount: String(message.receives) },
    eventSourceARN: `arn:aws:sqs:local:000000000000:${name}`,
  };
  const result = (await handler({ Records: [record] } as unknown as SQSEvent, CONTEXT)) as {
    batchItemFailures: readonly unknown[];
  };
  if (result.batchItemFailures.length === 0) queue.delete(message.receipt);
  return true;
}

function gatewayEvent(request: Request, connection: string): APIGatewayProxyEventV2 {
  return {
    headers: request.headers,
    body: request.body,
    isBase64Encoded: false,
    rawPath: request.url.pathname,
    rawQueryString: '',
    pathParameters: { connection },
    requestContext: { http: { method: request.method } },
  } as unknown as APIGatewayProxyEventV2;
}
