import { readdirSync, readFileSync } from 'node:fs';
import type { Counting } from './counting.ts';
import { type Branch, instrument } from './instrument.ts';

const ENGINE = new URL('../../../shared/sync/', import.meta.url);
/** How things are shown, kept and copied decides nothing of them; the last two are walked a million times a history. */
const NO_DECISIONS = ['read/', 'long-values/', 'copy.ts'];
const BYTES = Uint32Array.BYTES_PER_ELEMENT;

export interface Taken extends Branch {
  readonly times: number;
}
/** Every branch of the engine, by file. */
export type Tally = ReadonlyMap<string, readonly Taken[]>;

/** The engine's files, each of whose branches counts itself in every worker that is given them. */
export class Counted {
  readonly #texts = new Map<string, string>();
  readonly #branches = new Map<string, readonly Branch[]>();
  readonly #given: Uint32Array[] = [];
  #slots = 0;

  constructor() {
    const files = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !NO_DECISIONS.some((each) => file.startsWith(each)));
    for (const file of files.sort()) {
      const url = new URL(file, ENGINE);
      const { text, branches, slots } = instrument(file, readFileSync(url, 'utf8'), this.#slots);
      this.#texts.set(url.href, text);
      this.#branches.set(file, branches);
      this.#slots += slots;
    }
  }

  /** For one more worker. */
  give(): Counting {
    const counters = new SharedArrayBuffer(this.#slots * BYTES);
    this.#given.push(new Uint32Array(counters));
    return { texts: this.#texts, counters };
  }

  /** Of all workers so far. */
  get tally(): Tally {
    const counted = (slot: number) => this.#given.reduce((sum, counters) => sum + counters[slot]!, 0);
    const times = ({ slot, less }: Branch) => counted(slot) - (less === undefined ? 0 : counted(less));
    return new Map(
      [...this.#branches].map(([file, branches]) => [
        file,
        branches.map((branch) => ({ ...branch, times: times(branch) })),
      ]),
    );
  }
}
