import { hasIdentity } from '../domain/identity.ts';
import type { Fields } from '../domain/record.ts';
import { HubError, InvariantError } from '../errors.ts';
import type {
  Creation,
  Integration,
  Observation,
  RemoteChange,
  Together,
  WriteOutcome,
} from '../ports/index.ts';

/** What a task waits for an answer to. */
interface Asked<Question, Answer, Of extends Kind = Kind> {
  readonly kind: Of;
  readonly question: Question;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

type Kind = Creation['kind'];
type Identified = Extract<Kind, 'contact' | 'account'>;
type Most = Readonly<Record<Kind, number>>;

/** So many calls at once, each for many or for one: more would contend for the same rows. */
const CALLS_AT_ONCE = 4;

/**
 * Many workers speaking through one integration, each as if alone: what they create and look for is gathered until
 * every one of them waits, and then asked in calls for many. So the engine's rules hold for each copy as for any other,
 * its request noted before it leaves and settled by its own outcome.
 */
export class Gathering {
  readonly integration: Integration;
  /** Why the vendor took nothing of a call: what else it is asked will fare alike. */
  failure: HubError | undefined;
  readonly #together: Together;
  readonly #most: Most;
  readonly #creations: Asked<Creation, WriteOutcome>[] = [];
  readonly #matches: Asked<Fields, Observation | undefined, Identified>[] = [];
  #busy = 0;
  #calls = 0;
  readonly #queue: (() => void)[] = [];

  constructor(integration: Integration, most: Most) {
    const { together, write, match } = integration;
    if (together === undefined) throw new InvariantError('an integration that takes nothing together');
    this.#together = together;
    this.#most = most;
    this.integration = {
      ...integration,
      ...(write && { write: (change) => this.#write(change, write) }),
      ...(match && {
        match: (kind, fields) =>
          hasIdentity(kind) ? this.#ask(this.#matches, kind, fields) : match(kind, fields),
      }),
    };
  }

  /** Each task to its end, whatever becomes of the others. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<readonly PromiseSettledResult<void>[]> {
    this.#busy += tasks.length;
    return await Promise.allSettled(tasks.map((task) => task().finally(() => this.#rest())));
  }

  #write(change: RemoteChange, write: NonNullable<Integration['write']>): Promise<WriteOutcome> {
    const isOfMany = change.operation === 'create' && change.kind !== 'attachment';
    return isOfMany ? this.#ask(this.#creations, change.kind, change) : this.#inTurn(() => write(change));
  }

  async #inTurn<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.#calls >= CALLS_AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#calls += 1;
    try {
      return await call();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#calls -= 1;
      else next();
    }
  }

  #ask<Question, Answer, Of extends Kind>(
    waiting: Asked<Question, Answer, Of>[],
    kind: Of,
    question: Question,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      waiting.push({ kind, question, resolve, reject });
      this.#rest();
    });
  }

  #rest(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    const { create, match } = this.#together;
    this.#answer(this.#creations, async (_kind, changes) => this.#learned(await create(changes)));
    this.#answer(this.#matches, (kind, all) => match(kind, all).catch((error) => this.#failed(error)));
  }

  #learned(outcomes: readonly WriteOutcome[]): readonly WriteOutcome[] {
    const errors = outcomes.map((outcome) => (outcome.outcome === 'settled' ? undefined : outcome.error));
    if (errors.every((error) => error !== undefined && isOfAll(error))) this.failure ??= errors[0];
    return outcomes;
  }

  #failed(error: unknown): never {
    if (error instanceof HubError) this.failure ??= error;
    throw error;
  }

  #answer<Question, Answer, Of extends Kind>(
    waiting: Asked<Question, Answer, Of>[],
    call: (kind: Of, questions: readonly Question[]) => Promise<readonly Answer[]>,
  ): void {
    for (const [kind, all] of Map.groupBy(waiting.splice(0), (each) => each.kind)) {
      this.#busy += all.length;
      for (let from = 0; from < all.length; from += this.#most[kind]) {
        const some = all.slice(from, from + this.#most[kind]);
        void answerAll(some, (questions) => this.#inTurn(() => call(kind, questions)));
      }
    }
  }
}

/** Not of the object's own: the vendor is away, has had enough, or refuses the grant. */
const isOfAll = ({ reaction, code }: HubError): boolean =>
  reaction === 'retry' || code === 'reauthorization_required';

async function answerAll<Question, Answer>(
  asked: readonly Asked<Question, Answer>[],
  call: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await call(asked.map(({ question }) => question));
    if (answers.length !== asked.length) throw new InvariantError('other answers than questions');
    for (const [at, { resolve }] of asked.entries()) resolve(answers[at]!);
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
