import { describe, expect, it } from 'vitest';
import { bulkRows } from '../../../../../functions/connectors/salesforce/client/csv.ts';

describe('a bulk result', () => {
  it('is read by column: quotes, commas and line ends within values, nothing for null', () => {
    const text = '"Id","Subject"\n"1","say ""hi"", then\nleave"\n"2",""\n';

    expect(bulkRows(text)).toEqual([
      { Id: '1', Subject: 'say "hi", then\nleave' },
      { Id: '2', Subject: null },
    ]);
  });

  it('may end its lines as Windows does, or not at all', () => {
    expect(bulkRows('"Id"\r\n"1"\r\n"2"')).toEqual([{ Id: '1' }, { Id: '2' }]);
  });

  it('may hold no row, and nothing at all', () => {
    expect([bulkRows('"Id"\n'), bulkRows('')]).toEqual([[], []]);
  });

  it.each([
    ['a page for people', '<html><body>Log in</body></html>'],
    ['values without quotes', 'Id,Subject\n1,a\n'],
    ['a row of another length', '"Id","Subject"\n"1"\n'],
    ['a value that does not end', '"Id"\n"1'],
    ['a line that breaks off after a comma', '"Id","Subject"\n"1",'],
    ['text after a closing quote', '"Id"x\n'],
  ])('is nothing else: %s', (_, text) => {
    expect(() => bulkRows(text)).toThrow('no bulk result');
  });

  it('of a long value costs no more than its length', () => {
    const long = `${'a""'.repeat(200_000)}`;

    expect(bulkRows(`"Id"\n"${long}"`)[0]?.Id).toHaveLength(400_000);
  });
});
