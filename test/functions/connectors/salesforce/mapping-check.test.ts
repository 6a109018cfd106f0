import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { faultsOf, type Grounds, irreversibles, suggested } from '../../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../../shared/ports/index.ts';
import { documentWith, OWN, SEVERITY, words } from './severity.ts';
import { type Connected, connected } from './world.ts';

const standard = manifest.mapping!;
let org: Connected;
let grounds: Grounds;
beforeEach(async () => {
  org = await connected();
  const { describe: ask } = org.integration;
  grounds = {
    standard,
    current: standard,
    descriptions: {
      ticket: await ask!('ticket'),
      contact: await ask!('contact'),
      account: await ask!('account'),
    },
  };
});
afterEach(() => org.sandbox.close());

const fresh = (rules: readonly FieldRule[]): FieldRule[] =>
  rules.map((rule) => ({ first: 'vendor', ...rule }));
const faults = (document: MappingDocument) =>
  faultsOf(document, grounds).map(({ pointer, code }) => [pointer.replace('/kinds/ticket/rules', ''), code]);
/** Behind the default's five. */
const withOne = (rule: Partial<FieldRule>) =>
  faults(documentWith([{ ...SEVERITY, values: [], first: 'vendor' as const, ...rule }])).map(([at, code]) => [
    String(at).replace(/^\/5/, ''),
    code,
  ]);

describe('Salesforce’s own description of an object', () => {
  it('says of each field what may stand there, and leaves out what the hub fills itself', () => {
    const ticket = Object.fromEntries(
      (grounds.descriptions.ticket ?? []).map((field) => [field.name, field]),
    );

    expect(ticket.Severity__c).toEqual({
      name: 'Severity__c',
      label: 'Severity__c',
      type: 'picklist',
      length: 255,
      values: ['S1', 'S2', 'S3'],
      isRestricted: true,
      isCreateable: true,
      isUpdateable: true,
      isNillable: true,
      isDefaulted: false,
      isCustom: true,
    });
    expect(ticket.Impact_Score__c).toMatchObject({ type: 'number' });
    expect(ticket.Age_In_Days__c).toMatchObject({ isCreateable: false, isUpdateable: false });
    expect(ticket.Deskbridge_Id__c).toBeUndefined();
  });

  it('takes a contact’s name for the one field it is to the hub', () => {
    const names = (grounds.descriptions.contact ?? []).map(({ name }) => name);

    expect(names).toContain('Name');
    expect(names).not.toContain('LastName');
  });
});

describe('a mapping against the description', () => {
  it('has no fault as it is delivered, and says what does not come back as it went', () => {
    expect(faultsOf(standard, grounds)).toEqual([]);
    expect(irreversibles(standard)).toMatchObject([
      {
        pointer: '/kinds/ticket/rules/2/values/4',
        message: 'solved is written as Closed, which is understood as closed',
      },
    ]);
  });

  it('has none with the org’s own fields of every type', () => {
    expect(faults(documentWith(fresh(OWN)))).toEqual([]);
  });

  it.each([
    ['a field the vendor has not', { vendorField: 'Nope__c' }, [['/vendorField', 'unknown_field']]],
    [
      'a field of the hub nobody declared',
      { field: 'custom.other', values: words(['x', 'S1']) },
      [['/field', 'unknown_hub_field']],
    ],
    [
      'a word that is on no list there',
      { values: words(['x', 'S1', 'S9']) },
      [['/values/0/vendor/1', 'missing_value']],
    ],
    ['no words for a restricted list', { values: undefined }, [['/values', 'missing_value']]],
    [
      'a field nobody may write',
      { vendorField: 'Age_In_Days__c', transforms: [{ use: 'number' }] },
      [['/direction', 'read_only']],
    ],
    ['a number’s field for text', { vendorField: 'Impact_Score__c' }, [['/transforms', 'wrong_type']]],
    ['a day’s field for whatever text', { vendorField: 'Due_On__c' }, [['/transforms', 'wrong_type']]],
    ['a reference', { vendorField: 'AccountId' }, [['/vendorField', 'wrong_type']]],
    [
      'a text that may be too long',
      { vendorField: 'Product_Area__c', values: undefined },
      [['/transforms', 'too_long']],
    ],
    [
      'a cut that leaves too much',
      { vendorField: 'Product_Area__c', values: undefined, transforms: [{ use: 'truncate', length: 41 }] },
      [['/transforms', 'too_long']],
    ],
    [
      'a word too long for its field',
      { vendorField: 'Product_Area__c', values: words(['x', 'y'.repeat(41)]) },
      [['/values/0/vendor/0', 'too_long']],
    ],
    [
      'a target that is taken, however it is spelled',
      { vendorField: 'SUBJECT', values: words(['x', 'y']) },
      [
        ['/vendorField', 'duplicate_target'],
        ['/vendorField', 'unknown_field'],
      ],
    ],
    [
      'a new pair without its first direction',
      { first: undefined, values: words(['x', 'S1']) },
      [['/first', 'needs_first']],
    ],
    [
      'a first direction against the rule’s own',
      { direction: 'in', first: 'hub' },
      [['/first', 'wrong_first']],
    ],
    [
      'a default without a word',
      { values: words(['x', 'S1']), default: 'y' },
      [['/default', 'unknown_hub_value']],
    ],
  ] as const)('names %s', (_what, rule, expected) => {
    expect(withOne(rule as Partial<FieldRule>)).toEqual(expected);
  });

  it('lists every fault at once', () => {
    const document = documentWith([
      { field: 'status', vendorField: 'Status', direction: 'both', values: words(['asleep', 'Dreaming']) },
      { ...SEVERITY, vendorField: 'Nope__c' },
      { field: 'requester', vendorField: 'OwnerId', direction: 'both', first: 'hub' },
    ]);

    expect(faults(document)).toEqual([
      ['/3/values/0/hub', 'unknown_hub_value'],
      ['/3/values/0/vendor/0', 'missing_value'],
      ['/4/first', 'needs_first'],
      ['/4/vendorField', 'unknown_field'],
      ['/5/vendorField', 'fixed_pair'],
    ]);
  });

  it('misses what the vendor demands and nothing writes', () => {
    const { name: _name, ...rest } = { name: 0, ...standard };
    const contact = { rules: standard.kinds.contact!.rules.filter(({ field }) => field !== 'name') };
    const family = {
      ...grounds.descriptions.contact!.find(({ name }) => name === 'Name')!,
      isNillable: false,
    };
    const demanding = { ...grounds, descriptions: { ...grounds.descriptions, contact: [family] } };

    expect(faultsOf({ ...rest, kinds: { contact } }, demanding)).toContainEqual(
      expect.objectContaining({ pointer: '/kinds/contact/rules', code: 'required_unmapped' }),
    );
  });
});

describe('a suggestion', () => {
  it('pairs the org’s own fields, by their types and words, and has no fault', () => {
    const document = suggested(standard, grounds.descriptions);

    expect(faultsOf(document, grounds)).toEqual([]);
    expect(document.kinds.ticket?.rules.slice(5)).toEqual([
      {
        field: 'custom.severity',
        vendorField: 'Severity__c',
        direction: 'both',
        first: 'vendor',
        values: words(['s1', 'S1'], ['s2', 'S2'], ['s3', 'S3']),
      },
      {
        field: 'custom.product_area',
        vendorField: 'Product_Area__c',
        direction: 'both',
        first: 'vendor',
        transforms: [{ use: 'truncate', length: 40 }],
      },
      {
        field: 'custom.impact_score',
        vendorField: 'Impact_Score__c',
        direction: 'both',
        first: 'vendor',
        transforms: [{ use: 'number' }],
      },
      {
        field: 'custom.due_on',
        vendorField: 'Due_On__c',
        direction: 'both',
        first: 'vendor',
        transforms: [{ use: 'date' }],
      },
      {
        field: 'custom.is_regulated',
        vendorField: 'Is_Regulated__c',
        direction: 'both',
        first: 'vendor',
        transforms: [{ use: 'boolean' }],
      },
      {
        field: 'custom.age_in_days',
        vendorField: 'Age_In_Days__c',
        direction: 'in',
        first: 'vendor',
        transforms: [{ use: 'number' }],
      },
    ]);
    expect(document.custom).toMatchObject({ severity: { type: 'text' }, due_on: { type: 'date' } });
  });
});
