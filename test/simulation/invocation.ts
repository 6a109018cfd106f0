import { ConflictError, ProviderUnavailableError } from '../../shared/errors.ts';
import type {
  Bus,
  Clock,
  Connections,
  ContentStore,
  JobQueues,
  Queues,
  Random,
  Sealer,
  Store,
  Write,
} from '../../shared/ports/index.ts';
import { type SeededRandom, skewed } from '../memory/index.ts';
import type { Injector } from './faults.ts';
import type { Opportunity } from './plan.ts';
import type { Scheduler } from './scheduler.ts';

export interface InvocationDeps {
  readonly scheduler: Scheduler;
  readonly injector: Injector;
  readonly random: SeededRandom;
  readonly skewMs: number;
  /** The platform stops the function then, wherever it stands. */
  readonly timeoutMs: number;
  readonly onEnd: (end: 'done' | 'failed' | 'killed', error?: unknown) => void;
}

export interface GateOptions {
  readonly inMs: number;
  readonly outMs: number;
  readonly opportunity?: Opportunity;
}

/** What the engine may still hear of a call: nothing, should its function have died meanwhile. */
const SILENCE = new Promise<never>(() => undefined);

/**
 * One run of one function. Every call it makes goes through a gate: it happens at one moment and is
 * answered at a later one, others act in between, and the function can die before, between and after.
 */
export class Invocation {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** What this run has read, and been answered, since it last committed a record. */
  readonly looks: { isTaken: boolean }[] = [];
  readonly answers: { isTaken: boolean }[] = [];
  /** It was begun by a message that was not the wake, and has no business at the vendor. */
  isStray = false;
  readonly #deps: InvocationDeps;
  #isDead = false;
  #wasKilled = false;

  constructor(deps: InvocationDeps) {
    this.#deps = deps;
    this.clock = skewed(deps.scheduler.clock, deps.skewMs);
    this.deadlineMs = this.clock.now() + deps.timeoutMs;
    deps.scheduler.after(deps.timeoutMs, () => {
      if (!this.#isDead) deps.injector.count('function-timeout');
      this.#end('killed');
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** It did not come to its own end. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  kill(): void {
    this.#end('killed');
  }

  /** What was read before a commit is known to whoever comes after. */
  noteCommit(): void {
    for (const look of [...this.looks.splice(0), ...this.answers.splice(0)]) look.isTaken = true;
  }

  /** Who meets another's commit forgets what it read, and begins again. */
  noteConflict(): void {
    this.looks.length = 0;
  }

  /** Runs the function's body; its end is told once, unless it was killed first. */
  run(body: () => Promise<unknown>): void {
    body().then(
      () => this.#end('done'),
      (error: unknown) => this.#end('failed', error),
    );
  }

  gate<Value>(perform: () => Promise<Value>, { inMs, outMs, opportunity }: GateOptions): Promise<Value> {
    if (this.#isDead) return SILENCE;
    const { scheduler, injector } = this.#deps;
    const crash = injector.take('gate');
    const fault = opportunity === undefined ? undefined : injector.take(opportunity);
    return new Promise<Value>((resolve, reject) => {
      const answer = (tell: () => void) => {
        const arrive = () => {
          if (crash === 'crash-after' && !this.#isDead) this.#crash('crash-after');
          if (!this.#isDead) tell();
        };
        if (outMs === 0) arrive();
        else scheduler.after(outMs, arrive);
      };
      scheduler.after(inMs, () => {
        if (crash === 'crash-before' && !this.#isDead) this.#crash('crash-before');
        if (this.#isDead) return;
        (fault === undefined ? perform() : this.#struck(perform, fault)).then(
          (value) => answer(() => resolve(value)),
          (error: unknown) => answer(() => reject(error as Error)),
        );
      });
    });
  }

  async #struck<Value>(perform: () => Promise<Value>, fault: string | undefined): Promise<Value> {
    const { injector } = this.#deps;
    switch (fault) {
      case 'store-conflict':
        injector.count(fault);
        throw injector.caused(new ConflictError('the store reports a transaction conflict'));
      case 'store-conflict-though-done':
        await perform();
        injector.count(fault);
        throw injector.caused(
          new ConflictError('the first answer was lost; the repeated request met its own write'),
        );
      case 'work-twice':
        injector.count(fault);
        await perform();
        return perform();
      case 'store-unavailable-though-done':
      case 'send-fails-though-sent':
      case 'bus-fails-though-taken':
        await perform();
        injector.count(fault);
        throw injector.caused(new ProviderUnavailableError(`${fault}: no answer`));
      case 'store-unavailable':
      case 'send-fails':
      case 'bus-fails':
        injector.count(fault);
        throw injector.caused(new ProviderUnavailableError(`${fault}: no answer`));
      default:
        return perform();
    }
  }

  #crash(fault: 'crash-before' | 'crash-after'): void {
    this.#deps.injector.count(fault);
    this.#end('killed');
  }

  #end(end: 'done' | 'failed' | 'killed', error?: unknown): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#wasKilled = end === 'killed';
    this.#deps.onEnd(end, error);
  }
}

function isOfRecord(writes: readonly Write[]): boolean {
  return writes.some((write) => 'put' in write && write.put.sk === 'root');
}

export interface Ports {
  readonly store: Store;
  readonly queues: Queues & JobQueues;
  readonly bus: Bus;
  readonly connections: Connections;
  readonly sealer: Sealer;
}

/** The ports as one invocation sees them, each call behind its gate. */
export function gatedPorts(
  ports: Ports,
  invocation: Invocation,
  random: SeededRandom,
): Ports & { random: Random } {
  const { store, queues, bus, connections, sealer } = ports;
  const through = throughGate(invocation, random);
  return {
    random,
    sealer,
    store: gatedStore(store, invocation, random),
    queues: {
      sendChange: (lane, group, message) => through(() => queues.sendChange(lane, group, message), 'send'),
      sendWork: (integration, message, delayMs) =>
        through(() => queues.sendWork(integration, message, delayMs), 'send'),
      sendJob: (integration, message, delayMs) =>
        through(() => queues.sendJob(integration, message, delayMs), 'send'),
    },
    bus: { publish: (events) => through(() => bus.publish(events), 'publish') },
    // Settings are cached for a minute in production: they are at hand, and no crash point of their own.
    connections,
  };
}

type Through = <Value>(perform: () => Promise<Value>, opportunity?: Opportunity) => Promise<Value>;

/** Nothing can tell a late answer of ours from the caller's next call being late: one moment is enough. */
function throughGate(invocation: Invocation, random: SeededRandom): Through {
  return (perform, opportunity) => {
    const near = { inMs: 1 + random.integer(9), outMs: 0 };
    return invocation.gate(perform, opportunity === undefined ? near : { ...near, opportunity });
  };
}

export function gatedStore(store: Store, invocation: Invocation, random: SeededRandom): Store {
  const through = throughGate(invocation, random);
  return {
    get: (pk, sk) => through(() => store.get(pk, sk)),
    list: (pk, options) => through(() => store.list(pk, options)),
    commit: (writes) =>
      through(async () => {
        await store.commit(writes);
        if (isOfRecord(writes)) invocation.noteCommit();
      }, 'commit').catch((error: unknown) => {
        if (isOfRecord(writes)) invocation.noteConflict();
        throw error;
      }),
    due: (list, untilMs, limit) => through(() => store.due(list, untilMs, limit)),
    page: (list, options) => through(() => store.page(list, options)),
  };
}

export function gatedContent(
  content: ContentStore,
  invocation: Invocation,
  random: SeededRandom,
): ContentStore {
  const through = throughGate(invocation, random);
  async function* get(key: string): AsyncGenerator<Uint8Array> {
    const pieces = content.get(key)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await through(() => pieces.next());
      if (done) return;
      yield value;
    }
  }
  return {
    // All or nothing, at the moment at which it is whole.
    put: async (key, body, limitBytes) => {
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of body) {
        pieces.push(piece);
        size += piece.length;
        if (size > limitBytes) break;
      }
      return through(() => content.put(key, listed(pieces), limitBytes));
    },
    get,
    delete: (key) => through(() => content.delete(key)),
  };
}

async function* listed<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
