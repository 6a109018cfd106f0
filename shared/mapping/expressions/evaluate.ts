import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { FieldValue } from '../../domain/record.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Question, Ruled } from './question.ts';

/** Beyond JSONata's own 200 ms: only what does not even look at its clock gets here. */
const ANSWER_WITHIN_MS = 300;
const START_WITHIN_MS = 10_000;
const HEAP = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };
const MAX_KNOWN = 2_000;
/** Of values and answers remembered: some are as long as a text may be. */
const MAX_KNOWN_CHARACTERS = 4_000_000;
const MAX_INPUT = 32_000;

const known = new Map<string, Ruled>();
let knownCharacters = 0;
/**
 * What had to be ended is not begun again for a while, for one bad expression must not slow everything down; but not
 * for good, for it may have been the machine that was slow, or a value nobody will send again.
 */
const ended = new Map<string, { readonly failure: string; readonly untilMs: number }>();
const REST_MS = 60_000;
let isolate: Isolate | undefined;

/**
 * What an expression makes of one value. A pure function of both, so that decisions may ask it as often as they like:
 * answered from memory, or by a thread that is waited for. Never throws, never takes longer than its bounds.
 */
export function evaluated(expression: string, value: FieldValue): Ruled {
  if (typeof value === 'string' && value.length > MAX_INPUT)
    return { failure: `was given a text of more than ${MAX_INPUT} characters` };
  return ask({ expression, value });
}

/** Undefined: it compiles. */
export function faultIn(expression: string): string | undefined {
  const ruled = ask({ expression });
  return 'failure' in ruled ? ruled.failure : undefined;
}

function ask(question: Question): Ruled {
  const key = JSON.stringify([question.expression, question.value]);
  const remembered = known.get(key) ?? restOf(question.expression);
  if (remembered !== undefined) return remembered;
  const answer = asked(question);
  if (!ended.has(question.expression)) remember(key, answer);
  return answer;
}

function restOf(expression: string): Ruled | undefined {
  const rest = ended.get(expression);
  if (rest === undefined) return undefined;
  if (rest.untilMs > performance.now()) return { failure: rest.failure };
  ended.delete(expression);
  return undefined;
}

function remember(key: string, answer: Ruled): void {
  const size = key.length + JSON.stringify(answer).length;
  if (known.size >= MAX_KNOWN || knownCharacters + size > MAX_KNOWN_CHARACTERS) {
    known.clear();
    knownCharacters = 0;
  }
  known.set(key, answer);
  knownCharacters += size;
}

function asked(question: Question): Ruled {
  isolate ??= new Isolate();
  const answer = isolate.ask(question);
  if (answer !== undefined) return answer;
  isolate.end();
  isolate = undefined;
  const failure = `was ended: it took longer than ${ANSWER_WITHIN_MS} ms, or more than ${HEAP.maxOldGenerationSizeMb} MB`;
  if (ended.size >= MAX_KNOWN) ended.clear();
  ended.set(question.expression, { failure, untilMs: performance.now() + REST_MS });
  return { failure };
}

/** In a bundle it lies beside the function. */
const SOURCE = new URL(import.meta.url.endsWith('.ts') ? './isolate.ts' : './isolate.mjs', import.meta.url);

class Isolate {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #port: MessagePort;
  readonly #worker: Worker;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(SOURCE, {
      workerData: { port: port2, flag: this.#flag },
      transferList: [port2],
      resourceLimits: HEAP,
      env: {},
      execArgv: [],
    });
    // Running out of its heap ends it; whoever waits for its answer sees that by its silence.
    this.#worker.on('error', () => {});
    this.#worker.unref();
    this.#port.unref();
    if (Atomics.wait(this.#flag, 0, 0, START_WITHIN_MS) === 'timed-out')
      throw new ConfigurationError('the thread for expressions does not start');
  }

  ask(question: Question): Ruled | undefined {
    Atomics.store(this.#flag, 0, 0);
    this.#port.postMessage(question);
    if (Atomics.wait(this.#flag, 0, 0, ANSWER_WITHIN_MS) === 'timed-out') return undefined;
    return receiveMessageOnPort(this.#port)?.message as Ruled | undefined;
  }

  end(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}
