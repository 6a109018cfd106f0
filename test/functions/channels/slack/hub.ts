import type { Server } from 'node:http';
import type { APIGatewayProxyEventV2, Context, SQSEvent } from 'aws-lambda';
import { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { verifySlackSignature } from '../../../../functions/channels/slack/authenticity.ts';
import { manifest } from '../../../../functions/channels/slack/manifest.ts';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import { createDesk, engineDeps, observer, sweeper, worker } from '../../../../shared/connections/index.ts';
import type { ExternalId, OrganizationId, RecordId } from '../../../../shared/domain/index.ts';
import { inbound } from '../../../../shared/http/receive.ts';
import type { EngineDeps } from '../../../../shared/ports/index.ts';
import { type Child, createEngine, type Root } from '../../../../shared/sync/index.ts';
import { claimKey, rootKey, rootPk } from '../../../../shared/sync/keys.ts';
import { virtualClock } from '../../../memory/clock.ts';
import { memoryPlatform } from '../../../memory/platform.ts';
import type { MemoryQueue } from '../../../memory/queue.ts';
import { type SlackSandboxOptions, startSlackSandbox } from '../../../sandboxes/slack/index.ts';
import { listen, portOf, type Request, stop } from '../../../sandboxes/slack/server.ts';

const ORGANIZATION = 'org_lamps' as OrganizationId;
const ACTOR = 'user:test';
const CONTEXT = { getRemainingTimeInMillis: () => 30_000 } as Context;
/** Farther ahead than any backoff or lag of the engine's. */
const HORIZON_MS = 10 * 60_000;

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

/** The hub's own functions with one Slack connection, in memory, on one clock with the workspace. */
export async function slackHub(options: SlackSandboxOptions = {}) {
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
  const { signingSecret, botToken } = slack;
  const secrets = { ...(await platform.secrets.get(created.id)), signingSecret, botToken };
  await platform.secretsWriter.put(created.id, secrets);
  await desk.begin({ ...asked, connection: created.id });

  const receive = inbound(manifest, verifySlackSignature, platform);
  const webhook: Server = await listen(0, async (request) => {
    const result = await receive(gatewayEvent(request, created.id), CONTEXT);
    const { statusCode = 500, headers = {}, body = '' } = result;
    return { status: statusCode, headers: headers as Record<string, string>, body };
  });
  const eventsUrl = `http://127.0.0.1:${portOf(webhook)}/webhooks/slack/${created.id}`;
  const { verified } = await slack.settings({ eventsUrl });

  const integrations: EngineDeps['integrations'] = (id) => (id === 'slack' ? code : undefined);
  const engine = createEngine(engineDeps(platform, integrations));
  const consumers: readonly (readonly [MemoryQueue, Handler])[] = [
    [platform.queues.changes, observer(integrations, platform) as Handler],
    [platform.queues.work('slack'), worker(code, integrations, platform) as Handler],
  ];
  const sweep = sweeper(integrations, platform);

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
    engine,
    connection: created.id,
    eventsUrl,
    verified,
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
    async root(externalId: string, kind: 'ticket' | 'comment' = 'ticket'): Promise<RecordId | undefined> {
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
