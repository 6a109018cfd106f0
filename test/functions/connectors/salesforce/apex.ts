/** As much of Apex as the rules on it need: methods, loops, and what stands in their braces. */
export interface ApexMethod {
  readonly name: string;
  readonly body: string;
}

const HEAD = /\b(\w+)\s*\([^(){};]*\)\s*\{/g;
const STATEMENTS = new Set(['for', 'while', 'if', 'catch', 'switch']);
const QUERY = /\[\s*SELECT\b|\bDatabase\.query\w*\s*\(/i;
const CHANGE =
  /\b(?:insert|update|upsert|delete|undelete)\s+(?!\()|\b(?:Database\.\w+|EventBus\.publish)\s*\(/;

export const uncommented = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');

/** From behind an opening brace or parenthesis to its end. */
function within(source: string, start: number, [open, close]: string): string {
  let depth = 1;
  let at = start;
  for (; at < source.length && depth > 0; at += 1) {
    if (source[at] === open) depth += 1;
    if (source[at] === close) depth -= 1;
  }
  return source.slice(start, at - 1);
}

export const methodsOf = (source: string): ApexMethod[] =>
  [...source.matchAll(HEAD)].flatMap((match) => {
    const name = match[1] ?? '';
    return STATEMENTS.has(name) ? [] : [{ name, body: within(source, match.index + match[0].length, '{}') }];
  });

/** What is done once for each turn: a query in the head of a `for` runs once for all. */
function turnsOf(source: string): string[] {
  return [...source.matchAll(/\b(for|while)\s*\(/g)].map((match) => {
    const start = match.index + match[0].length;
    const head = within(source, start, '()');
    const after = source.slice(start + head.length + 1);
    const braced = /^\s*\{/.exec(after);
    const body = braced === null ? (after.split(';')[0] ?? '') : within(after, braced[0].length, '{}');
    return match[1] === 'while' ? `${head} ${body}` : body;
  });
}

/** Methods that ask or change the database at each turn of a loop, by themselves or by a method they call. */
export function costlyLoops(source: string): string[] {
  const code = uncommented(source);
  const methods = methodsOf(code);
  const costly = new Set<string>();
  const isCostly = (text: string): boolean =>
    QUERY.test(text) ||
    CHANGE.test(text) ||
    [...costly].some((name) => new RegExp(`\\b${name}\\s*\\(`).test(text));
  for (let known = -1; known < costly.size; ) {
    known = costly.size;
    for (const { name, body } of methods) if (isCostly(body)) costly.add(name);
  }
  const looping = methods.filter(({ body }) => turnsOf(body).some(isCostly));
  return looping.map(({ name }) => name);
}
