import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const SUBJECTS = 'SELECT Subject, Status FROM Case WHERE IsDeleted = false ORDER BY Id';
const idOf = (subject: string) =>
  String(hub.second.human.find(`SELECT Id FROM Case WHERE Subject = '${subject}'`)[0]?.Id);
const commentsOf = (org: SalesforceHub['first'], id: string) =>
  rows(
    org,
    `SELECT CommentBody FROM CaseComment WHERE ParentId = '${id}' AND IsDeleted = false ORDER BY Id`,
  ).map(({ CommentBody }) => CommentBody);

/** Two tickets, each with a case in both orgs; then the first org merges the older into the younger. */
async function merged() {
  const loser = await caseInBoth(hub);
  const { id: survivor } = hub.first.human.createCase({ subject: 'Fire again', description: 'Still smells' });
  await hub.settle();
  hub.first.human.merge(survivor, [loser.here]);
  await hub.settle();
  return { loser, survivor };
}

describe('two cases merged into one', () => {
  it('close the loser’s ticket in the other org, and touch the survivor’s no more than that', async () => {
    await merged();

    expect(rows(hub.second, SUBJECTS)).toEqual([
      { Subject: 'Printer on fire', Status: 'Closed' },
      { Subject: 'Fire again', Status: 'New' },
    ]);
    expect(rows(hub.first, SUBJECTS)).toEqual([{ Subject: 'Fire again', Status: 'New' }]);
    expect(await hub.parked()).toEqual([]);
  });

  it('take what is said in the loser’s conversation to the survivor, once', async () => {
    const { loser, survivor } = await merged();

    hub.second.human.comment(loser.there, 'Any news?', { isPublished: true });
    await hub.settle();

    expect(commentsOf(hub.first, survivor)).toEqual(['Any news?']);
    expect(commentsOf(hub.second, idOf('Fire again'))).toEqual([]);
  });

  it('answer in the survivor’s conversation alone', async () => {
    const { loser, survivor } = await merged();

    hub.first.human.comment(survivor, 'We are on our way', { isPublished: true });
    await hub.settle();

    expect(commentsOf(hub.second, idOf('Fire again'))).toEqual(['We are on our way']);
    expect(commentsOf(hub.second, loser.there)).toEqual([]);
  });

  it('write the loser’s fields nowhere over the survivor’s', async () => {
    const { loser } = await merged();

    hub.second.human.editCase(loser.there, { Subject: 'Changed in the loser' });
    await hub.settle();

    expect(rows(hub.first, SUBJECTS)).toEqual([{ Subject: 'Fire again', Status: 'New' }]);
  });
});
