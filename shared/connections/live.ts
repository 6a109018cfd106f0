import {
  HubError,
  InvariantError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../errors.ts';
import type {
  Adapter,
  Authorization,
  Connection,
  Grant,
  Integration,
  Opening,
  Page,
  WriteOutcome,
} from '../ports/index.ts';
import { throughEach } from '../resilience/index.ts';
import type { Grants, JustRead } from './grants.ts';

export interface LiveDeps<Change> {
  readonly adapter: Adapter<Change>;
  readonly opening: Opening;
  readonly grants: Grants;
  /** What this message has read of the grant already; good for its first call. */
  readonly read?: JustRead | undefined;
}

/**
 * The integration with whatever grant is good at the moment of each call. A grant the vendor refuses before
 * its time is replaced once, and the call made once more: the vendor did nothing with it.
 */
export function live<Change>({ adapter, opening, grants, read }: LiveDeps<Change>): Integration<Change> {
  const { connection } = opening;
  const authorization = adapter.authorization(opening);
  const parts = adapter.open(opening, NO_GRANT);
  const link = new Link({ adapter, opening, grants, read, connection, authorization });
  return {
    check: () => link.check(),
    ...(parts.read && { read: (copy) => link.ask((to) => to.read!(copy)) }),
    ...(parts.find && { find: (...asked) => link.ask((to) => to.find!(...asked)) }),
    ...(parts.match && { match: (kind, fields) => link.ask((to) => to.match!(kind, fields)) }),
    ...(parts.describe && { describe: (kind) => link.ask((to) => to.describe!(kind)) }),
    ...(parts.pull && { pull: (kind, after) => link.pages((to) => to.pull!(kind, after)) }),
    ...(parts.exports && { exports: throughEach((call) => link.ask((to) => call(to.exports!))) }),
    ...(parts.download && { download: (copy) => link.ask((to) => to.download!(copy)) }),
    ...(parts.upload && { upload: (file, content) => link.ask((to) => to.upload!(file, content)) }),
    ...(parts.together && {
      together: {
        create: (changes) => link.sendAll(changes, (to, left) => to.together!.create(left)),
        match: (kind, all) => link.ask((to) => to.together!.match(kind, all)),
      },
    }),
    ...(parts.write && { write: (change) => link.send((to) => to.write!(change)) }),
  };
}

/** Opens an integration only to see which parts it has; `open` calls nobody. */
const NO_GRANT: Grant = { accessToken: '', instanceUrl: '' };

interface LinkDeps<Change> extends LiveDeps<Change> {
  readonly connection: Connection;
  readonly authorization: Authorization;
}

/** Far less than the time ahead of its end at which a grant is renewed. */
const HOLD_MS = 60_000;

class Link<Change> {
  readonly #deps: LinkDeps<Change>;
  /** Asked for once per message, not per call: each asking is a strong read. */
  #held: { readonly grant: Grant; readonly untilMs: number } | undefined;
  #read: JustRead | undefined;

  constructor(deps: LinkDeps<Change>) {
    this.#deps = deps;
    this.#read = deps.read;
  }

  async ask<Answer>(call: (to: Integration<Change>) => Promise<Answer>): Promise<Answer> {
    const { grants, connection, authorization } = this.#deps;
    const grant = await this.#grant();
    try {
      return await call(this.#open(grant));
    } catch (error) {
      if (!(error instanceof ReauthorizationRequiredError)) throw error;
      const replaced = this.#hold(await grants.replace(connection, authorization, grant));
      return this.#lastTry(replaced, call);
    }
  }

  async #grant(): Promise<Grant> {
    const { grants, connection, authorization, opening } = this.#deps;
    if (this.#held !== undefined && opening.clock.now() < this.#held.untilMs) return this.#held.grant;
    const read = this.#read;
    this.#read = undefined;
    return this.#hold(await grants.usable(connection, authorization, read));
  }

  #hold(grant: Grant): Grant {
    this.#held = { grant, untilMs: this.#deps.opening.clock.now() + HOLD_MS };
    return grant;
  }

  async send(call: (to: Integration<Change>) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    const [outcome] = await this.sendAll([call], async (to) => [await call(to)]);
    return outcome!;
  }

  /** Several by one call; what a dead grant kept back is sent again, and that alone: the vendor may have done the rest. */
  async sendAll<Sent>(
    all: readonly Sent[],
    call: (to: Integration<Change>, left: readonly Sent[]) => Promise<readonly WriteOutcome[]>,
  ): Promise<readonly WriteOutcome[]> {
    const known = new Map<Sent, WriteOutcome>();
    let refusal: WriteOutcome | undefined;
    try {
      await this.ask(async (to) => {
        const left = all.filter((each) => !known.has(each));
        const outcomes = await call(to, left);
        if (outcomes.length !== left.length) throw new InvariantError('other answers than questions');
        const refused = outcomes.find(isUnauthorized);
        for (const [at, each] of left.entries())
          if (!isUnauthorized(outcomes[at]!)) known.set(each, outcomes[at]!);
        if (refused !== undefined) throw new Unauthorized(refused);
      });
    } catch (error) {
      refusal = refusalFor(error);
    }
    return all.map((each) => known.get(each) ?? refusal!);
  }

  async check(): ReturnType<Integration['check']> {
    try {
      return await this.ask(async (to) => {
        const health = await to.check();
        const isRefused =
          health.state === 'unhealthy' && health.error instanceof ReauthorizationRequiredError;
        if (isRefused) throw health.error;
        return health;
      });
    } catch (error) {
      if (error instanceof HubError) return { state: 'unhealthy', error };
      throw error;
    }
  }

  /** A page that was given out is not asked for again: only the first may meet a dead grant. */
  async *pages(call: (to: Integration<Change>) => AsyncIterable<Page>): AsyncIterable<Page> {
    const started = await this.ask(async (to) => {
      const iterator = call(to)[Symbol.asyncIterator]();
      return { iterator, first: await iterator.next() };
    });
    let { done, value } = started.first;
    while (!done) {
      yield value as Page;
      ({ done, value } = await started.iterator.next());
    }
  }

  async #lastTry<Answer>(grant: Grant, call: (to: Integration<Change>) => Promise<Answer>): Promise<Answer> {
    try {
      return await call(this.#open(grant));
    } catch (error) {
      const { grants, connection } = this.#deps;
      if (error instanceof ReauthorizationRequiredError) await grants.refuse(connection, grant);
      throw error;
    }
  }

  #open(grant: Grant): Integration<Change> {
    return this.#deps.adapter.open(this.#deps.opening, grant);
  }
}

type Refused = Extract<WriteOutcome, { outcome: 'refused' }>;

const isUnauthorized = (outcome: WriteOutcome): outcome is Refused =>
  outcome.outcome === 'refused' && outcome.why === 'unauthorized';

/** Carries a refused outcome through the one path on which grants are replaced. */
class Unauthorized extends ReauthorizationRequiredError {
  readonly outcome: Refused;

  constructor(outcome: Refused) {
    super('the vendor refuses the grant', { cause: outcome.error });
    this.outcome = outcome;
  }
}

/** The write itself never left: getting a grant for it failed. */
function refusalFor(error: unknown): WriteOutcome {
  if (error instanceof Unauthorized) return error.outcome;
  if (error instanceof ReauthorizationRequiredError)
    return { outcome: 'refused', why: 'unauthorized', error };
  if (error instanceof ProviderUnavailableError) return { outcome: 'refused', why: 'unavailable', error };
  if (error instanceof RateLimitedError) return { outcome: 'refused', why: 'throttled', error };
  if (error instanceof ProviderRejectedError) return { outcome: 'refused', why: 'rejected', error };
  throw error;
}
