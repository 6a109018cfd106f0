import { SalesforceFailure } from '../failure.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'datetime'; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number };

export const malformed = (message: string): SalesforceFailure =>
  new SalesforceFailure(400, 'MALFORMED_QUERY', message);

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  /** Stand-ins, so that LIKE can tell an escaped wildcard from a plain one. */
  '%': '\uE001',
  _: '\uE002',
};

/** The text an escaped wildcard stands for, wherever wildcards mean nothing. */
export const plainText = (text: string): string => text.replaceAll('\uE001', '%').replaceAll('\uE002', '_');

const PATTERNS: readonly [Exclude<Token['kind'], 'string'>, RegExp][] = [
  ['datetime', /\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?/y],
  ['number', /[+-]?\d+(\.\d+)?/y],
  ['word', /[A-Za-z][A-Za-z0-9_.]*(:\d+)?/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),*]/y],
];

function quoted(source: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === "'") return { text, end: at + 1 };
    if (char === '\n' || char === '\r') throw malformed('line breaks not allowed in string literals');
    if (char !== '\\') {
      text += char;
      continue;
    }
    const escaped = source.charAt(at + 1);
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(source.slice(at + 2, at + 6))) {
      text += String.fromCharCode(Number.parseInt(source.slice(at + 2, at + 6), 16));
      at += 5;
      continue;
    }
    const replacement = ESCAPES[escaped];
    if (replacement === undefined)
      throw malformed(`Invalid string literal. Illegal character sequence '\\${escaped}'`);
    text += replacement;
    at += 1;
  }
  throw malformed('unterminated string literal');
}

function unquoted(source: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return { kind, text: match[0], at };
  }
  throw malformed(`unexpected token: '${source.charAt(at)}'`);
}

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    if (/\s/.test(source.charAt(at))) {
      at += 1;
      continue;
    }
    if (source.charAt(at) === "'") {
      const { text, end } = quoted(source, at);
      tokens.push({ kind: 'string', text, at });
      at = end;
      continue;
    }
    const token = unquoted(source, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}
