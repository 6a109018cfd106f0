import { describe, expect, it } from 'vitest';
import type { ExternalId, Fields } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { policyOf, type Root } from '../../../shared/sync/index.ts';
import { ACME, CASE, edited, LEFT, parkedOf, RIGHT } from './hub.ts';
import {
  ADA,
  caseSeen,
  hubThatMerges,
  rootsOf,
  SURVIVOR,
  standing,
  THREAD,
  threadWithCase,
  UNMADE,
} from './merging.ts';

describe('an object merged into another at its vendor', () => {
  it('gives its record to the survivor that nobody knew', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const [after] = await rootsOf(hub);
    expect(after).toMatchObject({ id: root.id, lanes: { [LEFT]: { link: { externalId: SURVIVOR } } } });
    expect(after?.deleted).toBeUndefined();
    expect(after?.lanes[LEFT]?.link.dead).toBeUndefined();
  });

  it.each(['unknown', 'known'])(
    'leaves no question about the copy that is gone: a survivor %s to the hub',
    async (who) => {
      const { hub, answers, made } = await threadWithCase({ policyFor: () => policyOf({ use: 'ask' }) });
      await edited(hub, { subject: 'ours' });
      await hub.hear(
        caseSeen(made, {
          version: { source: 'any', value: 9 },
          fields: { ...CASE.fields, subject: 'theirs' },
        }),
      );
      expect((await parkedOf(hub)).map(({ cause }) => cause)).toContain('asked');
      if (who === 'known') await hub.hear(caseSeen(SURVIVOR));
      answers.set(SURVIVOR, standing(hub.clock.now()));
      answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });

      await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
      await hub.work(60_000);

      const questions = (await rootsOf(hub)).flatMap(({ lanes }) =>
        Object.values(lanes).flatMap(({ link }) => Object.values(link.asked ?? {}).map(({ id }) => id)),
      );
      expect((await parkedOf(hub)).map(({ id }) => id).toSorted()).toEqual(questions.toSorted());
    },
  );

  it('becomes one record with the survivor’s where no other system may hold both', async () => {
    const { hub, answers, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR, { fields: { ...CASE.fields, subject: 'the same fire' } }));
    await hub.work();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const living = (await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined);
    expect(living).toHaveLength(1);
    expect(living[0]).toMatchObject({
      fields: { subject: 'the same fire' },
      lanes: { [LEFT]: { link: { externalId: SURVIVOR } }, [RIGHT]: { link: { externalId: THREAD } } },
    });
  });

  it('becomes one record with it, however much was said in either', async () => {
    const { hub, answers, written, made } = await threadWithCase();
    const note = {
      kind: 'comment',
      rootExternalId: THREAD,
      visibility: 'public',
      authorship: 'other',
    } as const;
    for (let at = 1; at <= 120; at += 1) {
      const told = { ...note, externalId: `note-${at}` as ExternalId, fields: { body: `note ${at}` } };
      await hub.hear({ ...told, atMs: hub.clock.now(), isComplete: true }, RIGHT);
      hub.clock.advance(10);
    }
    await hub.work();
    await hub.hear(caseSeen(SURVIVOR));
    await hub.work();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    written.length = 0;

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const living = (await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined);
    expect(living).toMatchObject([{ lanes: { [LEFT]: { link: { externalId: SURVIVOR } } } }]);
    expect(living[0]).not.toHaveProperty('givers');
    const [pk, comments] = [`${ACME}#root#${living[0]?.id}`, hub.deps.store.items()];
    expect(comments.filter((item) => item.pk === pk && item.sk.startsWith('child#'))).toHaveLength(120);
    expect(written.filter(({ kind }) => kind === 'comment')).toEqual([]);
    expect(await parkedOf(hub)).toEqual([]);

    const said = { ...note, externalId: 'one-more' as ExternalId, fields: { body: 'one more' } };
    await hub.hear({ ...said, atMs: hub.clock.now(), isComplete: true }, RIGHT);
    await hub.work(60_000);
    expect(written.filter(({ kind }) => kind === 'comment')).toMatchObject([
      { fields: { body: 'one more' }, rootExternalId: SURVIVOR },
    ]);
  });

  it('is looked at again while a look shows the life before its end', async () => {
    const { hub, answers, made } = await threadWithCase();
    const [before, after] = [1, 2].map((value) => ({ source: 'read', value }));
    const observation = caseSeen(made, { version: before }) as never;
    answers.set(made, { state: 'present', observation });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    await hub.hear(caseSeen(made, { version: after, life: 'deleted', fields: {} }));
    await hub.work();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });

    await hub.work(60_000);

    expect((await rootsOf(hub))[0]?.lanes[LEFT]?.link.externalId).toBe(SURVIVOR);
  });

  it('waits for what is under way elsewhere on either of the two: its answer is for the record that asked', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    await hub.work();
    const survivors = (await rootsOf(hub)).find(({ id }) => id !== root.id)!;
    const key = `${ACME}#root#${survivors.id}`;
    const item = (await hub.deps.store.get<Root>(key, 'root'))!;
    const settleAtMs = hub.clock.now() + 30_000;
    const pending = { id: 'p', record: survivors.id, change: { operation: 'create' }, settleAtMs } as never;
    const lanes = { ...item.data.lanes, [RIGHT]: { ...item.data.lanes[LEFT]!, link: UNMADE, pending } };
    await hub.deps.store.commit([
      { put: { pk: key, sk: 'root', data: { ...item.data, lanes } }, expect: item.version },
    ]);
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work();

    expect((await hub.deps.store.get<Root>(key, 'root'))?.data.lanes[RIGHT]?.pending).toEqual(pending);
    expect((await rootsOf(hub)).every(({ foldedInto }) => foldedInto === undefined)).toBe(true);
  });

  it('waits for nothing where nobody knows the survivor: no record is folded', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    const { pk, sk } = { pk: `${ACME}#root#${root.id}`, sk: 'root' };
    const item = (await hub.deps.store.get<Root>(pk, sk))!;
    const pending = { id: 'p', record: root.id, change: { operation: 'update' }, settleAtMs: 1 } as never;
    const parked = { id: 'x', cause: 'unauthorized', reason: 'no grant', fault: 'organization' } as never;
    const lanes = { ...item.data.lanes, [RIGHT]: { ...item.data.lanes[RIGHT]!, pending, parked } };
    await hub.deps.store.commit([{ put: { pk, sk, data: { ...item.data, lanes } }, expect: item.version }]);
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work();

    expect((await hub.deps.store.get<Root>(pk, sk))?.data.lanes).toMatchObject({
      [LEFT]: { link: { externalId: SURVIVOR } },
      [RIGHT]: { pending, parked },
    });
  });

  it('looks ever more seldom while nobody may tell what became of it, and goes by none of a connection that is gone', async () => {
    const { hub, answers, root, made, reads } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    await hub.work();
    const key = `${ACME}#root#${(await rootsOf(hub)).find(({ id }) => id !== root.id)?.id}`;
    const leaveDoubt = async (at: string) => {
      const item = (await hub.deps.store.get<Root>(key, 'root'))!;
      const { [RIGHT]: _, ...lanes } = item.data.lanes;
      const parked = {
        id: 'x',
        cause: 'unauthorized',
        reason: 'the grant is gone',
        fault: 'organization',
        atMs: 1,
      };
      const settleAtMs = hub.clock.now();
      const pending = { id: 'p', record: item.data.id, change: { operation: 'create' }, settleAtMs };
      const lane = { link: UNMADE, want: 1, reached: 0, attempts: 0, behind: [], parked, pending };
      const data = { ...item.data, lanes: { ...lanes, [at]: lane } };
      await hub.deps.store.commit([{ put: { pk: key, sk: 'root', data }, expect: item.version }]);
    };
    await leaveDoubt(RIGHT);
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));
    reads.length = 0;

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    const looks: number[] = [];
    for (const forMs of [600_000, 3_000_000]) {
      await hub.work(forMs);
      looks.push(reads.filter((id) => id === made).length);
    }
    await leaveDoubt('conn_removed');
    await hub.work(900_000);

    // At once, after one minute, two, four and eight; then each quarter of an hour.
    expect(looks).toEqual([5, 8]);
    expect((await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined)).toHaveLength(1);
  });

  it('gives its requester to a survivor that names none', async () => {
    const { hub, answers, made } = await threadWithCase({}, { refersTo: ADA });
    await hub.hear(caseSeen(SURVIVOR));
    await hub.work();
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const living = (await rootsOf(hub)).filter(({ foldedInto }) => foldedInto === undefined);
    expect(living).toHaveLength(1);
    expect(living[0]?.fields.requester).toEqual(expect.any(String));
  });

  it('leaves a contact to the company that its survivor names, be it none, and to what else that says', async () => {
    const { hub, answers } = hubThatMerges({}, { hasAccounts: true });
    const seen = (fields: Fields, more: object = {}): Observation => {
      const [kind, externalId] = ['contact', 'person-1' as ExternalId] as const;
      const told = { kind, externalId, fields, authorship: 'other', isComplete: true } as const;
      return { ...told, atMs: hub.clock.now(), ...more };
    };
    const [firm, email] = ['firm-1' as ExternalId, 'ada@example.com'];
    await hub.hear(seen({ name: 'Acme' }, { kind: 'account', externalId: firm }));
    await hub.hear(seen({ name: 'Ada', email, account: firm }, { refersTo: firm }));
    await hub.work();
    const survivor = seen({ name: 'Ada L.', email, account: null }, { externalId: SURVIVOR });
    answers.set('person-1', { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, { state: 'present', observation: survivor });

    await hub.hear(seen({}, { life: 'deleted' }));
    await hub.work(60_000);

    const { items } = await hub.deps.store.page<Root>(`${ACME}#contacts`, { limit: 10 });
    expect(items.map(({ data }) => data.lanes[LEFT]?.link.externalId)).toEqual([SURVIVOR]);
    expect(items[0]?.data.fields).toEqual({ name: 'Ada L.', email, account: null });
  });

  it('is believed deleted where the read names no survivor', async () => {
    const { hub, answers, made } = await threadWithCase();
    answers.set(made, { state: 'deleted' });

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    expect((await rootsOf(hub))[0]?.lanes[LEFT]?.link.dead).toBeDefined();
  });
});

describe('two records whose objects were merged, of which another system may hold both', () => {
  it.each(['survivor', 'loser'])('stay two where the %s’s creation there is in doubt', async (who) => {
    const { hub, answers, root, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    await hub.work();
    const other = (await rootsOf(hub)).find(({ id }) => id !== root.id)!;
    const [doubtful, sure] = who === 'survivor' ? [other, root] : [root, other];
    const give = async ({ id }: Root, link: object) => {
      const item = (await hub.deps.store.get<Root>(`${ACME}#root#${id}`, 'root'))!;
      const lane = { link: { ...UNMADE, ...link }, want: 1, reached: 1, attempts: 0, behind: [] };
      const data = { ...item.data, lanes: { ...item.data.lanes, [RIGHT]: lane } };
      await hub.deps.store.commit([
        { put: { pk: item.pk, sk: 'root', data, due: item.due! }, expect: item.version },
      ]);
    };
    await give(sure, { externalId: THREAD });
    await give(doubtful, { creations: [{ description: 'it burns' }] });
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    answers.set(SURVIVOR, standing(hub.clock.now()));

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    const [lost, kept] = [root, other].map(({ id }) => `${ACME}#root#${id}`);
    const lanesOf = async (pk = '') => (await hub.deps.store.get<Root>(pk, 'root'))?.data.lanes;
    expect(await lanesOf(lost)).toMatchObject({ [LEFT]: { link: { isBorrowed: true } } });
    expect(await lanesOf(kept)).toMatchObject({ [LEFT]: { link: { externalId: SURVIVOR } } });
  });
});
