import type { RecordKind } from '../../shared/domain/index.ts';
import { ConflictError } from '../../shared/errors.ts';
import type { Cursor, Observation, Store } from '../../shared/ports/index.ts';
import { createLeases } from '../../shared/resilience/index.ts';
import { type Door, noteAccepted } from './door.ts';
import type { Functions } from './functions.ts';
import { gatedPorts, type Invocation } from './invocation.ts';
import type { Site } from './truth.ts';
import { integrationFor } from './vendor/calls.ts';
import { isUnder, type World } from './world.ts';

const LEASE_MS = 40_000;
const KINDS: readonly RecordKind[] = ['contact', 'ticket', 'comment'];

/** The poll function: a page is at the door before its cursor moves, and the cursor moves conditionally. */
export class Polls {
  readonly #world: World;
  readonly #door: Door;
  readonly #functions: Functions;

  constructor(world: World, door: Door, functions: Functions) {
    this.#world = world;
    this.#door = door;
    this.#functions = functions;
  }

  /** One turn of the schedule; under `double-polls` a second one starts while the first is at work. */
  pollAll(): void {
    const { scheduler, injector, sites } = this.#world;
    this.#pollOnce();
    if (!sites.some(({ index }) => isUnder(this.#world, 'double-polls', index))) return;
    injector.count('double-polls');
    scheduler.after(30, () => this.#pollOnce());
  }

  #pollOnce(): void {
    for (const site of this.#world.sites) {
      if (!site.vendor.profile.polls) continue;
      this.#functions.invoke((invocation) => this.#poll(site, invocation), 'poll');
    }
  }

  async #poll(site: Site, invocation: Invocation): Promise<void> {
    const { store, random } = gatedPorts(this.#world.ports, invocation, this.#world.random);
    const leases = createLeases({ store, random, clock: invocation.clock });
    const lease = await leases.acquire(`poll#${site.connection}`, LEASE_MS);
    if (lease === undefined) {
      this.#world.injector.count('poll-excluded');
      return;
    }
    try {
      await this.#pull(site, store, invocation);
    } finally {
      await leases.release(lease);
    }
  }

  async #pull(site: Site, store: Store, invocation: Invocation): Promise<void> {
    const integration = integrationFor(this.#world, site, invocation);
    for (const kind of KINDS) {
      const key = { pk: `${site.organization}#poll#${site.connection}`, sk: kind };
      let held = await store.get<Cursor>(key.pk, key.sk);
      for await (const page of integration.pull!(kind, held?.data)) {
        for (const observation of page.observations) await this.#enqueue(site, observation);
        try {
          const version = held?.version ?? 0;
          await store.commit([{ put: { ...key, data: page.next }, expect: version }]);
          held = { ...key, data: page.next, version: version + 1 };
        } catch (error) {
          if (error instanceof ConflictError) return;
          throw error;
        }
      }
    }
  }

  #enqueue(site: Site, observation: Observation): Promise<void> {
    const event = this.#door.polled(observation);
    return new Promise((resolve) => {
      this.#door.receive(site, event, (isAccepted) => {
        if (!isAccepted) return;
        noteAccepted(this.#world, site, event);
        resolve();
      });
    });
  }
}
