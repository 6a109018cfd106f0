import MagicString from 'magic-string';
import { type ESTree, parseSync, Visitor, type VisitorObject } from 'vite';
import { COUNTERS } from './counting.ts';

/** One way that the code may go on from somewhere. */
export interface Branch {
  /** Line and column of what decides. */
  readonly at: string;
  readonly label: string;
  /** Of a function that has one. */
  readonly name?: string;
  /** Its counter; where another is named, what that one has counted is not its. */
  readonly slot: number;
  readonly less?: number;
  readonly from: number;
  /** What runs only where this way is taken. */
  readonly region: Span;
}

export interface Instrumented {
  readonly text: string;
  readonly branches: readonly Branch[];
  /** Counters it needs. */
  readonly slots: number;
}

const LABEL_LENGTH = 60;

/**
 * The same code, counting each way it goes: every function called, both ways of a condition and of `&&`, `||` and `??`,
 * every case, default and catch. What an optional chain skips, and a loop over nothing, is not counted.
 */
export function instrument(file: string, source: string, firstSlot = 0): Instrumented {
  const ways = new Ways(source, firstSlot);
  new Visitor(ways.visitor).visit(parseSync(file, source).program);
  return ways.result;
}

type Span = Pick<ESTree.Span, 'start' | 'end'>;
const NOWHERE: Span = { start: -1, end: -1 };

class Ways {
  readonly #source: string;
  readonly #firstSlot: number;
  readonly #text: MagicString;
  readonly #branches: Branch[] = [];
  /** Of functions, by where they start. */
  readonly #names = new Map<number, string>();
  #slots = 0;

  constructor(source: string, firstSlot: number) {
    this.#source = source;
    this.#text = new MagicString(source);
    this.#firstSlot = firstSlot;
  }

  get result(): Instrumented {
    const text = `const w$ = globalThis.${COUNTERS}; ${this.#text.toString()}`;
    return { text, branches: this.#branches, slots: this.#slots };
  }

  readonly visitor: VisitorObject = {
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init !== null) this.#names.set(init.start, id.name);
    },
    MethodDefinition: ({ key, value }) => void this.#names.set(value.start, this.#textOf(key)),
    FunctionDeclaration: (node) => this.#function(node),
    FunctionExpression: (node) => this.#function(node),
    ArrowFunctionExpression: (node) => this.#function(node),
    IfStatement: (node) => this.#condition(node),
    ConditionalExpression: (node) => this.#condition(node),
    WhileStatement: ({ test, body }) => this.#condition({ test, consequent: body }),
    ForStatement: ({ test, body }) => {
      if (test !== null) this.#condition({ test, consequent: body });
    },
    LogicalExpression: (node) => this.#logical(node),
    AssignmentExpression: (node) => {
      if (/^(&&|\|\||\?\?)=$/.test(node.operator)) this.#logical(node);
    },
    AssignmentPattern: ({ left, right }) => {
      const count = this.#count(left, `no ${this.#textOf(left)}`, { region: right });
      this.#wrap(right.start, right.end, `(${count}, `, ')');
    },
    SwitchCase: ({ test, consequent, start, end }) => {
      const label = test === null ? 'default' : `case ${this.#textOf(test)}`;
      const region = { start: consequent[0]?.start ?? end, end };
      this.#wrap(region.start, this.#source.length, ` ${this.#count({ start, end }, label, { region })}; `);
    },
    CatchClause: ({ body }) =>
      this.#wrap(body.start + 1, body.end, `${this.#count(body, 'caught', { region: body })};`),
  };

  #function({ body, id, start, end }: ESTree.Function | ESTree.ArrowFunctionExpression): void {
    if (body === null) return;
    const name = id?.name ?? this.#names.get(start);
    const label = name === undefined ? this.#textOf({ start, end }) : `${name}()`;
    const count = this.#count({ start, end }, label, {
      region: body,
      ...(name === undefined ? {} : { name }),
    });
    if (body.type === 'BlockStatement') this.#wrap(body.start + 1, body.end - 1, `${count};`);
    else this.#wrap(body.start, body.end, `(${count}, `, ')');
  }

  /** Counting is true itself: a counter is more than nothing once it has counted. */
  #condition(asked: {
    readonly test: Span;
    readonly consequent: Span;
    readonly alternate?: Span | null;
  }): void {
    const { test, consequent, alternate } = asked;
    const text = this.#textOf(test);
    const yes = this.#count(test, text, { region: consequent });
    const no = this.#count(test, `not: ${text}`, { region: alternate ?? NOWHERE });
    this.#wrap(test.start, test.end, '((', `) ? ${yes} : !${no})`);
  }

  /** Counted are those that were asked and those that went on; the rest stopped at the left. */
  #logical({ start, end, right }: Span & { readonly right: Span }): void {
    const text = this.#textOf(right);
    const asked = this.#slots;
    const count = this.#count(right, `without ${text}`, { less: this.#firstSlot + asked + 1 });
    this.#wrap(start, end, `(${count}, `, ')');
    this.#wrap(right.start, right.end, `(${this.#count(right, `then ${text}`, { region: right })}, `, ')');
  }

  /** Of two around the same part, the first is the outer one. */
  #wrap(from: number, to: number, before: string, after = ''): void {
    this.#text.appendRight(from, before);
    if (after !== '') this.#text.prependLeft(to, after);
  }

  #count({ start }: Span, label: string, more: Partial<Branch> = {}): string {
    const slot = this.#firstSlot + this.#slots;
    this.#slots += 1;
    this.#branches.push({ at: this.#placeOf(start), label, slot, from: start, region: NOWHERE, ...more });
    return `++w$[${slot}]`;
  }

  #placeOf(at: number): string {
    const lines = this.#source.slice(0, at).split('\n');
    return `${lines.length}:${lines.at(-1)!.length + 1}`;
  }

  #textOf({ start, end }: Span): string {
    const text = this.#source.slice(start, end).replace(/\s+/g, ' ');
    return text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text;
  }
}
