import { mappedBy } from '../../shared/mapping/index.ts';
import type { HubMessage, QueueMessage, WorkMessage } from '../../shared/ports/index.ts';
import { rootPk } from '../../shared/sync/keys.ts';
import type { Root } from '../../shared/sync/state.ts';
import type { MemoryQueue, Received } from '../memory/index.ts';
import { engineFor } from './engine.ts';
import { guardedFor } from './guard.ts';
import { gatedContent, gatedPorts, Invocation } from './invocation.ts';
import { platformFor } from './platform.ts';
import { integrationFor } from './vendor/calls.ts';
import { isUnder, noteFallenOut, skewOf, type World } from './world.ts';
import { announceSweep } from './worlds/authorizing.ts';
import { backfillOn, backfillSweep } from './worlds/backfilling.ts';
import { documentFor, underDocument } from './worlds/documented.ts';
import { reconcileOpened } from './worlds/opened.ts';
import { remapSweep } from './worlds/remapping.ts';
import { replaySweep } from './worlds/replaying.ts';
import { uploadSweep } from './worlds/uploading.ts';

const FUNCTION_TIMEOUT_MS = 30_000;
const FILES_TIMEOUT_MS = 900_000;
const CONCURRENCY = 3;

interface Consumer {
  readonly queue: MemoryQueue;
  readonly isPaused: () => boolean;
  readonly handle: (body: HubMessage, invocation: Invocation) => Promise<unknown>;
  readonly timeoutMs: number;
  running: number;
  wakesAtMs: number;
  /** Until when each tenant last had something in flight. */
  readonly busyUntilMs: Map<string, number>;
}

/** The hub's functions behind their queues and schedules, wired as in production. */
export class Functions {
  readonly #world: World;
  readonly #consumers: Consumer[];
  /** Messages that kill whatever takes them up. */
  readonly #poisoned = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    const { queues } = world;
    const stopped = () => {
      const isStopped = isUnder(world, 'consumers-stopped', 0);
      if (isStopped) world.injector.count('consumers-stopped');
      return isStopped;
    };
    const observe = (body: HubMessage, invocation: Invocation) =>
      engineFor(world, this.#ports(invocation)).observe(body as never);
    const works = [...world.catalog.keys()].flatMap((integration) => [
      this.#consumer(queues.work(integration), stopped, this.#worker()),
      this.#consumer(queues.files(integration), stopped, this.#worker(), FILES_TIMEOUT_MS),
    ]);
    const lanes = [queues.changes, queues.deltas, queues.backfill].map((queue) =>
      this.#consumer(queue, stopped, observe),
    );
    const jobs = [...world.catalog]
      .filter(([, { manifest }]) => manifest.backfill !== undefined)
      .map(([integration]) =>
        this.#consumer(queues.jobs(integration), stopped, (body, invocation) =>
          backfillOn(world, integration, body as never, invocation),
        ),
      );
    const dead = queues.all().map(({ deadLetters }) =>
      this.#consumer(
        deadLetters,
        () => false,
        (body, invocation) => {
          world.injector.count('dead-letter');
          // The sweeper sends it again.
          if ((body as QueueMessage).type === 'backfill') return Promise.resolve();
          noteFallenOut(world.chronicle, body, world.scheduler.clock);
          return engineFor(world, this.#ports(invocation)).deadLetter(body, 'its function failed five times');
        },
      ),
    );
    this.#consumers = [...works, ...lanes, ...jobs, ...dead];
  }

  /** Receives whatever can be received; called whenever something may have been sent. */
  pump(): void {
    for (const consumer of this.#consumers) this.#receive(consumer);
  }

  /** Whether nothing is under way, nor queued, nor waits for its time in a queue, but for what may. */
  isIdle(mayWait: (body: unknown) => boolean): boolean {
    return this.#consumers.every(({ queue, running }) => running === 0 && queue.bodies().every(mayWait));
  }

  get nextAtMs(): number | undefined {
    const times = this.#consumers.flatMap(({ queue }) => queue.nextAtMs() ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  sweep(): void {
    const { chronicle, scheduler } = this.#world;
    chronicle.sweptAtMs.push(scheduler.clock.now());
    this.invoke((invocation) => engineFor(this.#world, this.#ports(invocation)).sweep(), 'sweep');
    remapSweep(this.#world, this);
    replaySweep(this.#world, this);
    backfillSweep(this.#world, this);
    announceSweep(this.#world, this);
    uploadSweep(this.#world, this);
  }

  /** Runs something that is no queue's consumer; its failure is nobody's retry but the schedule's. */
  invoke(
    body: (invocation: Invocation) => Promise<unknown>,
    name: string,
    onEnd: (isDone: boolean) => void = () => undefined,
  ): void {
    const { chronicle } = this.#world;
    const invocation: Invocation = this.#invocation((end, error) => {
      if (end === 'failed') chronicle.failures.push({ where: name, error });
      onEnd(end === 'done');
      this.pump();
    });
    invocation.run(() => body(invocation));
  }

  #ports(invocation: Invocation) {
    return { ...gatedPorts(this.#world.ports, invocation, this.#world.random), clock: invocation.clock };
  }

  #worker(): Consumer['handle'] {
    return async (body, invocation) => {
      const world = this.#world;
      const site = world.sites.find(({ connection }) => connection === body.connection)!;
      invocation.isStray = !(await isTheWake(world, body as WorkMessage));
      const ports = this.#ports(invocation);
      const engine = engineFor(world, ports);
      const { organization, connection } = site;
      const content = gatedContent(world.content, invocation, world.random);
      if (world.endpoints.has(connection)) {
        const given = { engine, ports, message: body as WorkMessage, content };
        return reconcileOpened(world, site, invocation, given);
      }
      // As production's workers do: the engine maps by what its adapter has been opened with.
      const isFixed = site.documents.length === 0;
      const known = isFixed ? undefined : await ports.connections.get(organization, connection);
      const document = documentFor(world, site, known);
      const guarded = guardedFor(world, site, {
        integration: underDocument(world, site, integrationFor(world, site, invocation), document),
        ports,
        limits: platformFor(world, invocation).stores.limits,
        onClosed: async () => void (await engine.drain(organization, connection)),
      });
      const integration = mappedBy(document, guarded);
      return engine.reconcile(body as WorkMessage, integration, invocation.deadlineMs, content);
    };
  }

  #consumer(
    queue: MemoryQueue,
    isPaused: () => boolean,
    handle: Consumer['handle'],
    timeoutMs = FUNCTION_TIMEOUT_MS,
  ): Consumer {
    const idle = { running: 0, wakesAtMs: Number.POSITIVE_INFINITY, busyUntilMs: new Map() };
    return { queue, isPaused, handle, timeoutMs, ...idle };
  }

  #receive(consumer: Consumer): void {
    const { scheduler } = this.#world;
    if (consumer.isPaused()) return;
    while (consumer.running < CONCURRENCY) {
      const received = consumer.queue.receive<HubMessage>();
      if (received === undefined) break;
      this.#run(consumer, received);
    }
    const nextAtMs = consumer.queue.nextAtMs();
    this.#receiveDead(consumer);
    if (nextAtMs === undefined || nextAtMs <= scheduler.clock.now() || nextAtMs >= consumer.wakesAtMs) return;
    consumer.wakesAtMs = nextAtMs;
    scheduler.at(nextAtMs, () => {
      consumer.wakesAtMs = Number.POSITIVE_INFINITY;
      this.#receive(consumer);
    });
  }

  /** What is given up here arrives there, and nobody sends word of it. */
  #receiveDead({ queue: { settings } }: Consumer): void {
    const dead = this.#consumers.find(({ queue }) => queue === settings.deadLetters);
    if (dead !== undefined) this.#receive(dead);
  }

  #run(consumer: Consumer, received: Received<HubMessage>): void {
    const { chronicle, injector, scheduler } = this.#world;
    const { body, receipt } = received;
    const againAtMs = scheduler.clock.now() + consumer.queue.settings.visibilityMs;
    this.#noteWaited(consumer, received);
    consumer.running += 1;
    const message = receipt.slice(0, receipt.lastIndexOf(':'));
    if (injector.take('receive') === 'poison') this.#poisoned.add(message);
    const invocation: Invocation = this.#invocation((end, error) => {
      consumer.running -= 1;
      const freeAtMs = end === 'done' ? scheduler.clock.now() : againAtMs;
      const busyUntilMs = consumer.busyUntilMs.get(body.organization) ?? 0;
      consumer.busyUntilMs.set(body.organization, Math.max(busyUntilMs, freeAtMs));
      if (end === 'done') consumer.queue.delete(receipt);
      if (end === 'failed') chronicle.failures.push({ where: consumer.queue.settings.name, error });
      if (end === 'killed' && this.#poisoned.has(message)) this.#noteHeld(consumer, received, againAtMs);
      this.pump();
    }, consumer.timeoutMs);
    if (this.#poisoned.has(message)) {
      injector.count('poison');
      scheduler.after(5, () => invocation.kill());
    }
    invocation.run(() => consumer.handle(body, invocation));
  }

  /** What a tenant with nothing in flight has waited, on a queue that it shares. */
  #noteWaited({ queue, busyUntilMs }: Consumer, { body, visibleSinceMs }: Received<HubMessage>): void {
    const { chronicle, scheduler } = this.#world;
    const { organization } = body;
    if (queue.settings.isFifo || queue.inFlight(organization) > 1) return;
    const sinceMs = Math.max(visibleSinceMs, busyUntilMs.get(organization) ?? 0);
    const forMs = scheduler.clock.now() - sinceMs;
    if (forMs > 0) chronicle.starved.push({ organization, queue: queue.settings.name, forMs });
  }

  #noteHeld({ queue }: Consumer, { body, group }: Received<HubMessage>, untilMs: number): void {
    const { chronicle, scheduler } = this.#world;
    if (body.type !== 'change') return;
    const { inbox } = body;
    chronicle.held.push({ queue: queue.settings.name, group, inbox, fromMs: scheduler.clock.now(), untilMs });
  }

  #invocation(
    onEnd: (end: 'done' | 'failed' | 'killed', error?: unknown) => void,
    timeoutMs = FUNCTION_TIMEOUT_MS,
  ): Invocation {
    const { scheduler, injector, random } = this.#world;
    return new Invocation({
      scheduler,
      injector,
      random,
      onEnd,
      skewMs: skewOf(this.#world),
      timeoutMs,
    });
  }
}

/** Whether a message is what its lane is to be woken by, when it is taken up. */
async function isTheWake({ store }: World, message: WorkMessage): Promise<boolean> {
  const read = (id: Root['id']) => store.get<Root>(rootPk(message.organization, id), 'root');
  let root = await read(message.root);
  // Folded into another, its lanes and what wakes them are that one's.
  while (root?.data.foldedInto !== undefined) root = await read(root.data.foldedInto);
  return root?.data.lanes[message.connection]?.wake?.id === message.wake;
}
