import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Org } from './org.ts';
import { runQuery } from './soql/evaluate.ts';
import { parseSoql } from './soql/parser.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const org = new Org({ now: () => NOW }, () => undefined);
const contact = org.object('Contact');
const cases = org.object('Case');

const run = (soql: string, includeDeleted = false) =>
  runQuery(org, parseSoql(soql, NOW), '67.0', includeDeleted).records;
const subjects = (where: string) => run(`SELECT Subject FROM Case WHERE ${where}`).map((row) => row.Subject);
const code = (soql: string): string => {
  try {
    run(soql);
    return 'none';
  } catch (failure) {
    return (failure as { errorCode: string }).errorCode;
  }
};

beforeAll(() => {
  org.transaction('005Ws0000000001', 'test', () => {
    const ada = org.insert(contact, { LastName: 'Lovelace', FirstName: 'Ada', Email: 'ada@example.com' });
    org.insert(cases, { Subject: 'alpha', Priority: 'High', ContactId: ada });
    org.insert(cases, { Subject: 'beta', Priority: 'Low', Status: 'Closed' });
    org.insert(cases, { Subject: "it's 100%", Description: 'x' });
    const gone = org.insert(cases, { Subject: 'gone' });
    org.remove(cases, gone);
  });
});

describe('SOQL: conditions', () => {
  it.each([
    ["Subject = 'ALPHA'", ['alpha']],
    ["Subject != 'alpha'", ['beta', "it's 100%"]],
    ["Subject <> 'alpha' AND IsClosed = false", ["it's 100%"]],
    ["Priority IN ('High', 'Low')", ['alpha', 'beta']],
    ["Priority NOT IN ('High', 'Low')", ["it's 100%"]],
    ["Subject LIKE '%a'", ['alpha', 'beta']],
    ["Subject LIKE 'bet_'", ['beta']],
    ["Subject LIKE '%100\\%'", ["it's 100%"]],
    ["Subject LIKE '%\\%a'", []],
    ["Subject = 'it\\'s 100%'", ["it's 100%"]],
    ["Subject = 'it\\u0027s 100%'", ["it's 100%"]],
    ['ContactId = null', ['beta', "it's 100%"]],
    ['ContactId != null', ['alpha']],
    ["Contact.Email > 'a'", ['alpha']],
    ["(Priority = 'High' OR Priority = 'Low') AND IsClosed = true", ['beta']],
    ["NOT (Priority = 'High')", ['beta', "it's 100%"]],
    ["Contact.Email = 'ada@example.com'", ['alpha']],
    ['SystemModstamp >= 2026-11-22T12:00:00Z', ['alpha', 'beta', "it's 100%"]],
    ['SystemModstamp < 2026-11-22T13:00:00.000+01:00', []],
    ['CreatedDate >= TODAY', ['alpha', 'beta', "it's 100%"]],
    ['CreatedDate > LAST_N_DAYS:3', ['alpha', 'beta', "it's 100%"]],
    ['CreatedDate < YESTERDAY', []],
  ])('understands %s', (where, expected) => {
    expect(subjects(where)).toEqual(expected);
  });

  it.each([
    ["Priority = 'a' AND Status = 'b' OR Status = 'c'", 'MALFORMED_QUERY'],
    ["Subject = 'open", 'MALFORMED_QUERY'],
    ["Subject = 'bad \\x escape'", 'MALFORMED_QUERY'],
    ["Subject = 'line\nbreak'", 'MALFORMED_QUERY'],
    ['Subject ~ 1', 'MALFORMED_QUERY'],
    ['Subject ( 1', 'MALFORMED_QUERY'],
    ['Subject = )', 'MALFORMED_QUERY'],
    ['Subject = SOMEDAY', 'MALFORMED_QUERY'],
    ["Subject IN 'a'", 'MALFORMED_QUERY'],
    ['Subject = 1', 'INVALID_FIELD'],
    ["IsClosed = 'true'", 'INVALID_FIELD'],
    ["SystemModstamp = '2026'", 'INVALID_FIELD'],
    ["Nobody.Name = 'x'", 'INVALID_FIELD'],
    ["Id = 'short'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["Description = 'x'", 'INVALID_FIELD'],
    ['Description != null', 'INVALID_FIELD'],
    ['CreatedDate > THIS_WEEK', 'NOT_PART_OF_THE_SANDBOX'],
    ['CreatedDate > NEXT_N_DAYS:3', 'NOT_PART_OF_THE_SANDBOX'],
    ['Id IN (SELECT ParentId FROM CaseComment)', 'NOT_PART_OF_THE_SANDBOX'],
    ["Subject = 'a' WITH SECURITY_ENFORCED", 'NOT_PART_OF_THE_SANDBOX'],
  ])('refuses %s', (where, expected) => {
    expect(code(`SELECT Id FROM Case WHERE ${where}`)).toBe(expected);
  });

  it('reads back exactly what a correctly escaped string says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = text
          .replaceAll('\\', '\\\\')
          .replaceAll("'", "\\'")
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r');

        const query = parseSoql(`SELECT Id FROM Case WHERE Subject = '${escaped}'`, NOW);

        expect(query.where).toMatchObject({ values: [{ type: 'string', text }] });
      }),
    );
  });
});

describe('SOQL: shape of the answer', () => {
  it('orders by several fields, both ways, with nulls where told', () => {
    const order = (by: string) => run(`SELECT Subject FROM Case ORDER BY ${by}`).map((row) => row.Subject);

    expect(order('Subject DESC')).toEqual(["it's 100%", 'beta', 'alpha']);
    expect(order('Contact.Email NULLS LAST, Subject DESC')).toEqual(['alpha', "it's 100%", 'beta']);
    expect(order('Contact.Email ASC NULLS FIRST, Subject ASC')).toEqual(['beta', "it's 100%", 'alpha']);
    expect(code('SELECT Id FROM Case ORDER BY Description')).toBe('INVALID_FIELD');
    expect(code('SELECT Id FROM CaseComment ORDER BY CommentBody')).toBe('none');
    expect(order('SystemModstamp, Id')).toEqual(['alpha', 'beta', "it's 100%"]);
  });

  it('limits and skips', () => {
    expect(run('SELECT Subject FROM Case ORDER BY Subject LIMIT 1 OFFSET 1')).toMatchObject([
      { Subject: 'beta' },
    ]);
    expect(code('SELECT Id FROM Case LIMIT 1.5')).toBe('MALFORMED_QUERY');
    expect(code('SELECT Id FROM Case WHERE')).toBe('MALFORMED_QUERY');
    expect(code('SELECT Id FROM Case nonsense')).toBe('MALFORMED_QUERY');
    expect(code('SELECT COUNT( FROM Case')).toBe('MALFORMED_QUERY');
  });

  it.each([
    'SELECT COUNT(Id) FROM Case',
    'SELECT Status, COUNT(Id) FROM Case GROUP BY Status',
    'SELECT Status FROM Case GROUP BY Status',
    'SELECT FIELDS(ALL) FROM Case LIMIT 200',
    'SELECT Id, (SELECT Id FROM CaseComments) FROM Case',
    'SELECT TYPEOF Owner WHEN User THEN Name END FROM Case',
    'SELECT Id FROM Case USING SCOPE mine',
    'SELECT Id FROM Case FOR UPDATE',
    'SELECT Id FROM Case ALL ROWS',
  ])('says of %s, which Salesforce answers, that it cannot', (soql) => {
    expect(code(soql)).toBe('NOT_PART_OF_THE_SANDBOX');
  });

  it('nests parents, null where there is none', () => {
    expect(run('SELECT Subject, Contact.Name, Contact.Email FROM Case ORDER BY Subject')).toMatchObject([
      { Subject: 'alpha', Contact: { Name: 'Ada Lovelace', Email: 'ada@example.com' } },
      { Contact: null },
      { Contact: null },
    ]);
  });

  it('counts without rows, and shows the deleted on request', () => {
    const count = (includeDeleted: boolean) =>
      runQuery(org, parseSoql('SELECT COUNT() FROM Case', NOW), '67.0', includeDeleted);

    expect(count(false)).toEqual({ total: 3, records: [] });
    expect(count(true)).toEqual({ total: 4, records: [] });
  });
});
