import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const FOR_EVER = 1_000_000;
const subjects = (org: SalesforceHub['first']) =>
  rows(org, 'SELECT Subject FROM Case ORDER BY Subject').map(({ Subject }) => Subject);

describe('an org that answers a page for people, with 200', () => {
  it('has its work parked by the vendor’s fault, is shown so, and has everything once it answers again', async () => {
    const { here } = await caseInBoth(hub);
    hub.second.faults.add({ on: 'call', effect: 'login-page', times: FOR_EVER });

    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    hub.first.human.createCase({ subject: 'another' });
    // While its breaker is open, work is only put off; what is set aside is tried again every few minutes.
    while ((await hub.parked()).length === 0) await hub.step();
    hub.first.human.createCase({ subject: 'a third' });
    await hub.drain();

    const why = {
      fault: 'vendor',
      code: 'provider_unavailable',
      reason: 'salesforce answered in a shape it does not publish',
    };
    expect((await hub.parked())[0]).toMatchObject({ ...why, cause: 'unavailable' });
    const { lastFailure, breaker } = await hub.vitals(hub.second);
    expect(lastFailure).toMatchObject(why);
    expect(breaker.state).not.toBe('closed');
    expect((await hub.vitals(hub.first)).lastFailure).toBeUndefined();

    hub.second.faults.clear();
    await hub.settle();
    await hub.settle();
    expect(await hub.parked()).toEqual([]);
    expect(subjects(hub.second)).toEqual(['a third', 'another', 'Printer is wet']);
  });

  it('costs nobody a sign-in where it stands at the token endpoint', async () => {
    const { here } = await caseInBoth(hub);
    hub.second.human.revokeTokens();
    hub.second.faults.add({ on: 'call', path: '/oauth2/token', effect: 'login-page', times: FOR_EVER });
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    await hub.settle();

    expect(await hub.parked()).toMatchObject([
      {
        cause: 'unavailable',
        fault: 'vendor',
        reason: expect.stringContaining('the token endpoint answered'),
      },
    ]);
    hub.second.faults.clear();
    await hub.settle();
    await hub.settle();
    expect(subjects(hub.second)).toEqual(['Printer is wet']);
  });
});

describe('an org that answers each page of a pull with the first', () => {
  it('has that pull set aside with the reason, and nothing else: live changes go on, and it ends by itself', async () => {
    hub.first.human.history(210, 'old');
    hub.first.faults.add({ on: 'call', path: '/query', effect: 'repeat', times: FOR_EVER });

    await hub.poll();

    const { refusedPulls, breaker } = await hub.vitals(hub.first);
    expect(refusedPulls).toMatchObject([
      { kind: 'ticket', code: 'repeating_results', reason: expect.stringContaining('without end') },
    ]);
    expect(breaker.state).toBe('closed');
    hub.first.human.createCase({ subject: 'live' });
    await hub.drain();
    expect(subjects(hub.second)).toContain('live');

    hub.first.faults.clear();
    await hub.poll();
    expect((await hub.vitals(hub.first)).refusedPulls).toEqual([]);
  });
});

describe('two cases whose ids differ in letter case alone', () => {
  it('have a copy each, and never each other’s changes', async () => {
    const made = Array.from(
      { length: 80 },
      (_, at) => hub.first.human.createCase({ subject: `case ${at}` }).id,
    );
    const short = (id: string) => id.slice(0, 15).toLowerCase();
    const [one, other] = [...Map.groupBy(made, short).values()].find(({ length }) => length > 1) ?? [];
    await hub.settle();
    const before = subjects(hub.second);

    hub.first.human.editCase(String(one), { Subject: 'one' });
    hub.first.human.remove(String(other));
    await hub.settle();

    const [first, second] = [one, other].map((id) => `case ${made.indexOf(String(id))}`);
    expect(before).toHaveLength(80);
    expect(subjects(hub.second)).toEqual(subjects(hub.first));
    expect(subjects(hub.second)).toEqual([...before.filter((each) => each !== first), 'one'].sort());
    expect(second).not.toBe(first);
  });
});
