import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { FieldValue } from '../../domain/record.ts';
import { ConfigurationError } from '../../errors.ts';
import { Answers } from './answers.ts';
import { ANSWER_WITHIN_MS, HEAP_MB, WAS_ENDED } from './failure.ts';
import type { Question, Ruled } from './question.ts';

const START_WITHIN_MS = 10_000;
const HEAP = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };
const MAX_INPUT = 32_000;

/** By question. */
const known = new Answers(() => performance.now());
/** What had to be ended, by expression: whatever it is given next. */
const ended = new Answers(() => performance.now());
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
  const remembered = known.get(key) ?? ended.get(question.expression);
  if (remembered !== undefined) return remembered;
  const answer = asked(question);
  if (answer === undefined) {
    const failure = { failure: WAS_ENDED };
    ended.remember(question.expression, failure);
    return failure;
  }
  known.remember(key, answer);
  return answer;
}

/** Undefined: it had to be ended. */
function asked(question: Question): Ruled | undefined {
  isolate ??= new Isolate();
  const answer = isolate.ask(question);
  if (answer !== undefined) return answer;
  isolate.end();
  isolate = undefined;
  return undefined;
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
