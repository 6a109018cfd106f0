import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import type { SalesforceHub } from './hub.ts';
import { CASES, COMMENTS, rows } from './shared-case.ts';

export const LATER = '00D000000000003';

/** So many cases of a few people, in the hub and in both orgs that were there. */
export async function held(hub: SalesforceHub, cases: number, people: number): Promise<readonly string[]> {
  const contacts = Array.from({ length: people }, (_, at) =>
    hub.first.human.create('Contact', { LastName: `Person ${at}`, Email: `person${at}@example.com` }),
  );
  const made = Array.from({ length: cases }, (_, at) => {
    const contactId = contacts[at % Math.max(1, people)]?.id;
    const { id } = hub.first.human.createCase({ subject: `case ${at}`, ...(contactId && { contactId }) });
    return id;
  });
  await hub.settle();
  return made;
}

const CONTACTS = 'SELECT Name, Email FROM Contact';
const WITH_CONTACTS = 'SELECT Subject, Contact.Email FROM Case';
const FILES =
  'SELECT Title, Checksum FROM ContentVersion WHERE IsDeleted = false AND ContentDocumentId != null';
/** What a person sees of an org, in no order. */
export const seenIn = (org: SalesforceSandbox) =>
  [CASES, COMMENTS, CONTACTS, WITH_CONTACTS].map((soql) => sorted(rows(org, unordered(soql))));
export const filesIn = (org: SalesforceSandbox) => sorted(rows(org, FILES));
const unordered = (soql: string) => soql.replace(/ ORDER BY .*/, '');
/** Without the rows’ own addresses. */
const sorted = (all: readonly unknown[]) =>
  all.map((each) => JSON.stringify(each, (key, value) => (key === 'attributes' ? undefined : value))).sort();

/** The job's function is gone at its first write, at its second, and so on; how often it was. */
export async function dyingAtEachWrite(hub: SalesforceHub, mostWrites: number): Promise<number> {
  const { records, connections } = hub.platform.stores;
  const stores = [records, connections].map((store) => ({ store, commit: store.commit }));
  let deaths = 0;
  for (let writes = 1; writes < mostWrites; writes += 1) {
    let left = writes;
    for (const { store, commit } of stores) {
      store.commit = async (all) => {
        if (left <= 0) throw new ProviderUnavailableError('the function is gone');
        left -= 1;
        if (left === 0) deaths += 1;
        await commit.call(store, all);
      };
    }
    await hub.runJob().catch(() => undefined);
    for (const { store, commit } of stores) store.commit = commit;
    hub.clock.advance(120_000);
    await hub.sweep();
  }
  return deaths;
}
