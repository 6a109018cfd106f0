import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type {
  Clock,
  Item,
  Observation,
  RemoteChange,
  Store,
  Version,
  Write,
} from '../../../shared/ports/index.ts';
import type { Child, Root, Rules } from '../../../shared/sync/index.ts';
import { createCopyingEngine } from '../../../shared/sync/index.ts';
import { LINE } from '../../../shared/sync/keys.ts';
import { type MemoryConnections, memoryRecords, seededRandom, virtualClock } from '../../memory/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, parkedOf, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const COMMENTS = 10_000;
const PER_EVENT = 100;

const numberOf = (at: number): string => String(at).padStart(5, '0');
const comment = (at: number): Partial<Observation> => ({
  kind: 'comment',
  externalId: `said-${at}` as ExternalId,
  rootExternalId: CASE.externalId,
  version: { source: 'any', value: 1 },
  order: numberOf(at),
  authorship: 'other',
  isComplete: true,
  atMs: at * 1_000,
  fields: { body: `comment ${numberOf(at)}` },
  visibility: 'public',
});

/** In an order of their own, as an export brings them. */
function shuffled<Each>(all: readonly Each[]): readonly Each[] {
  const random = seededRandom(5, virtualClock());
  return all
    .map((each) => ({ each, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

/** A case where its comments are said, all of which can be read there, and a system that gets a copy of each. */
function twoSystems(rules: Partial<Rules> = {}) {
  const written: RemoteChange[] = [];
  const shown = new Map<string, Observation>();
  const port: Site['port'] = {
    read: async ({ externalId }) => {
      const observation = shown.get(externalId);
      return observation === undefined ? { state: 'absent' } : { state: 'present', observation };
    },
    write: async (change) => {
      written.push(change);
      return settled(change);
    },
  };
  const site = { profile: SALESFORCE_LIKE, port };
  let meanwhile: (() => Promise<unknown>) | undefined;
  const storeOf = (clock: Clock) => {
    const store = memoryRecords({ clock });
    const keep = store.commit.bind(store);
    const commit: Store['commit'] = async (writes) => {
      const act = meanwhile !== undefined && hasPassedAll(writes, store.items()) ? meanwhile : undefined;
      if (act !== undefined) meanwhile = undefined;
      await act?.();
      return keep(writes);
    };
    return Object.assign(store, { commit });
  };
  const hub = hubOver({ [LEFT]: site, [RIGHT]: site }, rules, storeOf);
  hub.clock.advance(COMMENTS * 1_000);
  const bodies = () => written.flatMap(({ kind, fields }) => (kind === 'comment' ? [fields.body] : []));
  const onPassing = (act: () => Promise<unknown>) => {
    meanwhile = act;
  };
  return { ...hub, bodies, shown, onPassing };
}

type Hub = ReturnType<typeof twoSystems>;

/** The commit by which a worker has looked at all of them. */
function hasPassedAll(writes: readonly Write[], items: readonly Item[]): boolean {
  const last = items.map(({ sk }) => sk).findLast((sk) => sk.startsWith(LINE));
  return writes.some((write) => {
    const lane =
      'put' in write && write.put.sk === 'root' ? (write.put.data as Root).lanes[RIGHT] : undefined;
    return lane !== undefined && (lane.beyond === undefined || lane.beyond.after === last);
  });
}

async function hearAll(hub: Hub, all: readonly Partial<Observation>[]) {
  for (let from = 0; from < all.length; from += PER_EVENT) {
    const objects = all.slice(from, from + PER_EVENT);
    await hub.observe(await hub.keep({ type: 'changed', objects }));
  }
}

const second: Version = { source: 'any', value: 2 };
const commentsOf = ({ deps }: Hub) =>
  deps.store.items().flatMap(({ sk, data }) => (sk.startsWith('child#') ? [data as Child] : []));
const bodiesOf = (all: readonly Partial<Observation>[]) => all.map(({ fields }) => fields?.body);
const laneAt = async (hub: Hub) => (await ticketOf(hub)).lanes[RIGHT]!;

describe('a ticket with 10,000 comments', () => {
  it('has each of them copied, in order, though they came in none', async () => {
    const hub = twoSystems();
    const all = Array.from({ length: COMMENTS }, (_, at) => comment(at));
    await hub.hear(CASE);
    await hearAll(hub, shuffled(all));

    await hub.work();

    expect(hub.bodies()).toEqual(bodiesOf(all));
    expect(await parkedOf(hub)).toEqual([]);
    const lane = await laneAt(hub);
    expect(lane).toMatchObject({ behind: [], reached: lane.want });
    expect(lane).not.toHaveProperty('beyond');
    expect(lane).not.toHaveProperty('wake');
  }, 600_000);
});

describe('comments that find no place in the lines of their ticket', () => {
  const few = Array.from({ length: 12 }, (_, at) => comment(at));
  let hub: Hub;
  beforeEach(() => {
    hub = twoSystems({ lineLength: () => 3 });
  });

  it('go on when their ticket is seen, if they came before it', async () => {
    hub.shown.set(CASE.externalId, { ...CASE, authorship: 'other', atMs: 0, isComplete: true });
    await hearAll(hub, shuffled(few));
    expect((await ticketOf(hub)).early?.behind).toHaveLength(3);

    await hub.work();

    expect(hub.bodies()).toEqual(bodiesOf(few));
  });

  it('are read where they were said, one after the other, before anybody gets them', async () => {
    await hub.hear(CASE);
    for (const each of few) hub.shown.set(each.externalId!, each as Observation);
    const unseen = few.map((each, at) => (at % 3 === 2 ? each : { ...each, needsRead: true as const }));
    await hearAll(hub, shuffled(unseen));

    await hub.work();

    expect(hub.bodies()).toEqual(bodiesOf(few));
  });

  it('wait for the life of a case that is deleted, and all of them go on with it', async () => {
    await hub.hear(CASE);
    await hub.work();
    await hub.hear({ ...CASE, version: second, life: 'deleted' });
    await hub.work();
    await hearAll(hub, shuffled(few));
    await hub.work();
    expect(hub.bodies()).toEqual([]);
    expect(await laneAt(hub)).toMatchObject({ hasSleepers: true });

    const revived = { ...CASE, version: { source: 'any', value: 3 } };
    hub.shown.set(CASE.externalId, {
      ...revived,
      authorship: 'other',
      atMs: hub.clock.now(),
      isComplete: true,
    });
    await hub.hear({ ...revived, life: 'undeleted' });
    await hub.work();

    expect(hub.bodies()).toEqual(bodiesOf(few));
    expect(await laneAt(hub)).not.toHaveProperty('hasSleepers');
  });

  it('are all brought to a system that is connected later', async () => {
    const connections = hub.deps.connections as MemoryConnections;
    const right = (await connections.get(ACME, RIGHT))!;
    connections.put({ ...right, state: { kind: 'pending' } });
    await hub.hear(CASE);
    await hearAll(hub, shuffled(few));
    connections.put(right);

    const opened = await createCopyingEngine(hub.deps).openCopies({
      organization: ACME,
      connection: RIGHT,
      kind: 'ticket',
      limit: 10,
    });
    for (const wake of opened.wakes) await hub.queues.sendWork(RIGHT, wake);
    await hub.work();

    expect(opened.opened).toBe(1);
    expect(hub.bodies()).toEqual(bodiesOf(few));
  });

  it('are not missed by a worker that looks on while they change', async () => {
    await hub.hear(CASE);
    await hearAll(hub, few);
    await hub.work();
    const edits = few.map((each, at) => ({ ...each, version: second, fields: { body: `edited ${at}` } }));
    await hearAll(hub, edits.slice(0, -1));
    // The last has nothing to do here when the worker looks at it. An event that says nothing but that it changed
    // there comes before that look is committed, and changes nothing else of its ticket.
    const last = commentsOf(hub).find(({ fields }) => fields.body === few.at(-1)?.fields?.body)!;
    const { order: _none, ...copy } = { ...few.at(-1)!, externalId: `made-${last.id}` as ExternalId };
    const changed = { ...copy, version: second, fields: { body: 'changed there' } };
    hub.shown.set(changed.externalId, changed as Observation);
    hub.onPassing(() => hub.hear({ ...changed, fields: {}, isComplete: false, needsRead: true }, RIGHT));

    await hub.work();

    expect(commentsOf(hub).find(({ id }) => id === last.id)?.fields.body).toBe('changed there');
  });
});
