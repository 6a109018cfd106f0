import type { RecordKind } from '../../shared/domain/index.ts';
import { ConflictError } from '../../shared/errors.ts';
import type { Cursor, Observation } from '../../shared/ports/index.ts';
import { type Door, noteAccepted } from './door.ts';
import type { Functions } from './functions.ts';
import { gatedPorts, type Invocation } from './invocation.ts';
import type { Site } from './truth.ts';
import { integrationFor } from './vendor/calls.ts';
import { isUnder, type World } from './world.ts';

const POLL_EVERY_MS = 60_000;
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

  start(): void {
    const { scheduler, sites, injector } = this.#world;
    scheduler.after(POLL_EVERY_MS, () => {
      this.pollAll();
      if (sites.some(({ index }) => isUnder(this.#world, 'double-polls', index))) {
        injector.count('double-polls');
        this.pollAll();
      }
      this.start();
    });
  }

  pollAll(): void {
    for (const site of this.#world.sites) {
      if (!site.vendor.profile.polls) continue;
      this.#functions.invoke((invocation) => this.#poll(site, invocation), 'poll');
    }
  }

  async #poll(site: Site, invocation: Invocation): Promise<void> {
    const { store } = gatedPorts(this.#world.ports, invocation, this.#world.random);
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
    const { chronicle } = this.#world;
    return new Promise((resolve) => {
      this.#door.receive(site, event, (isAccepted) => {
        if (!isAccepted) return;
        noteAccepted(chronicle, site, event);
        resolve();
      });
    });
  }
}
