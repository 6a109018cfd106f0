import { InvariantError } from '../../shared/errors.ts';
import type { EntryLane, Observation } from '../../shared/ports/index.ts';
import { accept, type InboxRow } from '../../shared/sync/index.ts';
import type { SeededRandom } from '../memory/index.ts';
import { gatedPorts, Invocation } from './invocation.ts';
import type { Site } from './truth.ts';
import { announced } from './vendor/announce.ts';
import type { WireEvent } from './vendor/mapping.ts';
import type { Announcement } from './vendor/vendor.ts';
import { skewOf, type World } from './world.ts';
import { isConnected } from './worlds/backfilling.ts';

const INBOUND_TIMEOUT_MS = 3_000;
/** Between a vendor's attempts at one event, the last repeated: Slack's schedule, then once an hour. */
const REDELIVERY_MS = [1_000, 60_000, 300_000, 3_600_000];
const TOGETHER_MS = 1_500;
/** Later than an event usually comes. */
const AFTER_DEATH_MS = 2_500;
const SHADOW_MS = 10_000;
const TORN = '{"half":';

interface VendorEvent {
  readonly id: string;
  readonly group: string;
  readonly body: Uint8Array;
  readonly about: readonly Observation[];
  readonly contentType: string;
}

/** Vendors announce, the door takes in: events late, early, twice, together, torn, out of order. */
export class Door {
  readonly #world: World;
  readonly #held = new Map<number, Observation[]>();
  readonly #lastArrived = new Map<string, number>();
  readonly #delivered: { readonly site: Site; readonly event: VendorEvent }[] = [];
  #issued = 0;
  #underWay = 0;

  constructor(world: World) {
    this.#world = world;
    world.onRow = (row) => notePulled(world, row);
    world.onAnnouncement = (site, announcement) => this.#announce(world.sites[site]!, announcement);
  }

  /** Takes one body in as the inbound function does; `onEnd` tells whether the sender got its 2xx. */
  #receive(site: Site, event: VendorEvent, onEnd: (isAccepted: boolean) => void): void {
    const world = this.#world;
    const { scheduler, injector, random } = world;
    const invocation = new Invocation({
      scheduler,
      injector,
      random,
      skewMs: skewOf(world),
      timeoutMs: INBOUND_TIMEOUT_MS,
      // Without an inbox the sender is told 2xx whatever has been kept.
      onEnd: (end) => onEnd(end === 'done' || world.without === 'inbox'),
    });
    const ports = gatedPorts(world.ports, invocation, random);
    const deps = { store: ports.store, queues: ports.queues, sealer: ports.sealer, clock: invocation.clock };
    invocation.run(async () => {
      const { organization, connection } = site;
      const took = await accept(deps, {
        organization,
        connection,
        eventId: event.id,
        group: event.group,
        contentType: event.contentType,
        body: event.body,
        lane: 'changes',
        receivedAtMs: invocation.clock.now(),
        redeliveryMs: 86_400_000,
      });
      injector.count(`door:${took}`);
      noteQueued(world, { ...event, lane: 'changes' }, took);
    });
  }

  /** Whether no event is held, on its way or being sent again. */
  get isIdle(): boolean {
    return this.#underWay === 0 && this.#held.size === 0;
  }

  /** The vendors send much of it again, late and for no reason. */
  repeat(): void {
    for (const [at, { site, event }] of this.#delivered.splice(0).entries()) {
      if (at % 5 === 0) this.#deliver(site, event, { afterMs: at * 20, made: 0 });
    }
  }

  #announce(site: Site, announcement: Announcement): void {
    const { injector } = this.#world;
    if (!isConnected(this.#world, site)) return;
    const observation = announced(site.vendor, announcement);
    if (observation === undefined) return;
    if (announcement.life === 'deleted' && injector.take('deletion') !== undefined)
      this.#tellAfterDeath(site, announcement);
    const fault = injector.take('event');
    if (fault === 'event-with-next') {
      injector.count(fault);
      this.#hold(site, observation);
      return;
    }
    const together = this.#held.get(site.index) ?? [];
    this.#held.delete(site.index);
    this.#send(site, [...together, observation], fault);
  }

  /** After a deletion the life before it is announced once more, and whoever asks is shown that life, too. */
  #tellAfterDeath(site: Site, { object, by }: Announcement): void {
    const { injector, scheduler, chronicle } = this.#world;
    const before = object.snapshots.at(-2);
    const life =
      before && announced(site.vendor, { object, snapshot: before, changed: Object.keys(before.fields), by });
    if (before === undefined || life === undefined) return;
    injector.count('told-after-death');
    const made = scheduler.clock.now();
    chronicle.shadows.set(object.id, { asOfMs: made - 1, untilMs: made + SHADOW_MS });
    const event = this.#eventOf(life, { type: 'changed', objects: [life] });
    this.#deliver(site, event, { afterMs: AFTER_DEATH_MS, made });
  }

  #hold(site: Site, observation: Observation): void {
    const held = this.#held.get(site.index) ?? [];
    this.#held.set(site.index, [...held, observation]);
    this.#world.scheduler.after(TOGETHER_MS, () => {
      const left = this.#held.get(site.index);
      this.#held.delete(site.index);
      if (left !== undefined) this.#send(site, left);
    });
  }

  #send(site: Site, objects: readonly Observation[], fault?: string): void {
    const { injector, random, scheduler } = this.#world;
    const event = this.#eventOf(objects[0]!, { type: 'changed', objects });
    const made = scheduler.clock.now();
    const usualMs = 20 + random.integer(1_200);
    if (fault?.startsWith('event-')) injector.count(fault);
    if (fault === 'event-lost' && site.vendor.profile.polls) return;
    if (fault === 'event-twice') {
      this.#deliver(site, event, { afterMs: usualMs + random.integer(90_000), made });
    }
    if (fault === 'event-unreadable') this.#mumble(site, event, objects[0]!);
    this.#deliver(site, event, { afterMs: delayOf(fault, usualMs, random), made });
  }

  /** Beside the event, two bodies that say nothing: one torn, one of no interest. */
  #mumble(site: Site, event: VendorEvent, about: Observation): void {
    const made = this.#world.scheduler.clock.now();
    this.#world.chronicle.torn.add(`${event.id}x`);
    const torn = { ...event, id: `${event.id}x`, body: Buffer.from(TORN), about: [] };
    this.#deliver(site, torn, { afterMs: 5, made });
    this.#deliver(site, this.#eventOf(about, { type: 'typing' }), { afterMs: 9, made });
  }

  #eventOf(first: Observation, event: WireEvent): VendorEvent {
    this.#issued += 1;
    const about = event.type === 'changed' ? event.objects : [];
    return {
      id: `e${this.#issued}`,
      group: groupOf(first),
      body: encoded(event),
      about,
      contentType: 'application/json',
    };
  }

  #deliver(site: Site, event: VendorEvent, when: { afterMs: number; made: number; attempt?: number }): void {
    const { scheduler, injector } = this.#world;
    this.#underWay += 1;
    scheduler.after(when.afterMs, () => {
      this.#noteOrder(event.group, when.made);
      this.#receive(site, event, (isAccepted) => {
        this.#underWay -= 1;
        const attempt = when.attempt ?? 0;
        if (isAccepted) {
          this.#delivered.push({ site, event });
          return noteAccepted(this.#world, site, event.id);
        }
        injector.count('event-redelivered');
        const afterMs = REDELIVERY_MS[Math.min(attempt, REDELIVERY_MS.length - 1)]!;
        this.#deliver(site, event, { ...when, afterMs, attempt: attempt + 1 });
      });
    });
  }

  #noteOrder(group: string, made: number): void {
    if ((this.#lastArrived.get(group) ?? 0) > made) this.#world.injector.count('event-reordered');
    this.#lastArrived.set(group, Math.max(made, this.#lastArrived.get(group) ?? 0));
  }
}

/** A row of a page that a poll has kept, as soon as it is: the inbox owes it an end. */
function notePulled(world: World, { connection, inbox, group, lane }: InboxRow): void {
  if (lane === 'changes') return;
  const observation = world.pulled.get(inbox.split(':').slice(0, SETTLED_PARTS).join(':'));
  if (observation === undefined) throw new InvariantError(`no page has shown ${inbox}`);
  const site = world.sites.find((each) => each.connection === connection)!;
  noteAccepted(world, site, inbox);
  noteQueued(world, { id: inbox, group, lane, about: [observation] }, 'accepted');
}

/** Kind, object and content: what follows tells apart who fetched a row that is not settled yet. */
const SETTLED_PARTS = 3;

function noteAccepted({ chronicle, scheduler }: World, site: Site, event: string): void {
  const accepted = chronicle.accepted.get(site.connection) ?? new Map<string, number>();
  chronicle.accepted.set(site.connection, accepted);
  if (!accepted.has(event)) accepted.set(event, scheduler.clock.now());
}

type Queued = Pick<VendorEvent, 'id' | 'group' | 'about'> & { readonly lane: EntryLane };

function noteQueued({ chronicle, scheduler }: World, event: Queued, took: 'accepted' | 'duplicate'): void {
  const heardAtMs = scheduler.clock.now();
  chronicle.about.set(event.id, event.about);
  for (const observation of event.about) {
    const { externalId: object, atMs, fields } = observation;
    const group = groupOf(observation);
    chronicle.told.push({ object, atMs, heardAtMs, fields, inbox: event.id });
    if (took === 'duplicate') continue;
    const isInLine = event.lane === 'changes' && group === event.group;
    const seen = isInLine ? chronicle.queued : chronicle.detoured;
    if (!seen.has(object)) seen.set(object, heardAtMs);
    if (isInLine && !chronicle.rows.has(object)) chronicle.rows.set(object, event.id);
  }
}

function encoded(event: WireEvent): Uint8Array {
  return Buffer.from(JSON.stringify(event));
}

/** A file's event belongs to the conversation it hangs in, as a message with files does at Slack. */
function groupOf({ rootExternalId, externalId, parent }: Observation): string {
  return rootExternalId ?? parent?.rootExternalId ?? parent?.externalId ?? externalId;
}

function delayOf(fault: string | undefined, usualMs: number, random: SeededRandom): number {
  switch (fault) {
    case 'event-early':
      return 0;
    case 'event-late':
      return 20_000 + random.integer(400_000);
    case 'event-lost':
      return usualMs + 60_000;
    default:
      return usualMs;
  }
}
