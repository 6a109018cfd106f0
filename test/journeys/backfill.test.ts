import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../bin/local/demo/connect.ts';
import { until } from '../../bin/local/demo/until.ts';
import { salesforceConnection } from '../../bin/local/demo/vendors.ts';
import type { World } from '../../bin/local/demo/world.ts';
import { type SalesforceSandbox, startSalesforceSandbox } from '../sandboxes/salesforce/index.ts';
import { connectionOf, type HubProcess, kill, startHubProcess, throwawayDirectory } from './hub.ts';

/** The whole of it: `BACKFILL_CASES=10000`. After each kill the job waits for the sweeper, up to a minute. */
const CASES = Number(process.env.BACKFILL_CASES ?? 120);
const COMMENTS = Math.ceil(CASES / 10);
const FILES = 5;
const ROWS = CASES + COMMENTS + FILES;
/** What is taken in between two kills, and a kill's own loss of time, by a machine that has much else to do. */
const WITHIN_MS = 180_000 + CASES * 600;

interface Backfill {
  readonly id: string;
  readonly state: string;
  readonly records: number;
  readonly total?: number;
  readonly perSecond: number;
  readonly open: number;
  readonly parked: number;
  readonly trouble?: { readonly reason: string };
  readonly failure?: { readonly reason: string };
}

const directory = throwawayDirectory();
let running: HubProcess;
let job: string;
let withFiles: readonly string[];
let later: SalesforceSandbox | undefined;

beforeAll(async () => {
  running = await startHubProcess(directory);
}, 180_000);
afterAll(async () => {
  await later?.close();
  await kill(running.child, 'SIGKILL');
});

const world = (): World => running.world;
const progress = () => world().api.get<Backfill>(`/v1/backfills/${job}`);

/** Once so many rows are in and more are to come, without a word to anybody. */
async function killInTheMiddle(atLeast: number): Promise<number> {
  const seen = await until(
    `${atLeast} rows are in`,
    async () => {
      const now = await progress();
      return now.records >= atLeast ? now : undefined;
    },
    WITHIN_MS,
  );
  await kill(running.child, 'SIGKILL');
  expect(seen.state).toBe('importing');
  return seen.records;
}

describe(`a backfill of ${CASES} cases whose hub is killed twice`, () => {
  it('begins with a history no event has told of', async () => {
    // The pull of a connection that has never pulled would bring everything in as well, two hundred rows a call.
    await world().api.patch('/v1/features', { 'delta-sync': false });
    const { salesforce } = world();
    await salesforce.control('POST', 'history', { count: CASES, subject: 'Old case' });
    await salesforce.control('POST', 'faults', { on: 'event', effect: 'lose', times: 1_000 });
    withFiles = (await salesforce.rows('Case')).slice(-FILES).map(({ Id }) => String(Id));
    for (const caseId of withFiles)
      await salesforce.control('POST', 'files', { caseId, name: 'old.txt', content: 'an old file' });
    await salesforce.control('POST', 'flush');
    await salesforce.control('DELETE', 'faults');
    const { id } = await connectionOf(world(), 'salesforce');

    const started = await world().api.post<Backfill>(`/v1/connections/${id}/backfills`, {});

    job = started.id;
    expect(started).toMatchObject({ state: 'planned', records: 0 });
    const known = await until('the total is known', async () => (await progress()).total, 60_000);
    // Files are looked for case by case.
    expect(known).toBe(CASES + COMMENTS + CASES);
  }, 120_000);

  it(
    'is killed once, and goes on from where it was',
    async () => {
      const before = await killInTheMiddle(Math.floor(CASES / 6));
      running = await startHubProcess(directory);

      expect((await progress()).records).toBeGreaterThanOrEqual(before);
    },
    WITHIN_MS + 120_000,
  );

  it(
    'is killed again',
    async () => {
      await killInTheMiddle(Math.floor(CASES / 2));
      running = await startHubProcess(directory);

      expect((await progress()).state).toBe('importing');
    },
    WITHIN_MS + 120_000,
  );

  it(
    'ends with every case there once, and nothing new in the org',
    async () => {
      const done = await until(
        'the backfill is done',
        async () => {
          const now = await progress();
          return now.state === 'importing' ? undefined : now;
        },
        WITHIN_MS,
      );

      expect(done).toMatchObject({ state: 'done', records: ROWS, total: ROWS, open: 0, parked: 0 });
      const cases = await world().salesforce.rows('Case');
      expect(cases).toHaveLength(CASES);
      expect(await world().salesforce.rows('CaseComment')).toHaveLength(COMMENTS);
      const linked = (await world().tickets()).flatMap(({ links }) =>
        links.flatMap(({ integration, externalId }) =>
          integration === 'salesforce' ? (externalId ?? []) : [],
        ),
      );
      expect(linked.sort()).toEqual(cases.map(({ Id }) => Id).sort());
    },
    WITHIN_MS + 120_000,
  );

  it(
    'has fetched the bytes of every file',
    async () => {
      const tickets = (await world().tickets()).filter(({ links }) =>
        links.some(({ externalId }) => externalId !== undefined && withFiles.includes(externalId)),
      );
      expect(tickets).toHaveLength(FILES);
      for (const { id } of tickets)
        await until(
          'its file is here, once',
          async () => {
            const { items } = await world().api.get<{ items: { sha256?: string }[] }>(
              `/v1/tickets/${id}/attachments`,
            );
            expect(items).toHaveLength(1);
            return items[0]?.sha256;
          },
          WITHIN_MS,
        );
    },
    WITHIN_MS * 2,
  );

  it('accounts for every row it accepted', async () => {
    const { accounting } = await until(
      'nothing is open',
      async () => {
        const view = await connectionOf(world(), 'salesforce');
        return view.accounting.open === 0 ? view : undefined;
      },
      60_000,
    );

    expect(accounting).toMatchObject({ isBalanced: true, parked: 0 });
  }, 90_000);

  it(
    'brings all of it out to an org that is connected now, its files too',
    async () => {
      later = await startSalesforceSandbox({ orgId: '00D000000000009' });
      const { api, description } = world();
      const { id } = await connect(api, description.aws.endpoint, salesforceConnection(later));

      const started = await api.post<Backfill>(`/v1/connections/${id}/backfills`, { direction: 'out' });

      const done = await until(
        'the backfill is done',
        async () => {
          const now = await api.get<Backfill>(`/v1/backfills/${started.id}`);
          return ['planned', 'copying'].includes(now.state) ? undefined : now;
        },
        WITHIN_MS,
      );
      expect(done).toMatchObject({ state: 'done', parked: 0 });
      const { Case, ContentVersion } = later.state();
      expect(Case).toHaveLength(CASES);
      expect(ContentVersion).toHaveLength(FILES);
    },
    WITHIN_MS + 30_000,
  );
});
