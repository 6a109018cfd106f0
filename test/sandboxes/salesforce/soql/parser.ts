import { SalesforceFailure } from '../failure.ts';
import { malformed, type Token, tokenize } from './lexer.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';
export interface Literal {
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'datetime';
  readonly text: string;
}
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: Operator;
      readonly values: readonly Literal[];
    };
export interface Ordering {
  readonly field: string;
  readonly isDescending: boolean;
  readonly nulls: 'first' | 'last';
}
export interface Query {
  readonly fields: readonly string[] | 'count';
  readonly object: string;
  readonly where: Condition | undefined;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | undefined;
  readonly offset: number;
}

const RELATIVE_DATES: Readonly<Record<string, (dayMs: number, n: number) => number>> = {
  TODAY: (day) => day,
  YESTERDAY: (day) => day - 86_400_000,
  LAST_N_DAYS: (day, n) => day - n * 86_400_000,
};

/** Valid at Salesforce and not understood here: no answer of this sandbox may pass for the vendor's. */
const ELSEWHERE =
  /^(AVG|COUNT_DISTINCT|MIN|MAX|SUM|FIELDS|TYPEOF|GROUP|HAVING|USING|WITH|FOR|ALL|INCLUDES|EXCLUDES|FORMAT|TOLABEL|CONVERTCURRENCY|DISTANCE|((LAST|THIS|NEXT)_|(NEXT|LAST)_N_)[A-Z_]+(:\d+)?|TOMORROW|N_[A-Z_]+_AGO:\d+)$/i;

const elsewhere = (text: string) =>
  new SalesforceFailure(
    501,
    'NOT_PART_OF_THE_SANDBOX',
    `${text}: SOQL that this sandbox does not understand`,
  );

/**
 * The part of SOQL the hub and its tests meet: fields and parents, conditions, order, limit and offset,
 * COUNT(), three relative dates. The rest of SOQL is refused under a code that is not the vendor's.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
 */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #nowMs: number;
  #next = 0;

  constructor(source: string, nowMs: number) {
    this.#tokens = tokenize(source);
    this.#nowMs = nowMs;
  }

  query(): Query {
    this.#keyword('SELECT');
    const fields = this.#fields();
    this.#keyword('FROM');
    const object = this.#word();
    const where = this.#takes('WHERE') ? this.#condition() : undefined;
    const orderBy = this.#takes('ORDER') ? this.#ordering() : [];
    const limit = this.#takes('LIMIT') ? this.#whole() : undefined;
    const offset = this.#takes('OFFSET') ? this.#whole() : 0;
    if (this.#tokens[this.#next]) throw this.#unexpected();
    return { fields, object, where, orderBy, limit, offset };
  }

  /** Where nothing this parser knows can stand. */
  #unexpected(what = ''): SalesforceFailure {
    const token = this.#tokens[this.#next];
    const text = token?.text ?? '<EOF>';
    const isQuery = text === '(' && this.#tokens[this.#next + 1]?.text.toUpperCase() === 'SELECT';
    if (isQuery || (token?.kind === 'word' && ELSEWHERE.test(text))) return elsewhere(text);
    return malformed(`unexpected token: '${text}'${what}`);
  }

  #fields(): readonly string[] | 'count' {
    if (this.#peek('COUNT') && this.#tokens[this.#next + 1]?.text === '(') {
      this.#next += 2;
      if (this.#takesSymbol(')')) return 'count';
      // COUNT(Id) is an aggregate; COUNT( and then anything else is no SOQL at all.
      const isAggregate = this.#tokens[this.#next + 1]?.text === ')';
      throw isAggregate ? elsewhere('COUNT(field)') : this.#unexpected();
    }
    const fields = [this.#field()];
    while (this.#takesSymbol(',')) fields.push(this.#field());
    return fields;
  }

  #field(): string {
    const [name, next] = this.#tokens.slice(this.#next);
    const isCall = name?.kind === 'word' && next?.text === '(';
    if (isCall) throw elsewhere(name.text);
    if (name?.text.toUpperCase() === 'TYPEOF') throw this.#unexpected();
    return this.#word();
  }

  /** AND and OR never mix without parentheses: the vendor refuses to guess. */
  #condition(): Condition {
    const first = this.#term();
    const joiner = this.#peek('AND') ? 'AND' : this.#peek('OR') ? 'OR' : undefined;
    if (!joiner) return first;
    const of = [first];
    while (this.#takes(joiner)) of.push(this.#term());
    if (this.#peek('AND') || this.#peek('OR')) {
      throw malformed(
        `unexpected token: '${this.#tokens[this.#next]?.text}' (mixing AND and OR needs parentheses)`,
      );
    }
    return { kind: joiner === 'AND' ? 'and' : 'or', of };
  }

  #term(): Condition {
    if (this.#takes('NOT')) return { kind: 'not', of: this.#term() };
    if (this.#takesSymbol('(')) {
      const inner = this.#condition();
      this.#symbol(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Condition {
    const field = this.#word();
    if (this.#takes('NOT')) {
      this.#keyword('IN');
      return { kind: 'compare', field, operator: 'NOT IN', values: this.#list() };
    }
    if (this.#takes('IN')) return { kind: 'compare', field, operator: 'IN', values: this.#list() };
    if (this.#takes('LIKE')) return { kind: 'compare', field, operator: 'LIKE', values: [this.#literal()] };
    const token = this.#take('symbol', 'a comparison');
    const operator = token.text === '<>' ? '!=' : token.text;
    if (!['=', '!=', '<', '<=', '>', '>='].includes(operator))
      throw malformed(`unexpected token: '${token.text}'`);
    return { kind: 'compare', field, operator: operator as Operator, values: [this.#literal()] };
  }

  #list(): Literal[] {
    if (this.#tokens[this.#next + 1]?.text.toUpperCase() === 'SELECT') throw this.#unexpected();
    this.#symbol('(');
    const values = [this.#literal()];
    while (this.#takesSymbol(',')) values.push(this.#literal());
    this.#symbol(')');
    return values;
  }

  #literal(): Literal {
    const token = this.#tokens[this.#next];
    if (!token || token.kind === 'symbol') throw this.#unexpected();
    this.#next += 1;
    if (token.kind !== 'word') return { type: token.kind, text: token.text };
    const lower = token.text.toLowerCase();
    if (lower === 'null') return { type: 'null', text: '' };
    if (lower === 'true' || lower === 'false') return { type: 'boolean', text: lower };
    const [name = '', n = '0'] = token.text.split(':');
    const relative = RELATIVE_DATES[name.toUpperCase()];
    if (!relative) {
      this.#next -= 1;
      throw this.#unexpected();
    }
    const day = Math.floor(this.#nowMs / 86_400_000) * 86_400_000;
    return { type: 'datetime', text: new Date(relative(day, Number(n))).toISOString() };
  }

  #ordering(): Ordering[] {
    this.#keyword('BY');
    const orderings: Ordering[] = [];
    do {
      const field = this.#word();
      const isDescending = this.#takes('DESC');
      if (!isDescending) this.#takes('ASC');
      let nulls: 'first' | 'last' = 'first';
      if (this.#takes('NULLS')) {
        nulls = this.#takes('LAST') ? 'last' : 'first';
        if (nulls === 'first') this.#keyword('FIRST');
      }
      orderings.push({ field, isDescending, nulls });
    } while (this.#takesSymbol(','));
    return orderings;
  }

  #whole(): number {
    const token = this.#take('number', 'a number');
    if (!/^\d+$/.test(token.text)) throw malformed(`unexpected token: '${token.text}'`);
    return Number(token.text);
  }

  #word(): string {
    return this.#take('word', 'a name').text;
  }

  #take(kind: Token['kind'], what: string): Token {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind) throw this.#unexpected(`, expected ${what}`);
    this.#next += 1;
    return token;
  }

  #keyword(word: string): void {
    if (!this.#takes(word)) throw this.#unexpected(`, expected ${word}`);
  }

  #symbol(text: string): void {
    if (!this.#takesSymbol(text)) {
      throw malformed(`expecting '${text}', found '${this.#tokens[this.#next]?.text ?? '<EOF>'}'`);
    }
  }

  #peek(word: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === 'word' && token.text.toUpperCase() === word;
  }

  #takes(word: string): boolean {
    if (!this.#peek(word)) return false;
    this.#next += 1;
    return true;
  }

  #takesSymbol(text: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'symbol' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }
}

export const parseSoql = (source: string, nowMs: number): Query => new Parser(source, nowMs).query();
