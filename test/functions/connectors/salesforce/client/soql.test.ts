import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedAfter,
  changedFrom,
  idIn,
  idIs,
  madeBy,
  quoted,
  select,
  textIs,
} from '../../../../../functions/connectors/salesforce/client/soql.ts';
import { InvariantError } from '../../../../../shared/errors.ts';
import { Org } from '../../../../sandboxes/salesforce/org.ts';
import { runQuery } from '../../../../sandboxes/salesforce/soql/evaluate.ts';
import { parseSoql } from '../../../../sandboxes/salesforce/soql/parser.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const CASE = '500Ws00000000AbIAI';

/** Texts that break out of a string where the escaping is wrong. */
const HOSTILE = [
  '\\',
  "'",
  "\\'",
  "\\\\'",
  "' OR Id != null OR Email = '",
  "x' OR Email LIKE '%",
  "\\' OR Id != null --",
  "a\\\\' OR Name != '",
  "\n' OR '1'='1",
  '"',
  "%'_",
  '\u0000',
  '\u2028',
];

describe('SOQL: a value never leaves its quotes', () => {
  it.each(HOSTILE)('keeps %j a value', (text) => {
    const query = parseSoql(select('Contact', { where: textIs('Email', text) }), NOW);

    expect(query.where).toEqual({
      kind: 'compare',
      field: 'Email',
      operator: '=',
      values: [{ type: 'string', text }],
    });
  });

  it('keeps any text a value, as another parser reads it', () => {
    const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const text = pieces.join('');

        const { where } = parseSoql(select('Contact', { where: textIs('Email', text), limit: 1 }), NOW);

        expect(where).toMatchObject({ kind: 'compare', values: [{ type: 'string', text }] });
      }),
      { numRuns: 500 },
    );
  });

  it('escapes the backslash before the quote', () => {
    expect(quoted("a\\'b")).toBe("'a\\\\\\'b'");
  });

  it('names no other part of a composite, whatever the text', () => {
    expect(quoted('@{made[0].id}')).toBe("'@\u2060{made[0].id}'");
  });

  it('finds nothing but the row it names', () => {
    const org = new Org({ now: () => NOW }, () => undefined);
    org.transaction('005Ws0000000001', 'test', () => {
      for (const Email of ['a@example.com', 'b@example.com']) {
        org.insert(org.object('Contact'), { LastName: 'X', Email });
      }
    });
    const found = (text: string) =>
      runQuery(org, parseSoql(select('Contact', { where: textIs('Email', text) }), NOW), '67.0', false)
        .records;

    for (const text of HOSTILE) expect(found(text)).toEqual([]);
    expect(found('A@EXAMPLE.COM')).toHaveLength(1);
  });
});

describe('SOQL: names and ids come from lists', () => {
  it.each([
    ['a column nobody listed', () => textIs('Name FROM User', 'x')],
    ['an order nobody listed', () => select('Case', { orderBy: ['Id; DROP'] })],
    ['an id that is none', () => idIs('Id', "500' OR Id != '")],
    ['an id of the wrong length', () => idIs('Id', '500000000000000A')],
    ['an id whose suffix lies', () => idIs('Id', '500Ws00000000AbAAA')],
    ['one bad id among good ones', () => idIn('Id', [CASE, 'x'])],
    ['a reference that is none', () => madeBy("a.id}' OR Id != '")],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(InvariantError);
  });

  it('writes an id in its long form', () => {
    expect(idIs('Id', CASE.slice(0, 15)).soql).toBe(`Id = '${CASE}'`);
  });
});

describe('SOQL: what changed', () => {
  const stamp = Date.parse('2026-11-22T11:59:58.000Z');

  it('takes everything from a moment on, in whole seconds', () => {
    expect(
      select('Case', { where: changedFrom(stamp), orderBy: ['SystemModstamp', 'Id'], limit: 200.9 }),
    ).toMatch(
      /^SELECT Id, IsDeleted, .* FROM Case WHERE SystemModstamp >= 2026-11-22T11:59:58Z ORDER BY SystemModstamp, Id LIMIT 200$/,
    );
  });

  it('goes on behind one row of a second, the others of the second included', () => {
    expect(changedAfter(stamp, CASE).soql).toBe(
      `(SystemModstamp > 2026-11-22T11:59:58Z OR (SystemModstamp = 2026-11-22T11:59:58Z AND Id > '${CASE}'))`,
    );
    expect(() => parseSoql(select('Case', { where: changedAfter(stamp, CASE) }), NOW)).not.toThrow();
  });
});
