import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import { canaryWord, filesUnder, leaksIn, secretsOf, waiting } from './canaries.ts';
import {
  acknowledgedBySlack,
  connectionOf,
  type HubProcess,
  kill,
  startHubProcess,
  throwawayDirectory,
} from './hub.ts';

const count = 200;
/** Stands in every text of this story. */
const word = canaryWord();
const question = (index: number): string => `Question number ${index} (${word})`;
const directory = throwawayDirectory();
let running: HubProcess;
/** What hubs before the running one have printed. */
const printed: string[] = [];
/** Messages that were waiting when the hub was killed. */
let caught: readonly string[] = [];

beforeAll(async () => {
  running = await startHubProcess(directory);
}, 180_000);
afterAll(async () => {
  await kill(running.child, 'SIGKILL');
});

async function questionsInCases(): Promise<string[]> {
  const rows = await running.world.salesforce.rows('Case');
  return rows.map((row) => String(row.Description));
}

/** Processes that name the data directory or came from the hub, by the kernel's own list. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const own = list === '' ? [] : list.split(' ').map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
}

describe('a hub killed in the middle of 200 messages', () => {
  it('leaves no process behind', async () => {
    const posted = Promise.allSettled(
      Array.from({ length: count }, (_, index) => running.world.slack.say(question(index))),
    );
    expect((await posted).every(({ status }) => status === 'fulfilled')).toBe(true);
    await until(
      'some of them are Cases',
      async () => ((await questionsInCases()).length >= 20 ? true : undefined),
      90_000,
    );
    const offspring = childrenOf(running.child.pid ?? 0);
    const done = (await questionsInCases()).length;

    await kill(running.child, 'SIGKILL');
    printed.push(running.printed());
    caught = waiting(directory);

    expect(done).toBeGreaterThanOrEqual(20);
    expect(done).toBeLessThan(count);
    expect(offspring.length).toBeGreaterThan(0);
    await expect.poll(() => offspring.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  }, 180_000);

  it('started again, has a Case for each, and none twice', async () => {
    running = await startHubProcess(directory);

    await until(
      'a Case for each',
      async () => (new Set(await questionsInCases()).size === count ? true : undefined),
      240_000,
    );

    expect((await questionsInCases()).sort()).toEqual(
      Array.from({ length: count }, (_, index) => question(index)).sort(),
    );
  }, 300_000);

  it('accounts for every event it accepted', async () => {
    const settled = await until(
      'nothing is open',
      async () => {
        const view = await connectionOf(running.world, 'slack');
        return view.accounting.open === 0 ? view : undefined;
      },
      60_000,
    );

    const accepted = await acknowledgedBySlack(running.world);
    expect(accepted).toBe(count);
    expect(settled.accounting).toMatchObject({ accepted, isBalanced: true, parked: 0 });
  }, 90_000);

  it('has leaked no secret and no text, killed in the middle of what it did (invariant 9)', async () => {
    const secrets = await secretsOf(running.world.description);
    const all = { ...secrets, 'a text': word };
    const kept = (name: string) => filesUnder(join(directory, name));

    expect([
      ...leaksIn('logs', kept('logs'), all),
      ...leaksIn('queues, as the kill left them', caught, all),
      ...leaksIn('queues on disk', kept('queues'), secrets),
      ...leaksIn('printed', [...printed, running.printed()], all),
      ...leaksIn('tables on disk', kept('dynamodb'), secrets),
    ]).toEqual([]);
    expect(caught.length).toBeGreaterThan(0);
    expect(kept('logs').some((bytes) => bytes.includes('"Accepted"'))).toBe(true);
    expect(printed.join('')).toContain('Deskbridge is ready');
  });

  it('refuses a second hub on the same data, in one sentence', async () => {
    await expect(startHubProcess(directory)).rejects.toThrow(
      `another hub is running on ${directory}: stop it, or set DESKBRIDGE_DATA to another directory`,
    );
  });

  it('stops cleanly on SIGTERM', async () => {
    const offspring = childrenOf(running.child.pid ?? 0);

    expect(await kill(running.child, 'SIGTERM')).toBe(0);
    await expect.poll(() => offspring.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(JSON.parse(readFileSync(join(directory, 'local.json'), 'utf8'))).toMatchObject({
      demo: { organization: 'acme' },
    });
    running = await startHubProcess(directory);
  }, 120_000);
});
