import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { progressOf } from '../../../../shared/backfill/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
  hub.first.settings({ bulkDelayMs: 0 });
});
afterEach(() => hub.close());

const subjects = (org: SalesforceHub['first']) =>
  (org.state().Case ?? []).map(({ Subject }) => String(Subject)).sort();
const files = (org: SalesforceHub['first']) =>
  (org.state().ContentVersion ?? []).map(({ Title, ContentSize, Checksum }) => ({
    Title,
    ContentSize,
    Checksum,
  }));
const fault = (effect: 'login-page' | 'repeat' | 'cut-short', path: string, times: number) =>
  hub.first.faults.add({ on: 'call', path, effect, times });

describe('a backfill of one org', () => {
  it('has every case and comment in the other org once, and comes back to the first as nothing', async () => {
    hub.first.human.history(25, 'old');
    const job = await hub.backfill(hub.first);

    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({ state: 'done', leftOpen: 0, ends: { parked: 0 } });
    expect(subjects(hub.second)).toEqual(subjects(hub.first));
    expect(hub.first.state().Case).toHaveLength(25);
    expect(hub.second.state().CaseComment).toHaveLength(3);
    expect(await hub.parked()).toEqual([]);
  });

  it('has every file of its cases on their copies, the same bytes, and brings none twice', async () => {
    const { human } = hub.first;
    hub.first.faults.add({ on: 'event', effect: 'lose', times: 100 });
    human.history(3, 'old');
    const [one, two] = (hub.first.state().Case ?? []).map(({ Id }) => String(Id));
    await human.attach(one!, { name: 'photo.png', content: 'a picture', visibility: 'AllUsers' });
    await human.attach(two!, { name: 'notes.txt', content: 'for the team', visibility: 'InternalUsers' });
    await hub.drain();
    hub.first.faults.clear();
    const job = await hub.backfill(hub.first);

    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({ state: 'done', leftOpen: 0, ends: { applied: 6 } });
    expect(progressOf(await hub.backfilled(job))).toMatchObject({ records: 6, total: 6 });
    const kept = files(hub.second);
    expect(kept).toEqual(files(hub.first));
    expect(kept).toHaveLength(2);

    const again = await hub.backfill(hub.first);
    await hub.settle();
    expect(await hub.backfilled(again)).toMatchObject({ state: 'done', ends: { applied: 0, echo: 6 } });
    expect(files(hub.second)).toEqual(kept);
    expect(await hub.parked()).toEqual([]);
  });

  it('takes a live change of a case in for what it is, while the older state of it is still on its way', async () => {
    hub.first.human.history(3, 'old');
    const job = await hub.backfill(hub.first);
    const [row] = hub.first.state().Case ?? [];
    hub.clock.advance(5_000);
    hub.first.human.editCase(String(row?.Id), { Subject: 'edited meanwhile' });

    await hub.settle();

    expect((await hub.backfilled(job)).state).toBe('done');
    expect(subjects(hub.second)).toEqual(['edited meanwhile', 'old 1', 'old 2']);
    expect(subjects(hub.first)).toEqual(subjects(hub.second));
  });

  it('waits out a page for people, says so meanwhile, and is done after it', async () => {
    hub.first.human.history(5, 'old');
    const job = await hub.backfill(hub.first);
    fault('login-page', '/results', 3);
    await hub.drain();

    expect(await hub.backfilled(job)).toMatchObject({
      state: 'running',
      trouble: {
        code: 'provider_unavailable',
        fault: 'vendor',
        reason: expect.stringContaining('no bulk result'),
      },
    });
    await hub.settle();
    expect((await hub.backfilled(job)).state).toBe('done');
    expect(subjects(hub.second)).toHaveLength(5);
  });

  it('does not take fewer rows than were announced for all there are', async () => {
    hub.first.human.history(5, 'old');
    const job = await hub.backfill(hub.first);
    fault('cut-short', '/results', 3);
    await hub.settle();
    expect((await hub.backfilled(job)).state).toBe('done');
    expect(subjects(hub.second)).toHaveLength(5);

    const again = await hub.backfill(hub.first);
    fault('cut-short', '/results', 100);
    await hub.settle();
    expect(await hub.backfilled(again)).toMatchObject({
      state: 'failed',
      failure: { fault: 'vendor', reason: expect.stringContaining('fewer rows than it announced') },
    });
    expect(subjects(hub.second)).toHaveLength(5);
  });

  it('does not take an org that suddenly shows nothing for an empty one', async () => {
    hub.first.human.history(5, 'old');
    await hub.backfill(hub.first);
    await hub.settle();
    hub.first.settings({ unshared: ['Case'] });

    const job = await hub.backfill(hub.first);
    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({
      state: 'failed',
      failure: { code: 'nothing_shown', fault: 'organization', reason: expect.stringContaining('no ticket') },
    });
    expect(subjects(hub.second)).toHaveLength(5);
  });

  it('ends at a page that repeats for ever, with the reason, and live changes go on', async () => {
    hub.first.human.history(600, 'old');
    const job = await hub.backfill(hub.first);
    fault('repeat', '/results', 1_000);
    await hub.drain();
    hub.first.human.createCase({ subject: 'live' });

    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({
      state: 'failed',
      failure: { code: 'repeating_results', fault: 'vendor' },
    });
    expect(subjects(hub.second)).toContain('live');
  });
});
