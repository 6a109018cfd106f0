import { type MessagePort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';
import { boundGlobals, refuseLarge } from './bounds.ts';
import { BOUNDS, failureOf } from './failure.ts';
import { faultOf, LinearRegExp } from './linear.ts';
import { isValue, type Question, type Ruled } from './question.ts';

/**
 * The thread in which expressions run: a heap and a stack of its own, ended from outside when it does not answer.
 * JSONata's own limits end what is merely too much sooner, and with its reason.
 */
const { port, flag } = workerData as { port: MessagePort; flag: Int32Array };
const LIMITS = { ...BOUNDS, RegexEngine: LinearRegExp as unknown as RegExpConstructor };
const MAX_TEXT = 32_000;
/** What answers otherwise each time: written by such an expression, a field would never be found settled. */
const FICKLE = ['now', 'millis', 'random', 'shuffle'];
const AT_EACH_ANSWER = Symbol.for('jsonata.__evaluate_exit') as unknown as string;
const compiled = new Map<string, jsonata.Expression>();

boundGlobals();

function newExpression(text: string): jsonata.Expression {
  const made = jsonata(text, LIMITS);
  for (const name of FICKLE) made.assign(name, undefined);
  made.assign(AT_EACH_ANSWER, (_part: unknown, _input: unknown, _frame: unknown, answer: unknown) =>
    refuseLarge(answer),
  );
  return made;
}

function expressionOf(text: string): jsonata.Expression {
  const known = compiled.get(text) ?? newExpression(text);
  if (compiled.size > 500) compiled.clear();
  compiled.set(text, known);
  return known;
}

/** Every pattern that no value would ever be tried on. */
function patternFaults(made: jsonata.Expression): Ruled | undefined {
  const faults = patternsIn(made.ast()).flatMap(({ position, value }) => {
    const fault = faultOf(value);
    return fault === undefined ? [] : `at character ${position}: ${fault}`;
  });
  if (faults.length === 0) return undefined;
  return { failure: `has a regular expression that cannot be taken, ${faults.join('; ')}` };
}

interface Pattern {
  readonly position: number;
  readonly value: RegExp;
}

function patternsIn(part: unknown, met = new Set<unknown>()): readonly Pattern[] {
  if (typeof part !== 'object' || part === null || met.has(part)) return [];
  met.add(part);
  if ('value' in part && part.value instanceof RegExp) return [part as Pattern];
  return Object.values(part).flatMap((each) => patternsIn(each, met));
}

async function ruled({ expression, value }: Question): Promise<Ruled> {
  try {
    const made = expressionOf(expression);
    if (value === undefined) return patternFaults(made) ?? { value: null };
    const result: unknown = (await made.evaluate(value)) ?? null;
    if (!isValue(result)) return { failure: 'answered neither a text, a number, true, false nor nothing' };
    if (typeof result === 'string' && result.length > MAX_TEXT)
      return { failure: `answered a text of more than ${MAX_TEXT} characters` };
    return { value: result };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

const answer = () => {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
};
port.on('message', async (question: Question) => {
  port.postMessage(await ruled(question));
  answer();
});
answer();
