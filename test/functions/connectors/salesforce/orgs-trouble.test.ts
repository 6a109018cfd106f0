import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { CASES, COMMENTS, caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const sharedCase = () => caseInBoth(hub);
const told = (type: string) => hub.platform.events.filter((event) => event.type === type);

describe('two orgs and the engine: what an org does not let the hub do', () => {
  it('parks a comment’s edit and its deletion by the org’s fault, and the rest of the case goes on', async () => {
    const { here } = await sharedCase();
    const [edited, removed] = ['one', 'two'].map((body) => hub.first.human.comment(here, body).id);
    await hub.settle();
    hub.second.settings({ denied: { CaseComment: ['update', 'delete'] } });

    hub.first.human.editComment(String(edited), { body: 'one, mended' });
    hub.first.human.remove(String(removed));
    hub.first.human.comment(here, 'three');
    hub.first.human.editCase(here, { Status: 'Working' });
    await hub.settle();

    const refused = {
      kind: 'comment',
      cause: 'rejected',
      fault: 'organization',
      code: 'INSUFFICIENT_ACCESS_OR_READONLY',
      reason: expect.stringContaining('see its permission set'),
    };
    expect(await hub.parked()).toMatchObject([refused, refused]);
    expect(rows(hub.second, COMMENTS).map(({ CommentBody }) => CommentBody)).toEqual(['one', 'two', 'three']);
    expect(rows(hub.second, 'SELECT Status FROM Case')).toEqual([{ Status: 'Working' }]);

    hub.second.settings({ denied: {} });
    for (const { id } of await hub.parked()) await hub.replay(id);
    await hub.settle();
    expect(rows(hub.second, COMMENTS).map(({ CommentBody }) => CommentBody)).toEqual([
      'one, mended',
      'three',
    ]);
    expect(await hub.parked()).toEqual([]);
  });

  it('shows what a check found missing, however well the pulls go, until a check finds it there', async () => {
    hub.second.settings({ denied: { Case: ['create'] } });
    expect(await hub.check(hub.second)).toMatchObject({ state: 'unhealthy' });
    hub.clock.advance(120_000);
    await hub.poll();

    expect((await hub.vitals(hub.second)).lastFailure).toMatchObject({
      code: 'INSUFFICIENT_ACCESS_OR_READONLY',
      fault: 'organization',
      reason: expect.stringContaining('create Case'),
    });
    hub.second.settings({ denied: {} });
    expect(await hub.check(hub.second)).toMatchObject({ state: 'healthy' });
    expect((await hub.vitals(hub.second)).lastFailure).toBeUndefined();
  });

  it('polls the other org while one lacks the package, and this one as soon as it has it', async () => {
    hub.first.settings({ hasPackage: false });
    hub.first.human.createCase({ subject: 'seen late' });
    hub.second.faults.add({ on: 'event', effect: 'lose' });
    hub.second.human.createCase({ subject: 'seen' });
    await hub.settle();

    await hub.poll();

    const subjects = () => hub.platform.events.filter(({ type }) => type === 'ticket.created').length;
    expect((await hub.vitals(hub.first)).refusedPulls).toMatchObject([
      { kind: 'account', code: 'INVALID_FIELD' },
      { kind: 'contact', code: 'INVALID_FIELD' },
      { kind: 'ticket', code: 'INVALID_FIELD', reason: expect.stringContaining('package') },
    ]);
    expect((await hub.vitals(hub.second)).refusedPulls).toEqual([]);
    await hub.settle();
    hub.first.settings({ hasPackage: true });
    await hub.poll();
    await hub.settle();
    expect((await hub.vitals(hub.first)).refusedPulls).toEqual([]);
    expect(subjects()).toBe(2);
  });
});

describe('two orgs and the engine: trouble', () => {
  it('finds by the pull what no event told: edits, deletions and new cases', async () => {
    const { here } = await sharedCase();
    hub.first.faults.add({ on: 'event', effect: 'lose', times: 3 });
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    hub.first.human.createCase({ subject: 'second' });
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, 'SELECT Subject FROM Case ORDER BY Id')).toEqual([
      { Subject: 'Printer is wet' },
      { Subject: 'second' },
    ]);
  });

  it('reads back what a gap event does not say', async () => {
    const { here } = await sharedCase();
    hub.first.faults.add({ on: 'event', effect: 'gap' });
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    await hub.settle();

    expect(rows(hub.second, 'SELECT Subject FROM Case')).toEqual([{ Subject: 'Printer is wet' }]);
  });

  it('believes a deletion a gap event tells of once a read has seen it', async () => {
    const { here } = await sharedCase();
    hub.first.human.gap(here, 'DELETE');
    await hub.settle();
    expect(told('ticket.deleted')).toHaveLength(0);

    hub.first.faults.add({ on: 'event', effect: 'gap' });
    hub.first.human.remove(here);
    await hub.settle();

    expect(told('ticket.deleted')).toHaveLength(1);
  });

  it('takes every record of an event of several', async () => {
    const ids = ['a', 'b', 'c'].map((subject) => hub.first.human.createCase({ subject }).id);
    await hub.settle();
    hub.first.human.editTogether(ids, { Status: 'Working' });
    await hub.settle();

    expect(rows(hub.second, 'SELECT Subject, Status FROM Case ORDER BY Subject')).toEqual([
      { Subject: 'a', Status: 'Working' },
      { Subject: 'b', Status: 'Working' },
      { Subject: 'c', Status: 'Working' },
    ]);
  });

  it('goes on by itself with a new session after a revocation', async () => {
    const { here } = await sharedCase();
    hub.second.human.revokeTokens();
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    await hub.settle();

    expect(rows(hub.second, 'SELECT Subject FROM Case')).toEqual([{ Subject: 'Printer is wet' }]);
    expect(await hub.parked()).toEqual([]);
  });

  it('waits out throttling, locks and an outage', async () => {
    const { here } = await sharedCase();
    for (const effect of ['throttle', 'lock', 'fail', 'drop-before'] as const) {
      hub.second.faults.add({ on: 'call', path: '/composite', effect });
    }
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    await hub.settle();

    expect(rows(hub.second, 'SELECT Subject FROM Case')).toEqual([{ Subject: 'Printer is wet' }]);
    expect(await hub.parked()).toEqual([]);
  });

  it('brings both to one state after edits of one field on both sides', async () => {
    const { here, there } = await sharedCase();
    hub.first.human.editCase(here, { Priority: 'Low' });
    hub.second.human.editCase(there, { Priority: 'Critical' });
    await hub.settle();

    const [one] = rows(hub.first, 'SELECT Priority FROM Case');
    expect(rows(hub.second, 'SELECT Priority FROM Case')).toEqual([one]);
    expect(['Low', 'Critical']).toContain(one?.Priority);
  });

  it('sets a listing aside that suddenly comes back empty, deletes nothing, and goes on once it is shown again', async () => {
    const { here } = await sharedCase();
    await hub.poll();
    hub.first.settings({ unshared: ['Case'] });
    hub.first.faults.add({ on: 'event', effect: 'lose' });
    hub.first.human.editCase(here, { Subject: 'Printer is wet' });
    await hub.poll();
    await hub.settle();

    expect((await hub.vitals(hub.first)).refusedPulls).toMatchObject([
      {
        kind: 'ticket',
        code: 'nothing_shown',
        fault: 'organization',
        reason: expect.stringContaining('see its permissions and sharing'),
      },
    ]);
    expect((await hub.vitals(hub.second)).refusedPulls).toEqual([]);
    expect(rows(hub.second, CASES)).toHaveLength(1);

    hub.first.settings({ unshared: [] });
    await hub.poll();
    await hub.settle();
    expect((await hub.vitals(hub.first)).refusedPulls).toEqual([]);
    expect(rows(hub.second, 'SELECT Subject FROM Case')).toEqual([{ Subject: 'Printer is wet' }]);
  });

  it('is quiet about an empty listing while others of its kind are shown', async () => {
    const { here } = await sharedCase();
    hub.first.human.createCase({ subject: 'older' });
    hub.clock.advance(600_000);
    hub.first.human.editCase(here, { Subject: 'the newest' });
    await hub.settle();
    await hub.poll();
    hub.first.settings({ hidden: [here] });

    await hub.poll();

    expect((await hub.vitals(hub.first)).refusedPulls).toEqual([]);
  });

  it('deletes nothing elsewhere because it lost sight of a case', async () => {
    const { here } = await sharedCase();
    hub.first.settings({ hidden: [here] });
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, CASES)).toHaveLength(1);
  });
});
