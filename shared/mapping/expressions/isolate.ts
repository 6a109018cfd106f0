import { type MessagePort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';
import { isValue, type Question, type Ruled } from './question.ts';

/**
 * The thread in which expressions run: a heap and a stack of its own, ended from outside when it does not answer.
 * JSONata's own limits end what is merely too much sooner, and with its reason.
 */
const { port, flag } = workerData as { port: MessagePort; flag: Int32Array };
const LIMITS = { timeout: 200, stack: 200, sequence: 10_000 };
const MAX_TEXT = 32_000;
const compiled = new Map<string, jsonata.Expression>();

function expressionOf(text: string): jsonata.Expression {
  const known = compiled.get(text) ?? jsonata(text, LIMITS);
  if (compiled.size > 500) compiled.clear();
  compiled.set(text, known);
  return known;
}

async function ruled({ expression, value }: Question): Promise<Ruled> {
  try {
    const made = expressionOf(expression);
    if (value === undefined) return { value: null };
    const result: unknown = (await made.evaluate(value)) ?? null;
    if (!isValue(result)) return { failure: 'answered neither a text, a number, true, false nor nothing' };
    if (typeof result === 'string' && result.length > MAX_TEXT)
      return { failure: `answered a text of more than ${MAX_TEXT} characters` };
    return { value: result };
  } catch (error) {
    const { code = '', position } = error as { code?: string; position?: number };
    return {
      failure: `failed${position === undefined ? '' : ` at character ${position}`} (${code || 'error'})`,
    };
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
