import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalDescription } from '../../bin/local/demo/description.ts';
import { until } from '../../bin/local/demo/until.ts';
import { type World, worldOf } from '../../bin/local/demo/world.ts';
import { type Hub, startHub } from '../../bin/local/hub.ts';
import { type Wiretap, wiretap } from './wiretap.ts';

export function throwawayDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'deskbridge-journey-'));
}

export interface JourneyHub {
  readonly hub: Hub;
  readonly world: World;
  readonly wire: Wiretap;
  close(): Promise<void>;
}

/** A hub of the test file's own: free ports, throwaway data, the demo organization connected. */
export async function journeyHub(): Promise<JourneyHub> {
  const wire = wiretap();
  const hub = await startHub({
    dataDir: throwawayDirectory(),
    port: 0,
    asyncRetryDelaysSeconds: [1, 2],
    tap: wire.tap,
  });
  const close = async () => {
    await hub.close();
    wire.close();
  };
  return { hub, world: worldOf(hub.description), wire, close };
}

const script = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));

export interface HubProcess {
  readonly child: ChildProcess;
  readonly world: World;
  /** All it has printed so far, both streams. */
  printed(): string;
}

/** `npm start` in a process of its own, so that it can be killed. */
export async function startHubProcess(dataDir: string): Promise<HubProcess> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, DESKBRIDGE_DATA: dataDir, PORT: '0', DESKBRIDGE_STORY: 'no' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  }
  await until(
    'the hub is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`the hub ended: ${printed}`);
      return printed.includes('Deskbridge is ready: ') ? true : undefined;
    },
    120_000,
  );
  const description = JSON.parse(readFileSync(join(dataDir, 'local.json'), 'utf8')) as LocalDescription;
  return { child, world: worldOf(description), printed: () => printed };
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  return code as number | null;
}

export interface ConnectionView {
  readonly id: string;
  readonly integration: string;
  readonly health: { readonly state: string; readonly reason: string; readonly fault?: string };
  readonly accounting: {
    readonly accepted: number;
    readonly open: number;
    readonly parked: number;
    readonly isBalanced: boolean;
  };
  readonly parkedWork: number;
}

export async function connectionOf(world: World, integration: string): Promise<ConnectionView> {
  const { items } = await world.api.get<{ items: ConnectionView[] }>('/v1/connections');
  const found = items.find((item) => item.integration === integration);
  if (found === undefined) throw new Error(`no connection of ${integration}`);
  return found;
}

/** A conversation that stands on both sides: a question in Slack and its Case. */
export async function conversation(world: World, question: string): Promise<{ ts: string; caseId: string }> {
  const { ts } = await world.slack.say(question);
  const row = await until(
    `the Case of "${question}"`,
    async () => (await world.salesforce.rows('Case')).find((each) => each.Description === question),
    60_000,
  );
  return { ts, caseId: row.Id };
}

/** The hub's ticket of a Slack thread. */
export async function ticketOf(world: World, threadTs: string): Promise<string> {
  const found = (await world.tickets()).find(({ links }) =>
    links.some(({ externalId }) => externalId?.endsWith(`:${threadTs}`)),
  );
  if (found === undefined) throw new Error(`no ticket of the thread ${threadTs}`);
  return found.id;
}

/** Texts the hub wrote into a thread, oldest first. */
export async function told(world: World, threadTs: string): Promise<string[]> {
  const { botUserId } = world.description.sandboxes.slack;
  const messages = await world.slack.messages();
  return messages
    .filter((message) => message.threadTs === threadTs && message.user === botUserId)
    .map((message) => message.text);
}

/** Bodies of a Case's comments, oldest first. */
export async function commentsOn(world: World, caseId: string): Promise<unknown[]> {
  const rows = await world.salesforce.rows('CaseComment');
  return rows.filter((row) => row.ParentId === caseId).map((row) => row.CommentBody);
}

/** Events Slack has sent and seen acknowledged, by its own count. */
export async function acknowledgedBySlack(world: World): Promise<number> {
  const { deliveries } = await world.slack.control<{
    deliveries: { id: string; attempts: { status: number }[] }[];
  }>('GET', 'deliveries');
  const acknowledged = deliveries.filter(({ attempts }) => attempts.some(({ status }) => status === 200));
  return new Set(acknowledged.map(({ id }) => id)).size;
}

/** Faults armed and not yet met, in both sandboxes: a journey whose faults never struck proves nothing. */
export async function faultsLeft(world: World): Promise<readonly unknown[]> {
  const slack = await world.slack.control<{ faults: unknown[] }>('GET', 'faults');
  const salesforce = await world.salesforce.control<unknown[]>('GET', 'faults');
  return [...slack.faults, ...salesforce];
}
