import type { FieldRule, MappingDocument } from '../../../../shared/ports/index.ts';

const both = (field: string, vendorField: string, more: Partial<FieldRule> = {}): FieldRule => ({
  field,
  vendorField,
  direction: 'both',
  ...more,
});

/** What an org as Salesforce delivers it understands; an org's own fields and words are put in its connection's. */
export const standard: MappingDocument = {
  version: 0,
  kinds: {
    ticket: {
      rules: [
        both('subject', 'Subject'),
        both('description', 'Description'),
        both('status', 'Status', {
          required: true,
          // A closed case can be reopened, so Salesforce's one end is the hub's `closed`; `solved` is written as it too.
          values: [
            { hub: 'new', vendor: ['New'] },
            { hub: 'open', vendor: ['Working', 'Escalated'] },
            { hub: 'pending', vendor: ['On Hold'] },
            { hub: 'closed', vendor: ['Closed'] },
            { hub: 'solved', vendor: ['Closed'] },
          ],
        }),
        both('priority', 'Priority', {
          required: true,
          values: [
            { hub: 'low', vendor: ['Low'] },
            { hub: 'normal', vendor: ['Medium'] },
            { hub: 'high', vendor: ['High'] },
            { hub: 'urgent', vendor: ['Critical'] },
          ],
        }),
        both('requester', 'ContactId'),
      ],
    },
    account: {
      rules: [both('name', 'Name'), both('website', 'Website'), both('phone', 'Phone')],
    },
    contact: {
      rules: [
        both('name', 'Name'),
        both('email', 'Email'),
        both('phone', 'Phone'),
        both('account', 'AccountId'),
      ],
    },
  },
};
