import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import type { SalesforceHub } from './hub.ts';

export const CASES =
  'SELECT Subject, Description, Status, Priority FROM Case WHERE IsDeleted = false ORDER BY Id';
export const COMMENTS =
  'SELECT CommentBody, IsPublished FROM CaseComment WHERE IsDeleted = false ORDER BY Id';

export const rows = (org: SalesforceSandbox, soql: string) =>
  org.human.find(soql).map(({ attributes: _, ...row }) => row);

/** A case that an agent of the first org made, with its contact, and the id of its copy in the second. */
export async function caseInBoth(hub: SalesforceHub) {
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
  return { here: made.id, there: String(hub.second.human.find('SELECT Id FROM Case ORDER BY Id')[0]?.Id) };
}
