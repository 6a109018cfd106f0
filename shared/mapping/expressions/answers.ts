import { isOfTime } from './failure.ts';
import type { Ruled } from './question.ts';

const MAX_KNOWN = 2_000;
/** Of questions and answers remembered: some are as long as a text may be. */
const MAX_KNOWN_CHARACTERS = 4_000_000;
/**
 * What took too long is not begun again for a while, for one bad expression must not slow everything down; but not for
 * good, for it may have been the machine that was slow, or a value nobody will send again.
 */
const REST_MS = 60_000;

interface Known {
  readonly answer: Ruled;
  readonly untilMs: number;
}

/** What has been answered, for good or for a while; all of it is forgotten rather than more than so much kept. */
export class Answers {
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Known>();
  #characters = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get(key: string): Ruled | undefined {
    const known = this.#known.get(key);
    return known !== undefined && this.#nowMs() < known.untilMs ? known.answer : undefined;
  }

  remember(key: string, answer: Ruled): void {
    const size = key.length + JSON.stringify(answer).length;
    if (this.#known.size >= MAX_KNOWN || this.#characters + size > MAX_KNOWN_CHARACTERS) {
      this.#known.clear();
      this.#characters = 0;
    }
    this.#known.set(key, { answer, untilMs: this.#nowMs() + forMs(answer) });
    this.#characters += size;
  }
}

const forMs = (answer: Ruled): number =>
  'failure' in answer && isOfTime(answer.failure) ? REST_MS : Number.POSITIVE_INFINITY;
