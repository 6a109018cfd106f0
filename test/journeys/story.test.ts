import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Hub } from '../../bin/local/hub.ts';
import { playDemo, startAndTell } from '../../bin/local/start.ts';
import { filesUnder, leaksIn, secretsOf, waiting } from './canaries.ts';
import { throwawayDirectory } from './hub.ts';

let printed: string[];
let running: Hub | undefined;
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => running?.close());

const stepCount = 9;

describe('a customer in Slack and an agent in Salesforce', () => {
  it('read each other: every step of the demo holds in the vendors’ own state', async () => {
    const held = await playDemo(throwawayDirectory(), { isJson: true });

    expect(printed.filter((line) => line.includes('DID NOT HOLD'))).toEqual([]);
    expect(held).toBe(true);
    const report = JSON.parse(printed.at(-1) ?? '');
    expect(report).toMatchObject({ ok: true, steps: { length: stepCount } });
    expect(report.syncLagMs.p99).toBeGreaterThanOrEqual(report.syncLagMs.p50);
  }, 180_000);
});

describe('npm start', () => {
  const directory = throwawayDirectory();

  it('is ready in one line, then tells the story of its first start', async () => {
    const { hub, told } = await startAndTell({ dataDir: directory, port: 0, tellsStory: true });
    running = hub;
    await told;

    expect(printed[0]).toBe(`Deskbridge is ready: ${hub.description.url}`);
    expect(printed.slice(1, -1)).toHaveLength(stepCount);
    expect(printed.at(-1)).toMatch(/^every step held; sync lag p50 \d+ ms, p99 \d+ ms$/);
    await hub.close();
  }, 180_000);

  it('says nothing more at the next one, and finds everything where it was', async () => {
    const { hub, told } = await startAndTell({ dataDir: directory, port: 0, tellsStory: true });
    running = hub;
    await told;

    expect(printed).toEqual([`Deskbridge is ready: ${hub.description.url}`]);
    expect(hub.vendors.salesforce.state().Case).toHaveLength(1);
    const { items } = await hub.api.get<{ items: unknown[] }>('/v1/tickets');
    expect(items).toHaveLength(1);
  }, 120_000);

  it('has put no secret, token or message text where only ids belong (invariant 9)', async () => {
    const { description, vendors, runtime, api } = running!;
    const rows = vendors.salesforce.state();
    const said = [...(rows.Case ?? []), ...(rows.CaseComment ?? [])].map(
      ({ Description, CommentBody }) => `${Description ?? CommentBody}`,
    );
    const secrets = await secretsOf(description);
    const texts = Object.fromEntries(said.map((text, at) => [`text ${at}`, text]));
    const all = { ...secrets, ...texts };
    const kept = (name: string) => filesUnder(join(directory, name));
    const shown = await Promise.all(
      ['/v1/parked', '/v1/connections', '/v1/audit'].map((path) => api.get(path)),
    );

    expect(said.length).toBeGreaterThan(2);
    expect(Object.values(all).every((canary) => String(canary).length > 8)).toBe(true);
    expect(kept('logs').some((bytes) => bytes.includes('"SyncLag"'))).toBe(true);
    expect([
      ...leaksIn('logs', kept('logs'), all),
      ...leaksIn('queues', waiting(directory), all),
      ...leaksIn('queues on disk', kept('queues'), secrets),
      ...leaksIn('metrics', [JSON.stringify(runtime.metrics.list())], all),
      ...leaksIn('printed', printed, secrets),
      ...leaksIn('api', [JSON.stringify(shown)], secrets),
      ...leaksIn('tables on disk', kept('dynamodb'), secrets),
    ]).toEqual([]);
  });
});
