import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const rows = (org: SalesforceSandbox, soql: string) =>
  org.human.find(soql).map(({ attributes: _, ...row }) => row);
const CASES = 'SELECT Subject, Description, Status, Priority FROM Case WHERE IsDeleted = false ORDER BY Id';
const COMMENTS = 'SELECT CommentBody, IsPublished FROM CaseComment WHERE IsDeleted = false ORDER BY Id';
const caseId = (org: SalesforceSandbox) => String(org.human.find('SELECT Id FROM Case ORDER BY Id')[0]?.Id);
const told = (type: string) => hub.platform.events.filter((event) => event.type === type);
/** What the hub has written to an org: rows it made or touched last. */
const writes = (org: SalesforceSandbox): number =>
  Object.values(org.state())
    .flat()
    .filter((row) => row.LastModifiedById === org.hubUserId && row.Username === undefined).length;

async function sharedCase() {
  const contact = hub.first.human.create('Contact', {
    FirstName: 'Ada',
    LastName: 'Lovelace',
    Email: 'ada@example.com',
  });
  const made = hub.first.human.createCase({
    subject: 'Printer on fire',
    description: 'It smells',
    priority: 'High',
    contactId: contact.id,
  });
  await hub.settle();
  return { here: made.id, there: caseId(hub.second) };
}

describe('two orgs and the engine: a case', () => {
  it('of one org stands in the other with its contact, once', async () => {
    await sharedCase();

    expect(rows(hub.second, CASES)).toEqual([
      { Subject: 'Printer on fire', Description: 'It smells', Status: 'New', Priority: 'High' },
    ]);
    expect(rows(hub.second, 'SELECT Name, Email FROM Contact')).toEqual([
      { Name: 'Ada Lovelace', Email: 'ada@example.com' },
    ]);
    expect(rows(hub.second, "SELECT Subject FROM Case WHERE Contact.Email = 'ada@example.com'")).toHaveLength(
      1,
    );
    expect(await hub.parked()).toEqual([]);
  });

  it('finds a contact that was there before, and leaves it as it is', async () => {
    hub.second.human.create('Contact', { LastName: 'Countess', Email: 'ADA@example.com' });
    await hub.settle();

    await sharedCase();

    expect(rows(hub.second, 'SELECT Name FROM Contact')).toEqual([{ Name: 'Countess' }]);
  });

  it('is edited on either side and follows on the other', async () => {
    const { here, there } = await sharedCase();

    hub.first.human.editCase(here, { Status: 'Working' });
    await hub.settle();
    hub.second.human.editCase(there, { Priority: 'Low', Description: null });
    await hub.settle();

    const expected = [{ Subject: 'Printer on fire', Description: null, Status: 'Working', Priority: 'Low' }];
    expect(rows(hub.first, CASES)).toEqual(expected);
    expect(rows(hub.second, CASES)).toEqual(expected);
  });

  it('keeps a status the hub reads as another’s equal: Escalated stays Escalated', async () => {
    const { here } = await sharedCase();

    hub.first.human.editCase(here, { Status: 'Working' });
    await hub.settle();
    hub.first.human.editCase(here, { Status: 'Escalated' });
    await hub.settle();

    expect(rows(hub.first, 'SELECT Status FROM Case')).toEqual([{ Status: 'Escalated' }]);
    expect(rows(hub.second, 'SELECT Status FROM Case')).toEqual([{ Status: 'Working' }]);
  });

  it('makes no call that changes anything once all is quiet (invariant 2)', async () => {
    await sharedCase();
    const before = [writes(hub.first), writes(hub.second)];
    const stamps = () => [hub.first, hub.second].map((org) => rows(org, 'SELECT SystemModstamp FROM Case'));
    const then = stamps();

    await hub.poll();
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect([writes(hub.first), writes(hub.second)]).toEqual(before);
    expect(stamps()).toEqual(then);
  });
});

describe('two orgs and the engine: comments', () => {
  it('cross with their visibility, edits and deletions', async () => {
    const { here, there } = await sharedCase();
    const shown = hub.first.human.comment(here, 'We are on our way', { isPublished: true });
    hub.second.human.comment(there, 'difficult customer');
    await hub.settle();

    hub.first.human.editComment(shown.id, { body: 'We have arrived' });
    await hub.settle();

    const expected = [
      { CommentBody: 'We have arrived', IsPublished: true },
      { CommentBody: 'difficult customer', IsPublished: false },
    ];
    expect(rows(hub.first, COMMENTS)).toEqual(expected);
    expect(rows(hub.second, COMMENTS)).toEqual(expect.arrayContaining(expected));

    hub.first.human.remove(shown.id);
    await hub.settle();

    expect(rows(hub.second, COMMENTS)).toEqual([{ CommentBody: 'difficult customer', IsPublished: false }]);
    expect(await hub.parked()).toEqual([]);
  });

  it('live again by the pull when taken out of the bin, which makes no event', async () => {
    const { here } = await sharedCase();
    const { id } = hub.first.human.comment(here, 'We are on our way', { isPublished: true });
    await hub.settle();
    hub.first.human.remove(id);
    await hub.settle();
    hub.first.human.undelete(id);
    await hub.settle();
    expect(told('comment.restored')).toHaveLength(0);

    await hub.poll();
    await hub.settle();
    hub.first.human.editComment(id, { body: 'We have arrived' });
    await hub.settle();

    expect(told('comment.restored')).toHaveLength(1);
    expect(told('comment.updated')).toHaveLength(1);
    expect(rows(hub.first, COMMENTS)).toEqual([{ CommentBody: 'We have arrived', IsPublished: true }]);
    expect(await hub.parked()).toEqual([]);
  });

  it('are written once though the answer is lost, the event comes twice, or not at all', async () => {
    const { here } = await sharedCase();
    hub.second.faults.add({ on: 'call', path: '/composite', effect: 'drop-after' });
    hub.first.faults.add({ on: 'event', effect: 'twice' });
    hub.first.human.comment(here, 'one', { isPublished: true });
    await hub.settle();

    hub.first.faults.add({ on: 'event', effect: 'lose' });
    hub.first.human.comment(here, 'two', { isPublished: true });
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, COMMENTS).map(({ CommentBody }) => CommentBody)).toEqual(['one', 'two']);
    expect(rows(hub.first, COMMENTS)).toHaveLength(2);
  });
});

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

  it('polls the other org while one lacks the package, and this one as soon as it has it', async () => {
    hub.first.settings({ hasPackage: false });
    hub.first.human.createCase({ subject: 'seen late' });
    hub.second.faults.add({ on: 'event', effect: 'lose' });
    hub.second.human.createCase({ subject: 'seen' });
    await hub.settle();

    await hub.poll();

    const subjects = () => hub.platform.events.filter(({ type }) => type === 'ticket.created').length;
    expect(await hub.refusedPulls(hub.first)).toMatchObject({
      ticket: { code: 'INVALID_FIELD', reason: expect.stringContaining('package') },
      contact: { code: 'INVALID_FIELD' },
    });
    expect(await hub.refusedPulls(hub.second)).toEqual({});
    await hub.settle();
    hub.first.settings({ hasPackage: true });
    await hub.poll();
    await hub.settle();
    expect(await hub.refusedPulls(hub.first)).toEqual({});
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

  it('deletes nothing elsewhere because it lost sight of a case', async () => {
    const { here } = await sharedCase();
    hub.first.settings({ hidden: [here] });
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, CASES)).toHaveLength(1);
  });
});
