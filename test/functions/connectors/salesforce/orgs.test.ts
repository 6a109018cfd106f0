import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { CASES, COMMENTS, caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const sharedCase = () => caseInBoth(hub);
const told = (type: string) => hub.platform.events.filter((event) => event.type === type);
/** What the hub has written to an org: rows it made or touched last. */
const writes = (org: SalesforceSandbox): number =>
  Object.values(org.state())
    .flat()
    .filter((row) => row.LastModifiedById === org.hubUserId && row.Username === undefined).length;

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
