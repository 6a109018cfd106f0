import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { dyingAtEachWrite, filesIn, held, LATER, seenIn } from './outward.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

describe('an org that is connected later', () => {
  it('gets the files of its cases after them, the same bytes, once', async () => {
    const [one, two] = await held(hub, 2, 1);
    await hub.first.human.attach(one!, { name: 'photo.png', content: 'a picture', visibility: 'AllUsers' });
    await hub.first.human.attach(two!, { name: 'notes.txt', content: 'a note', visibility: 'InternalUsers' });
    await hub.settle();
    const later = await hub.connect(LATER);

    const job = await hub.backfill(later, 'out');
    await hub.settle();

    expect(await hub.backfilled(job)).toMatchObject({
      state: 'done',
      leftOpen: 0,
      ends: { applied: 5, merged: 0, echo: 0, filtered: 0, parked: 0 },
    });
    expect(seenIn(later)).toEqual(seenIn(hub.first));
    expect(filesIn(later)).toEqual(filesIn(hub.first));
    expect(filesIn(later)).toHaveLength(2);
    const again = await hub.backfill(later, 'out');
    await hub.settle();
    expect(await hub.backfilled(again)).toMatchObject({ state: 'done', ends: { applied: 0, echo: 5 } });
    expect(filesIn(later)).toHaveLength(2);
    expect(await hub.parked()).toEqual([]);
  });

  it('has no more files sent once its job is cancelled, and the rest by the next', async () => {
    const [id] = await held(hub, 1, 0);
    for (let at = 0; at < 30; at += 1)
      await hub.first.human.attach(id!, { name: `${at}.txt`, content: `file ${at}` });
    await hub.settle();
    const later = await hub.connect(LATER);
    const job = await hub.backfill(later, 'out');
    later.faults.add({
      on: 'call',
      method: 'POST',
      path: '/sobjects/ContentVersion',
      effect: 'fail',
      times: 999,
    });
    for (let runs = 0; runs < 2; runs += 1) await hub.runJob();

    await hub.cancel(job);
    later.faults.clear();
    await hub.settle();

    const sent = filesIn(later).length;
    expect(sent).toBeLessThan(30);
    expect((await hub.backfilled(job)).state).toBe('cancelled');
    const rest = await hub.backfill(later, 'out');
    await hub.settle();
    expect(await hub.backfilled(rest)).toMatchObject({
      state: 'done',
      ends: { applied: 30 - sent, echo: 1 + sent },
    });
    expect(filesIn(later)).toEqual(filesIn(hub.first));
  });

  it('has every file once though the function dies at any of its writes', async () => {
    const [id] = await held(hub, 2, 0);
    for (const name of ['a.txt', 'b.txt', 'c.txt'])
      await hub.first.human.attach(id!, { name, content: name });
    await hub.settle();
    const later = await hub.connect(LATER);
    const job = await hub.backfill(later, 'out');

    const deaths = await dyingAtEachWrite(hub, 40);
    await hub.settle();

    expect(deaths).toBeGreaterThan(5);
    expect((await hub.backfilled(job)).state).toBe('done');
    expect(filesIn(later)).toEqual(filesIn(hub.first));
    expect(filesIn(later)).toHaveLength(3);
    expect(await hub.parked()).toEqual([]);
  });
});
