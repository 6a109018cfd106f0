import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { leaveToItself } from '../../../shared/sync/dependents.ts';
import { placesFor } from '../../../shared/sync/desk.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import type { Dependent, Lane, Root } from '../../../shared/sync/state.ts';
import { fold, lane, link, parked, root, YOUNG } from './fold-scene.ts';
import { ACME, type Hub, hubOf, LEFT, RIGHT, settled } from './hub.ts';
import { hubThatMerges } from './merging.ts';
import { shelfOf } from './shelf.ts';

const ADA = 'ada' as RecordId;
const [CONTACT, USER] = ['contact-1', 'user-1'] as [ExternalId, ExternalId];
const PERSON = { kind: 'contact', fields: { name: 'Ada' } } as const;
const ticket = (at: number) => `ticket-${at}` as RecordId;
const refused = (from: number, count: number): Dependent[] =>
  Array.from({ length: count }, (_, at) => ({ root: ticket(from + at), connection: LEFT, named: CONTACT }));
const waiting = (from: number, count: number): Dependent[] =>
  Array.from({ length: count }, (_, at) => ({ root: ticket(from + at), connection: RIGHT }));

type Kept = Pick<Hub, 'deps'>;

async function keep({ deps }: Kept, roots: readonly Root[]): Promise<void> {
  const shelf = shelfOf(() => deps.store);
  await shelf.keepRoots(...roots);
  await shelf.keep(claimKey(ACME, LEFT, 'contact', CONTACT), { root: ADA, record: ADA });
}

const rootOf = ({ deps }: Kept, id: RecordId): Promise<Root> => shelfOf(() => deps.store).rootAt(id);

const foldPeople = ({ deps }: Kept): Promise<void> =>
  fold(
    deps,
    { kind: 'contact', externalId: USER },
    { younger: { root: YOUNG, record: YOUNG }, olderId: ADA },
  );

async function edit({ engine }: Pick<Hub, 'engine'>, id: RecordId): Promise<void> {
  const meant = { organization: ACME, root: id, actor: 'agent:bo', idempotencyKey: id } as const;
  await engine.edit({ ...meant, edit: { edit: 'fields', fields: { subject: 'lamp' } } });
}

/** Two records of hers, each with those it is to tell. */
const peopleWith = (older: Dependent[], younger: Dependent[]): Root[] => [
  root(
    ADA,
    { [LEFT]: lane(link(CONTACT)), [RIGHT]: lane(link(undefined, { parked })) },
    { ...PERSON, dependents: older },
  ),
  root(YOUNG, { [RIGHT]: lane(link(undefined, { parked })) }, { ...PERSON, dependents: younger }),
];

/** The desk refuses every ticket that names her, for a reason of its own: she is there. */
async function refusing(count: number, over: Partial<Lane> = {}, dependents: Dependent[] = []) {
  const world = hubThatMerges();
  const { hub, answers, writes } = world;
  const known = { authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
  answers.set(CONTACT, { state: 'present', observation: { ...PERSON, ...known, externalId: CONTACT } });
  const error = new ProviderRejectedError('a rule of ours', { vendorCode: 'RULE' });
  writes.answer = (change) =>
    change.kind === 'ticket' ? { outcome: 'refused', why: 'rejected', error } : settled(change);
  const own = link(CONTACT, { origin: 'ours', sent: PERSON.fields, got: PERSON.fields });
  const contact = root(ADA, { [LEFT]: lane({ ...own, ...over.link }, over) }, { ...PERSON, dependents });
  const lanes = { [LEFT]: lane(link(undefined, { origin: 'ours' })) };
  const fields = { subject: 'printer', requester: ADA };
  await keep(hub, [
    contact,
    ...Array.from({ length: count }, (_, at) => root(ticket(at), lanes, { fields })),
  ]);
  for (let at = 0; at < count; at += 1) await edit(hub, ticket(at));
  return world;
}

describe('a look at whom a refused write names', () => {
  it('that is under way is asked for no sooner, and tells whoever was refused meanwhile', async () => {
    const due = Date.parse('2026-01-01T00:02:00Z');
    const backingOff = { wake: { id: 'later' as never, dueAtMs: due } };
    const world = await refusing(2, { ...backingOff, link: link(CONTACT, { needsRead: true }) });

    await world.hub.work(10_000);

    expect(world.written).toHaveLength(2);
    expect(world.reads).toEqual([]);
    const { lanes, dependents } = await rootOf(world.hub, ADA);
    expect(lanes[LEFT]).toMatchObject(backingOff);
    expect(dependents).toMatchObject(refused(0, 2));
  });
});

describe('who was refused for a reason of its own', () => {
  it('is kept in mind as long as a look may have shown what was, and no longer', async () => {
    const { hub } = await refusing(1);
    const look = () => hub.hear({ ...PERSON, externalId: CONTACT, isComplete: false, needsRead: true }, LEFT);
    const listed = async () => (await rootOf(hub, ADA)).dependents;
    await hub.work(10_000);
    const [{ doubtedAtMs = 0 } = {}] = (await listed()) ?? [];

    hub.clock.advance(doubtedAtMs + 800_000 - hub.clock.now());
    await look();
    await hub.work(60_000);
    expect(await listed()).toHaveLength(1);

    hub.clock.advance(40_000);
    await look();
    await hub.work(60_000);
    expect(await listed()).toEqual([]);
  });
});

describe('the list of those that a record tells of its copy', () => {
  it('has room for who waits, however many were refused', async () => {
    const hub = hubOf(settled);
    const lanes = { [LEFT]: lane(link(CONTACT)), [RIGHT]: lane(link(undefined, { parked })) };
    const contact = root(ADA, lanes, { ...PERSON, dependents: refused(0, 200) });
    const asking = root(ticket(900), { [RIGHT]: lane(link('case-1')) }, { fields: { requester: ADA } });
    await keep(hub, [contact, asking]);

    await edit(hub, ticket(900));
    await hub.work(10_000);

    const waits = { root: ticket(900), connection: RIGHT };
    expect((await rootOf(hub, ADA)).dependents).toEqual([waits, ...refused(1, 199)]);
    expect((await rootOf(hub, ticket(900))).lanes[RIGHT]).toMatchObject({ waitsFor: ADA });
  });

  it('keeps who waits, and has no room, where one is refused', async () => {
    const world = await refusing(1, {}, waiting(100, 200));

    await world.hub.work(10_000);

    expect((await rootOf(world.hub, ADA)).dependents).toEqual(waiting(100, 200));
  });

  it('is that of both, within its bounds, where two records turn out to be one', async () => {
    const hub = hubOf(settled);
    await keep(hub, peopleWith(refused(0, 200), [...waiting(500, 30), ...refused(300, 170)]));

    await foldPeople(hub);

    expect((await rootOf(hub, ADA)).dependents).toEqual([...waiting(500, 30), ...refused(300, 170)]);
  });

  it('leaves who waits, and finds no room in that, to look for the copy itself', async () => {
    const hub = hubOf(settled);
    const asking = (at: number) =>
      root(
        ticket(at),
        { [RIGHT]: lane(link(`case-${at}`), { waitsFor: YOUNG }) },
        { fields: { requester: YOUNG } },
      );
    const others = [299, 300, 301].map(asking);
    await keep(hub, [...peopleWith(waiting(0, 199), waiting(299, 3)), ...others]);

    await foldPeople(hub);

    expect((await rootOf(hub, ADA)).dependents).toEqual([...waiting(0, 199), ...waiting(299, 1)]);
    const { pk, sk } = rootKey(ACME, ADA);
    const { data, version } = (await hub.deps.store.get<Root>(pk, sk))!;
    const made = { ...data, lanes: { ...data.lanes, [RIGHT]: lane(link(USER)) }, dependents: [] };
    await hub.deps.store.commit([{ put: { pk, sk, data: made }, expect: version }]);
    await hub.work(600_000);

    const named = await Promise.all(others.map(({ id }) => rootOf(hub, id)));
    expect(named.map(({ lanes }) => lanes[RIGHT]?.referred?.externalId)).toEqual([undefined, USER, USER]);
  });
});

describe('who is left to itself', () => {
  const leave = async (standing: Partial<Lane>, dependent = waiting(0, 1)[0]!) => {
    const hub = hubOf(settled);
    const before = root(
      ticket(0),
      { [RIGHT]: lane(link('case-1'), standing) },
      { fields: { requester: ADA } },
    );
    await keep(hub, [before]);
    const desk = { deps: hub.deps, rules: standardRules };
    const places = await placesFor(desk, ACME);
    await leaveToItself({ desk, places, organization: ACME }, dependent);
    const { lanes } = await rootOf(hub, ticket(0));
    return { before: before.lanes[RIGHT], after: lanes[RIGHT]!, nowMs: hub.clock.now() };
  };

  it('comes by after a while, naming whom it went without', async () => {
    const { after, nowMs } = await leave({ referred: { record: ADA, externalId: null } });

    expect(after.wake?.dueAtMs).toBe(nowMs + 300_000);
    expect(after).not.toHaveProperty('referred');
  });

  it('comes no later than it would anyway', async () => {
    const wake = { id: 'sooner' as never, dueAtMs: Date.parse('2026-01-01T00:01:00Z') };
    const { after } = await leave({ waitsFor: ADA, wake });

    expect(after.wake?.dueAtMs).toBe(wake.dueAtMs);
    expect(after).not.toHaveProperty('waitsFor');
  });

  it('is left alone where it neither waits nor goes without', async () => {
    const { before, after } = await leave({ referred: { record: ADA, externalId: CONTACT } });

    expect(after).toEqual(before);
  });
});
