import { poller } from '../../shared/connections/index.ts';
import type { Functions } from './functions.ts';
import type { Invocation } from './invocation.ts';
import { codeFor, platformFor } from './platform.ts';
import { isUnder, type World } from './world.ts';

/** The schedule of the poll functions; under `double-polls` a second one starts while the first is at work. */
export class Polls {
  readonly #world: World;
  readonly #functions: Functions;

  constructor(world: World, functions: Functions) {
    this.#world = world;
    this.#functions = functions;
    world.onLeaseLost = () => this.#tick();
  }

  pollAll(): void {
    const { scheduler, injector, sites } = this.#world;
    this.#tick();
    if (!sites.some(({ index }) => isUnder(this.#world, 'double-polls', index))) return;
    injector.count('double-polls');
    scheduler.after(30, () => this.#tick());
  }

  #tick(): void {
    for (const [integration, { manifest }] of this.#world.catalog) {
      if (manifest.poll === undefined) continue;
      this.#functions.invoke((invocation) => this.#poll(integration, invocation), 'poll');
    }
  }

  async #poll(integration: string, invocation: Invocation): Promise<void> {
    const code = codeFor(this.#world, integration, invocation);
    const poll = poller(code, platformFor(this.#world, invocation));
    const getRemainingTimeInMillis = () => invocation.deadlineMs - invocation.clock.now();
    await poll({}, { getRemainingTimeInMillis } as never);
  }
}
