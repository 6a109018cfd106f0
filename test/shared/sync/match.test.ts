import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type {
  Integration,
  RemoteChange,
  WorkMessage,
  Write,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import type { ParkedWork } from '../../../shared/sync/index.ts';
import { ACME, hubOf, RIGHT } from './hub.ts';

const ADDRESS = 'ada@example.com';
const HOUR_MS = 3_600_000;
const FIRST = { source: 'any', value: 1 };
type Creation = Extract<RemoteChange, { operation: 'create' }>;

const rejected: WriteOutcome = {
  outcome: 'refused',
  why: 'rejected',
  error: new ProviderRejectedError('a field is missing', { vendorCode: 'REQUIRED_FIELD_MISSING' }),
};
const lost: WriteOutcome = { outcome: 'uncertain', error: new ProviderUnavailableError('no answer') };

/** Two people’s records of one address on the left; on the right a desk that finds contacts by it. */
function world(refusal: (change: Creation) => WriteOutcome | undefined) {
  const hub = hubOf(() => rejected);
  const made = new Map<string, RemoteChange>();
  const seen = { matches: 0, isBlind: false };
  const idOf = (change: RemoteChange) =>
    ('externalId' in change ? change.externalId : `made-${change.record}`) as ExternalId;
  const right: Integration = {
    check: async () => ({ state: 'healthy', account: 'a' }),
    read: async ({ kind, externalId }) => {
      const change = made.get(externalId);
      if (change === undefined) return { state: 'absent' };
      const { fields } = change;
      const observation = { kind, externalId, fields, authorship: 'hub', isComplete: true } as const;
      return { state: 'present', observation: { ...observation, atMs: hub.clock.now() } };
    },
    match: async (kind, { email }) => {
      seen.matches += 1;
      const [found] = [...made].filter(([, { fields }]) => !seen.isBlind && email && fields.email === email);
      if (found === undefined) return undefined;
      const [id, { fields }] = found;
      const base = { kind, externalId: id as ExternalId, fields, isComplete: true } as const;
      return { ...base, authorship: 'hub', atMs: hub.clock.now() };
    },
    write: async (change) => {
      const refused = change.operation === 'create' ? refusal(change) : undefined;
      if (refused !== undefined) return refused;
      const fields = { ...made.get(idOf(change))?.fields, ...change.fields };
      made.set(idOf(change), { ...change, fields });
      return { outcome: 'settled', externalId: idOf(change) };
    },
  };
  const receive = () => hub.queues.work(RIGHT).receive<WorkMessage>();
  const handle = async ({ body, receipt }: NonNullable<ReturnType<typeof receive>>) => {
    await hub.engine.reconcile(body, right, hub.clock.now() + 30_000);
    hub.queues.work(RIGHT).delete(receipt);
  };
  async function run(forMs: number): Promise<void> {
    for (const untilMs = hub.clock.now() + forMs; hub.clock.now() < untilMs; hub.clock.advance(1_000)) {
      for (let next = receive(); next !== undefined; next = receive()) await handle(next);
      if (hub.clock.now() % 60_000 === 0) await hub.engine.sweep();
    }
  }
  async function asks(name: string, email: string | null = ADDRESS): Promise<void> {
    const contact = `contact-${name}` as ExternalId;
    await hub.hear({ kind: 'contact', externalId: contact, version: FIRST, fields: { name, email } });
    const fields = { subject: name, description: 'x', status: 'S1', priority: 'P2', requester: contact };
    const externalId = `case-${name}` as ExternalId;
    await hub.hear({ kind: 'ticket', externalId, refersTo: contact, version: FIRST, fields });
  }
  /** Stops the next commit that claims an address, until it is released. */
  function holdNextClaim() {
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { store } = hub.deps;
    const { commit } = store;
    const isClaim = (write: Write) => 'put' in write && write.put.pk.includes('address:');
    store.commit = async (writes) => {
      if (writes.some(isClaim)) {
        store.commit = commit;
        reached.resolve();
        await released.promise;
      }
      return commit.call(store, writes);
    };
    return { isReached: reached.promise, release: () => released.resolve() };
  }
  const of = (kind: string) => [...made.values()].filter((change) => change.kind === kind);
  const parked = async () =>
    (await hub.deps.store.page<ParkedWork>(`${ACME}#parked`, { limit: 10 })).items.map(({ data }) => data);
  return { hub, seen, of, run, asks, parked, receive, handle, holdNextClaim };
}

describe('two contacts of one address', () => {
  it('become one copy, under which both have their tickets (invariant 4)', async () => {
    const there = world(() => undefined);
    await there.asks('ada');
    await there.asks('ada2');

    await there.run(120_000);

    expect(there.of('contact')).toHaveLength(1);
    expect(there.of('ticket')).toHaveLength(2);
    expect(await there.parked()).toEqual([]);
  });

  it('the second goes on when the first is refused, and asks the vendor a few times at most', async () => {
    const there = world(({ fields }) => (fields.name === 'ada' ? rejected : undefined));
    await there.asks('ada');
    await there.asks('ada2');

    await there.run(HOUR_MS);

    expect(there.of('contact').map(({ fields }) => fields.name)).toEqual(['ada2']);
    expect(there.of('ticket').map(({ fields }) => fields.subject)).toEqual(['ada2']);
    expect(await there.parked()).toMatchObject([{ kind: 'contact', cause: 'rejected' }]);
    expect(there.seen.matches).toBeLessThan(10);
  });

  it('both refused stand aside, and are one copy again once both are replayed (invariant 4)', async () => {
    let isRefusing = true;
    const there = world(() => (isRefusing ? rejected : undefined));
    await there.asks('ada');
    await there.asks('ada2');
    await there.run(HOUR_MS);
    expect((await there.parked()).map(({ cause }) => cause)).toEqual(['rejected', 'rejected']);
    expect(there.seen.matches).toBeLessThan(10);

    isRefusing = false;
    for (const { id } of await there.parked()) await there.hub.engine.replay(ACME, id, 'user:1');
    await there.run(HOUR_MS);

    expect(there.of('contact')).toHaveLength(1);
    expect(there.of('ticket')).toHaveLength(2);
    expect(await there.parked()).toEqual([]);
  });

  it('the second makes nothing while nobody knows the fate of the first’s (invariant 4)', async () => {
    let answers = 0;
    const there = world(({ kind }) => {
      if (kind === 'contact') answers += 1;
      return kind === 'contact' && answers <= 3 ? lost : undefined;
    });
    await there.asks('ada');
    await there.asks('ada2');

    await there.run(HOUR_MS);

    expect(there.of('contact').map(({ fields }) => fields.name)).toEqual(['ada']);
    expect(there.of('ticket')).toHaveLength(2);
    expect(await there.parked()).toEqual([]);
  });

  it('the second asks the vendor nothing while the first’s creation is never answered', async () => {
    const there = world(({ kind }) => (kind === 'contact' ? lost : undefined));
    await there.asks('ada');
    await there.asks('ada2');

    await there.run(HOUR_MS);

    expect(there.seen.matches).toBe(1);
    expect((await there.parked()).map(({ cause }) => cause)).toContain('unavailable');
  });

  it('share the one copy where the vendor does not find it by its address', async () => {
    const there = world(() => undefined);
    there.seen.isBlind = true;
    await there.asks('ada');
    await there.asks('ada2');

    await there.run(HOUR_MS);

    expect(there.of('contact')).toHaveLength(1);
    expect(there.of('ticket')).toHaveLength(2);
    expect(there.seen.matches).toBeLessThan(10);
  });

  it('are two people once the first has another address', async () => {
    const there = world(() => undefined);
    await there.asks('ada');
    await there.run(10_000);
    await there.hub.hear({
      kind: 'contact',
      externalId: 'contact-ada' as ExternalId,
      version: { source: 'any', value: 2 },
      fields: { name: 'ada', email: 'countess@example.com' },
    });
    await there.run(10_000);
    await there.asks('ada2');

    await there.run(120_000);

    expect(there.of('contact').map(({ fields }) => fields.email)).toEqual(['countess@example.com', ADDRESS]);
    expect(await there.parked()).toEqual([]);
  });

  it('are two where neither has an address', async () => {
    const there = world(() => undefined);
    await there.asks('ada', null);
    await there.asks('ada2', null);
    await there.asks('ada3', ' ');
    await there.asks('ada4', ' ');
    there.seen.isBlind = true;

    await there.run(20_000);

    expect(there.of('contact')).toHaveLength(4);
    expect(await there.parked()).toEqual([]);
  });

  it('make one copy when the first goes on just as the second takes over (invariant 4)', async () => {
    let isRefusing = true;
    const there = world(({ fields }) => (isRefusing && fields.name === 'ada' ? rejected : undefined));
    await there.asks('ada');
    await there.run(3_000);
    const [stuck] = await there.parked();
    await there.asks('ada2');
    const [second, itsTicket] = [there.receive()!, there.receive()!];
    await there.handle(itsTicket);
    const takeover = there.holdNextClaim();
    const handled = there.handle(second);
    await takeover.isReached;

    isRefusing = false;
    await there.hub.engine.replay(ACME, stuck!.id, 'user:1');
    await there.handle(there.receive()!);
    takeover.release();
    await handled;
    await there.run(HOUR_MS);

    expect(there.of('contact').map(({ fields }) => fields.name)).toEqual(['ada']);
    expect(there.of('ticket')).toHaveLength(2);
    expect(await there.parked()).toEqual([]);
  });
});
