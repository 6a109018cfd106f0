import { SalesforceFailure } from '../failure.ts';

export type Delimiter = keyof typeof DELIMITERS;
/** https://developer.salesforce.com/docs/platform/api-asynch/guide/create-job.html, `columnDelimiter` */
export const DELIMITERS = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
} as const;

/** Every value of a result stands in quotes, a quote within it twice; null is nothing between two quotes. */
export const csvLine = (values: readonly unknown[], delimiter: string): string =>
  values.map((value) => `"${String(value ?? '').replaceAll('"', '""')}"`).join(delimiter);

/**
 * What a client uploads: RFC 4180, quotes only where they are needed, LF or CRLF.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/datafiles-csv-valid-record-rows.html
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } = text[at] === '"' ? quotedAt(text, at) : bareAt(text, at, delimiter);
    row.push(value);
    at = end;
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
    at += text[at] === '\r' ? 2 : 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function quotedAt(text: string, start: number): { value: string; end: number } {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) throw new SalesforceFailure(400, 'CLIENT_ERROR', 'a quoted value does not end');
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

function bareAt(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), end };
}
