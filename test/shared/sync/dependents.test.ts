import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { NotFoundError, ProviderRejectedError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange, RemoteState } from '../../../shared/ports/index.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Lane, Root } from '../../../shared/sync/state.ts';
import { CHAT, DESK, FILE, filesHub, rootsOf, THREAD } from './files.ts';
import { lane, link, OLD, parked, root, YOUNG } from './fold-scene.ts';
import { ACME, hubOf, LEFT, parkedOf, RIGHT, settled } from './hub.ts';
import { caseSeen, hubThatMerges } from './merging.ts';
import { shelfOf } from './shelf.ts';

describe('what is waited for by many', () => {
  it('lists so many of them and no more, and the others come by', async () => {
    const hub = filesHub();
    const take = hub.desk.answer;
    const error = new ProviderRejectedError('no such queue', { vendorCode: 'NO' });
    hub.desk.answer = (change) =>
      change.kind === 'ticket' ? { outcome: 'refused', why: 'rejected', error } : take(change);
    await hub.hear(THREAD);
    for (let at = 0; at < 203; at += 1) await hub.hear({ ...FILE, externalId: `file-${at}` as ExternalId });
    await hub.work(60_000);

    expect(rootsOf(hub, 'ticket')[0]?.dependents).toHaveLength(200);
    hub.desk.answer = take;
    const [parked] = await parkedOf(hub);
    await hub.engine.replay(ACME, parked!.id, 'user:ops');
    await hub.work(600_000);

    expect(hub.desk.written.filter(({ kind }) => kind === 'attachment')).toHaveLength(203);
    expect(rootsOf(hub, 'ticket')[0]?.dependents).toEqual([]);
  }, 60_000);

  it('keeps nothing else of theirs waiting: what is said goes on, and their own is done once it is there', async () => {
    const hub = hubOf(settled);
    const ada = 'ada' as RecordId;
    const dependents = Array.from({ length: 200 }, (_, at) => ({
      root: `ticket-${at}` as RecordId,
      connection: RIGHT,
    }));
    const contact = (of: ReturnType<typeof link>, over = {}) =>
      root(ada, { [RIGHT]: lane(of) }, { kind: 'contact', fields: { name: 'Ada' }, ...over });
    const ticket = root(OLD, { [RIGHT]: lane(link('case-1')) }, { fields: { requester: ada } });
    const refused = contact(link(undefined, { parked }), { dependents });
    for (const data of [ticket, refused])
      await hub.deps.store.commit([{ put: { ...rootKey(ACME, data.id), data }, expect: 0 }]);

    const edit = { edit: 'comment', body: 'We are on it', visibility: 'public', authorName: 'Bo' } as const;
    await hub.engine.edit({ organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: 'one', edit });
    await hub.work(60_000);

    expect(hub.written).toMatchObject([{ kind: 'comment', operation: 'create', rootExternalId: 'case-1' }]);

    const { pk, sk } = rootKey(ACME, ada);
    await hub.deps.store.commit([{ put: { pk, sk, data: contact(link('contact-1')) }, expect: 1 }]);
    await hub.work(600_000);

    const named = (await hub.deps.store.get<typeof ticket>(rootKey(ACME, OLD).pk, 'root'))?.data.lanes[RIGHT];
    expect(named?.referred).toEqual({ record: ada, externalId: 'contact-1' });
  });
});

describe('what is named by a copy that another record has', () => {
  const [gone, next] = ['contact-1', 'contact-2'] as [ExternalId, ExternalId];
  const seen = { authorship: 'other', isComplete: true } as const;
  const back: Observation = { ...seen, kind: 'contact', externalId: gone, fields: { name: 'Ada' }, atMs: 5 };

  it.each<[string, RemoteState, Partial<Lane>, RemoteChange['fields'][]]>([
    ['on what it went on as', { state: 'deleted', mergedInto: next }, {}, [{ requester: next }]],
    [
      'on itself where it was brought back',
      { state: 'present', observation: back },
      {},
      [{ requester: gone }],
    ],
    ['on nothing while nobody can look', { state: 'absent' }, { parked }, []],
  ])(
    'is looked for anew once its owner has heard of its end, and then stands %s',
    async (_, now, of, after) => {
      const { hub, answers, written } = hubThatMerges();
      const ada = 'ada' as RecordId;
      const contact = root(
        ada,
        { [LEFT]: lane(link(gone, { isBorrowed: true, mergedInto: gone }), of) },
        {
          kind: 'contact',
          fields: { name: 'Ada' },
        },
      );
      const owner = root('bo' as RecordId, { [LEFT]: lane(link(next)) }, { kind: 'contact', fields: {} });
      const claim = { root: owner.id, record: owner.id };
      const claims = [
        { ...claimKey(ACME, LEFT, 'contact', gone), data: { dead: { atMs: 1 } } },
        { ...claimKey(ACME, LEFT, 'contact', next), data: claim },
      ];
      const others = { [RIGHT]: lane(link('user-1')) };
      const records = [
        { ...contact, lanes: { ...contact.lanes, ...others } },
        { ...owner, lanes: { ...owner.lanes, [RIGHT]: lane(link('user-2')) } },
        root(OLD, { [LEFT]: lane(link('case-1')) }, { fields: { requester: ada } }),
      ].map((data) => ({ ...rootKey(ACME, data.id), data }));
      for (const put of [...records, ...claims]) await hub.deps.store.commit([{ put, expect: 0 }]);
      answers.set(gone, now);
      const observation = { ...seen, ...caseSeen('case-1' as ExternalId), atMs: 1 };
      answers.set('case-1', { state: 'present', observation });

      const edit = { edit: 'fields', fields: { subject: 'lamp' } } as const;
      await hub.engine.edit({
        organization: ACME,
        root: OLD,
        actor: 'agent:bo',
        idempotencyKey: 'one',
        edit,
      });
      await hub.work(60_000);

      const lamp = { subject: 'lamp' };
      expect(written).toMatchObject([lamp, ...after].map((fields) => ({ kind: 'ticket', fields })));
      const link1 = (await hub.deps.store.get<Root>(rootKey(ACME, ada).pk, 'root'))?.data.lanes[LEFT]?.link;
      expect(link1?.asks ?? 1).toBe(1);
    },
  );
});

describe('a file of a ticket whose copy another record has', () => {
  const [gone, next] = ['case-1', 'case-2'] as [ExternalId, ExternalId];
  /** What goes on for that copy is the other record's by now; of the ticket's nobody has heard. */
  async function movedOn(of: Partial<Lane> = {}) {
    const hub = filesHub();
    const shared = lane(link(gone, { isBorrowed: true, mergedInto: gone }), of);
    const ticket = root(OLD, { [CHAT]: lane(link(THREAD.externalId)), [DESK]: shared });
    const owner = root(YOUNG, { [CHAT]: lane(link('thread-2')), [DESK]: lane(link(next)) });
    const held = [
      { ...claimKey(ACME, CHAT, 'ticket', THREAD.externalId), data: { root: OLD, record: OLD } },
      { ...claimKey(ACME, DESK, 'ticket', gone), data: { dead: { atMs: 60_000 }, wasOf: YOUNG } },
      { ...claimKey(ACME, DESK, 'ticket', next), data: { root: YOUNG, record: YOUNG } },
      ...[ticket, owner].map((data) => ({ ...rootKey(ACME, data.id), data })),
    ];
    for (const put of held) await hub.deps.store.commit([{ put, expect: 0 }]);
    const asks = async () =>
      (await hub.deps.store.get<Root>(rootKey(ACME, OLD).pk, 'root'))?.data.lanes[DESK]?.link.asks;
    return { hub, asks, filed: () => hub.desk.written.filter(({ kind }) => kind === 'attachment') };
  }

  it('is hung on what that copy went on as since', async () => {
    const { hub, filed } = await movedOn();
    Object.assign(hub.desk, { isDeleted: true, mergedInto: next });

    await hub.hear(FILE);
    await hub.work(60_000);

    expect(filed()).toMatchObject([{ parent: { kind: 'ticket', externalId: next } }]);
  });

  it('is hung on that copy where a look shows that it was brought back, though not where one shows its past', async () => {
    const { hub, asks, filed } = await movedOn();
    hub.desk.present = { atMs: 50_000 };

    await hub.hear(FILE);
    await hub.work();
    expect(filed()).toEqual([]);
    hub.desk.present = { atMs: 70_000 };
    await hub.work(600_000);

    expect(filed()).toMatchObject([{ parent: { kind: 'ticket', externalId: gone } }]);
    expect(await asks()).toBe(1);
  });

  it('waits while nobody can look, and does not ask again and again', async () => {
    const { hub, asks, filed } = await movedOn({ parked });

    await hub.hear(FILE);
    await hub.work(60_000);

    expect(filed()).toEqual([]);
    expect(await asks()).toBe(1);
  });

  it.each([
    ['waits for the life of that copy, once it is refused for its end', true, 1],
    ['is tried again where a look still shows it', false, 6],
  ])('%s, of which its owner alone was told', async (_what, isDeleted, times) => {
    const hub = filesHub();
    const gone = 'case-1' as ExternalId;
    const { keep, keepRoots, rootAt } = shelfOf(() => hub.deps.store);
    await keepRoots(
      root(OLD, {
        [CHAT]: lane(link(THREAD.externalId)),
        [DESK]: lane(link(gone, { isBorrowed: true, mergedInto: gone })),
      }),
      root(YOUNG, { [CHAT]: lane(link('thread-2')), [DESK]: lane(link(gone, { dead: { atMs: 1 } })) }),
    );
    await keep(claimKey(ACME, CHAT, 'ticket', THREAD.externalId), { root: OLD, record: OLD });
    await keep(claimKey(ACME, DESK, 'ticket', gone), { root: YOUNG, record: YOUNG });
    Object.assign(hub.desk, isDeleted ? { isDeleted } : { present: {} });
    const error = new NotFoundError('it is deleted');
    hub.desk.answer = (change) =>
      change.kind === 'attachment' ? { outcome: 'refused', why: 'gone', error } : settled(change);

    await hub.hear(FILE);
    await hub.work(600_000);

    expect(hub.desk.written.filter(({ kind }) => kind === 'attachment')).toHaveLength(times);
    expect((await rootAt(OLD)).lanes[DESK]?.link.dead !== undefined).toBe(isDeleted);
    expect(await parkedOf(hub)).toHaveLength(isDeleted ? 0 : 1);
  });
});

describe('what is named by a copy that was deleted', () => {
  it.each([
    ['by its record', 'ada'],
    ['by one that was folded into its record', YOUNG],
  ])('goes without the name, and has it again once that copy is brought back: %s', async (_how, id) => {
    const { hub, answers, written } = hubThatMerges();
    const [ada, named] = ['ada' as RecordId, id as RecordId];
    const [contact, made] = ['contact-1', 'case-1'] as ExternalId[];
    const others = { [RIGHT]: lane(link('user-1')) };
    const records = [
      root(
        ada,
        { [LEFT]: lane(link(contact, { origin: 'ours', dead: { atMs: 1 } })), ...others },
        { kind: 'contact', fields: { name: 'Ada' } },
      ),
      root(YOUNG, {}, { kind: 'contact', foldedInto: ada }),
      root(OLD, { [LEFT]: lane(link(made, { needsRead: true })) }, { fields: { requester: named } }),
    ];
    for (const data of records)
      await hub.deps.store.commit([{ put: { ...rootKey(ACME, data.id), data }, expect: 0 }]);
    const claim = { ...claimKey(ACME, LEFT, 'contact', contact!), data: { root: ada, record: ada } };
    await hub.deps.store.commit([{ put: claim, expect: 0 }]);
    const known = { authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
    answers.set(made!, { state: 'present', observation: { ...caseSeen(made!), ...known } });
    const person = { kind: 'contact', externalId: contact!, fields: { name: 'Ada' } } as const;
    answers.set(contact!, { state: 'present', observation: { ...person, ...known } });
    const edit = { edit: 'fields', fields: { subject: 'lamp' } } as const;
    await hub.engine.edit({ organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: 'one', edit });
    await hub.work(60_000);
    const referred = async () =>
      (await hub.deps.store.get<Root>(rootKey(ACME, OLD).pk, 'root'))?.data.lanes[LEFT]?.referred;
    expect(await referred()).toEqual({ record: named, externalId: null });

    await hub.hear({ ...person, life: 'undeleted' }, LEFT);
    await hub.work(60_000);

    expect(await referred()).toEqual({ record: named, externalId: contact });
    expect(written.at(-1)).toMatchObject({ kind: 'ticket', fields: { requester: contact } });
  });
});
