import { RECORD_KINDS } from '../../shared/domain/index.ts';
import { START_MS } from '../memory/index.ts';
import { act } from './actors.ts';
import { countBranches } from './branches.ts';
import { Door } from './door.ts';
import { engineFor } from './engine.ts';
import { Functions } from './functions.ts';
import { hubAct } from './hub-client.ts';
import { gatedPorts } from './invocation.ts';
import { manifestOf } from './oracle/converge.ts';
import { keptInVain, uploadsLeft } from './oracle/files.ts';
import { type Breach, judge } from './oracle/index.ts';
import { lastWords, lastWordsStand } from './oracle/last-word.ts';
import { hasRestless } from './oracle/restless.ts';
import { awaitsGrant, noteUnparked, wakeAwaitsGrant } from './oracle/tokens.ts';
import type { Operation, Plan } from './plan.ts';
import { Polls } from './polls.ts';
import type { Safeguard } from './safeguards.ts';
import { pollOf } from './vendor/calls.ts';
import { type World, worldOf } from './world.ts';
import { authorizeAct, authorizeAgain } from './worlds/authorizing.ts';
import { backfillAct, backfillAnew, backfillsUnderWay, connectLate } from './worlds/backfilling.ts';
import { remapAct, remapsUnderWay } from './worlds/remapping.ts';
import { cancelReplayAct, hasReplays, mendInBulk, replayAct } from './worlds/replaying.ts';
import { restoreLostAct } from './worlds/restoring.ts';
import { grantFirst } from './worlds/tokened.ts';
import { hasUploads, hubAttach, isUpload } from './worlds/uploading.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A history that does not come to rest within this has a loop, or work nobody will do. */
const REST_WITHIN_MS = 12 * HOUR_MS;
/** What only a poll tells of is seen by the second one at the latest. */
const ROUNDS = 2;
/** For a poll that others of its function keep from its turn, or that none comes to while its connection is cut off. */
const PATIENT_ROUNDS = 8;

export interface Outcome {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  readonly operations: number;
  readonly kindsOfFault: number;
  /** How often each fault struck and each branch was taken. */
  readonly counts: Readonly<Record<string, number>>;
  readonly steps: number;
}

/** Lets one history happen, to its rest and beyond, and judges it. */
export async function run(
  plan: Plan,
  without?: Safeguard,
  look: (world: World) => void = () => undefined,
): Promise<Outcome> {
  const world = worldOf(plan, without);
  const history = new History(world);
  const breaches: Breach[] = [];
  await history.happen();
  breaches.push(...(await history.rest('after the last change')));
  await history.mend();
  breaches.push(...(await history.rest('after everything was mended')));
  if (breaches.length === 0) {
    breaches.push(...judge(world));
    breaches.push(...(await history.lastWord()));
    if (breaches.length === 0) breaches.push(...(await history.stayQuiet()));
    if (breaches.length === 0) breaches.push(...(await history.sweepUploads()));
  }
  countBranches(world);
  look(world);
  const planned = new Set<string>([
    ...plan.faults.map(({ fault }) => fault),
    ...plan.spells.map(({ spell }) => spell),
  ]);
  const struck = [...planned].filter((kind) => world.injector.happened.has(kind)).length;
  return {
    seed: plan.seed,
    breaches,
    operations: history.acts,
    kindsOfFault: struck,
    counts: Object.fromEntries(world.injector.happened),
    steps: world.scheduler.steps,
  };
}

const deedsIn = ({ sites }: World): number => sites.reduce((sum, { vendor }) => sum + vendor.deeds.length, 0);

/** What goes through the hub itself, not a vendor. */
const HUB_ACTS = {
  'hub-edit': hubAct,
  'hub-comment': hubAct,
  'hub-note': hubAct,
  'hub-attach': hubAttach,
  remap: remapAct,
  'pair-area': remapAct,
  shorten: remapAct,
  replay: replayAct,
  'cancel-replay': cancelReplayAct,
  'backfill-in': backfillAct,
  'backfill-out': backfillAct,
  'backfill-cancel': backfillAct,
  authorize: authorizeAct,
  'restore-lost': restoreLostAct,
};

class History {
  acts = 0;
  readonly #world: World;
  readonly #door: Door;
  readonly #functions: Functions;
  readonly #polls: Polls;

  constructor(world: World) {
    this.#world = world;
    this.#door = new Door(world);
    this.#functions = new Functions(world);
    this.#polls = new Polls(world, this.#functions);
    world.onSend = () => this.#functions.pump();
  }

  /** The people, the faults and the schedules, until the last person has done. */
  async happen(): Promise<void> {
    const { scheduler, plan, injector } = this.#world;
    this.#populate();
    connectLate(this.#world);
    await grantFirst(this.#world);
    for (const operation of plan.operations) {
      scheduler.at(START_MS + operation.atMs, () => {
        if (this.#perform(operation)) this.acts += 1;
        else injector.count('act-without-object');
      });
    }
    const lastMs = Math.max(0, ...plan.operations.map(({ atMs }) => atMs));
    const spellsMs = Math.max(0, ...plan.spells.map(({ fromMs, forMs }) => fromMs + forMs));
    for (let atMs = 0; atMs <= Math.max(lastMs, spellsMs) + MINUTE_MS; atMs += MINUTE_MS) {
      await scheduler.runUntil(START_MS + atMs);
      this.#functions.sweep();
      this.#functions.pump();
      this.#polls.pollAll();
    }
    injector.end();
  }

  /** Time goes on until nothing is left to do. */
  async rest(when: string): Promise<readonly Breach[]> {
    const { scheduler } = this.#world;
    const fromMs = scheduler.clock.now();
    const untilMs = fromMs + REST_WITHIN_MS;
    let rounds = 0;
    for (
      let stepMs = MINUTE_MS;
      scheduler.clock.now() < untilMs;
      stepMs = Math.min(stepMs * 1.3, 20 * MINUTE_MS)
    ) {
      const before = deedsIn(this.#world);
      this.#functions.sweep();
      this.#functions.pump();
      this.#polls.pollAll();
      await scheduler.runUntil(scheduler.clock.now() + stepMs);
      // What a vendor makes of a write is news again.
      rounds = hasRestless(this.#world) && deedsIn(this.#world) > before ? 0 : rounds + 1;
      const isHeard = rounds >= PATIENT_ROUNDS || this.#isPolledSince(fromMs + MINUTE_MS);
      if (rounds >= ROUNDS && isHeard && this.#isAtRest()) return [];
    }
    return [{ invariant: 2, what: `does not come to rest ${when}: ${this.#unrest()}` }];
  }

  /** People reconnect what was cut off and replay what was refused. */
  async mend(): Promise<void> {
    const { sites, store } = this.#world;
    noteUnparked(this.#world);
    for (const site of sites) {
      const { organization, connection } = site;
      this.#functions.invoke(
        (invocation) =>
          this.#world.endpoints.has(connection)
            ? authorizeAgain(this.#world, site, invocation)
            : this.#engine(invocation).drain(organization, connection),
        'drain',
      );
    }
    backfillAnew(this.#world, this.#functions);
    const isBulk = hasReplays(this.#world);
    if (isBulk) mendInBulk(this.#world, this.#functions);
    const parked = store.items().filter(({ sk }) => sk === 'parked');
    for (const { data } of parked) {
      const { id, organization, cause } = data as { id: string; organization: never; cause: string };
      const isAnswered = cause === 'asked' && this.#world.random.chance(0.5);
      const isRefused = !isBulk && (cause === 'rejected' || cause === 'dead-letter');
      if (!isRefused && !isAnswered) continue;
      this.#world.injector.count(`replay:${cause}`);
      this.#functions.invoke(
        (invocation) => this.#engine(invocation).replay(organization, id, 'user:ops'),
        'replay',
      );
    }
  }

  /** One more edit on every ticket of a system at rest: nothing contests it, so it is what everyone has. */
  async lastWord(): Promise<readonly Breach[]> {
    const said = lastWords(this.#world);
    const unrest = await this.rest('after the last word');
    return unrest.length > 0 ? unrest : [...lastWordsStand(this.#world, said), ...judge(this.#world)];
  }

  /** Days pass, old events come again: a quiet system writes nothing. */
  async stayQuiet(): Promise<readonly Breach[]> {
    const { sites, scheduler } = this.#world;
    const writes = () => sites.map(({ vendor }) => vendor.deeds.filter(({ by }) => by === 'hub').length);
    const before = writes();
    this.#door.repeat();
    for (let hours = 0; hours < 48; hours += 12) {
      this.#functions.sweep();
      this.#polls.pollAll();
      await scheduler.runUntil(scheduler.clock.now() + 12 * HOUR_MS);
    }
    const after = writes();
    return before.flatMap((count, at) =>
      after[at] === count
        ? []
        : [{ invariant: 2, what: `v${at} was written ${after[at]! - count} times in a quiet system` }],
    );
  }

  /** By then whatever was announced and never made a file is swept away, and its bytes with it. */
  async sweepUploads(): Promise<readonly Breach[]> {
    if (!hasUploads(this.#world)) return [];
    const { scheduler } = this.#world;
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await scheduler.runUntil(scheduler.clock.now() + HOUR_MS);
      this.#functions.sweep();
    }
    await scheduler.runUntil(scheduler.clock.now() + MINUTE_MS);
    return [...uploadsLeft(this.#world), ...keptInVain(this.#world)];
  }

  #engine(invocation: Parameters<Parameters<Functions['invoke']>[0]>[0]) {
    const ports = gatedPorts(this.#world.ports, invocation, this.#world.random);
    return engineFor(this.#world, { ...ports, clock: invocation.clock });
  }

  #perform(operation: Operation): boolean {
    const { operation: name } = operation;
    const hubs = HUB_ACTS[name as keyof typeof HUB_ACTS];
    const isDone = hubs?.(this.#world, this.#functions, operation) ?? act(this.#world, operation);
    if (isDone) this.#world.injector.count(`act:${name}`);
    return isDone;
  }

  /** Two customers in every channel, there from the beginning and announced by nobody. */
  #populate(): void {
    for (const { vendor, index } of this.#world.sites) {
      if (vendor.profile.role !== 'channel') continue;
      for (const at of [1, 2]) {
        const mark = 9_000 + index * 10 + at;
        const fields = { name: `Customer ${mark}`, email: `c#${mark}#@example.com` };
        vendor.create({ kind: 'contact', fields, by: 'person' });
      }
    }
  }

  #isPolledSince(ms: number): boolean {
    const { sites, polledAtMs } = this.#world;
    return sites.every((site) => {
      if (!site.vendor.profile.polls) return true;
      const { kinds } = manifestOf(this.#world, site);
      const polled = RECORD_KINDS.filter((kind) => kinds[kind]?.canRead === true);
      return polled.every((kind) => (polledAtMs.get(pollOf(site, kind)) ?? 0) > ms);
    });
  }

  #isAtRest(): boolean {
    const mayWait = (body: unknown) => wakeAwaitsGrant(this.#world, body);
    return this.#functions.isIdle(mayWait) && this.#door.isIdle && this.#unrest() === '';
  }

  #unrest(): string {
    // What is announced and never sent is swept away after days.
    const due = this.#world.store
      .items()
      .filter((item) => item.due !== undefined && !isUpload(item) && !awaitsGrant(this.#world, item));
    const records = due.map(({ pk, sk, due: place }) => `${place!.list}: ${pk} ${sk}`);
    return [
      ...records,
      ...remapsUnderWay(this.#world),
      ...backfillsUnderWay(this.#world),
      ...this.#world.asking,
    ].join(', ');
  }
}
