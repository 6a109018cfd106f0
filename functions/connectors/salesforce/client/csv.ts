import { ProviderUnavailableError } from '../../../../shared/errors.ts';

/**
 * Rows of a bulk result, by column. Every value stands in quotes, a quote within it twice, and nothing between two
 * quotes is null: what is not written so is not from the vendor's bulk API.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/query-get-job-results.html
 * @throws ProviderUnavailableError for anything else, a page for people among it
 */
export function bulkRows(text: string): readonly Readonly<Record<string, string | null>>[] {
  const [header, ...rows] = quotedLines(text);
  if (header === undefined) return [];
  return rows.map((row) => {
    if (row.length !== header.length) throw unreadable();
    return Object.fromEntries(header.map((name, at) => [name, row[at] === '' ? null : row[at]!]));
  });
}

const VALUE = /"((?:[^"]|"")*)"(,|\r?\n|$)/y;

function quotedLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  VALUE.lastIndex = 0;
  while (VALUE.lastIndex < text.length) {
    const match = VALUE.exec(text);
    if (match === null) throw unreadable();
    line.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === ',') continue;
    lines.push(line);
    line = [];
  }
  if (line.length > 0) throw unreadable();
  return lines;
}

const unreadable = () => new ProviderUnavailableError('salesforce answered something that is no bulk result');
