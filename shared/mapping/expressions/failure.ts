/** The bounds that JSONata keeps itself (https://docs.jsonata.org/embedding-extending, `jsonata(expr, options)`). */
export const BOUNDS = { timeout: 200, stack: 200, sequence: 10_000 };

const MEETS_A_BOUND: Readonly<Record<string, string>> = {
  D1011: `calls itself more than ${BOUNDS.stack} deep`,
  D1012: `took longer than ${BOUNDS.timeout} ms`,
  D2014: `makes a list of more than ${BOUNDS.sequence} values`,
  D2015: `makes a list of more than ${BOUNDS.sequence} values`,
};
/** What does not even look at JSONata's clock is ended from outside. */
export const ANSWER_WITHIN_MS = 300;
export const HEAP_MB = 48;
export const WAS_ENDED = `was ended: it took longer than ${ANSWER_WITHIN_MS} ms, or more than ${HEAP_MB} MB`;
/** These may be the fault of a slow machine as well as of the expression. */
const OF_TIME: readonly string[] = [`${MEETS_A_BOUND.D1012} (D1012)`, WAS_ENDED];
export const isOfTime = (failure: string): boolean => OF_TIME.includes(failure);
/** `$error` and `$assert` say what the expression puts together, perhaps of what it was given. */
const IN_ITS_OWN_WORDS = ['D3137', 'D3141'];
/** What JSONata puts into a message beside words of the expression itself. */
const GIVEN = ['value', 'value2', 'exp'] as const;

interface JsonataError extends Partial<Record<(typeof GIVEN)[number], unknown>> {
  readonly code?: string;
  readonly position?: number;
  readonly message?: string;
}

/** Where and why an expression failed, and never what of: a value is somebody's, and failures are shown and logged. */
export function failureOf(error: unknown): string {
  const { code, position } = error as JsonataError;
  const bound = MEETS_A_BOUND[code ?? ''];
  if (bound !== undefined) return `${bound} (${code})`;
  const why = reasonIn(error as JsonataError);
  const where = position === undefined ? '' : ` at character ${position}`;
  return `failed${where}${why === undefined ? '' : `: ${why}`} (${code ?? 'error'})`;
}

function reasonIn(error: JsonataError): string | undefined {
  const { code, message } = error;
  if (code === undefined || message === undefined || IN_ITS_OWN_WORDS.includes(code)) return undefined;
  // Of syntax, every word is the expression's.
  if (code.startsWith('S')) return message;
  return GIVEN.reduce((text, name) => text.replaceAll(shown(error[name]), '…'), message);
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'undefined';
