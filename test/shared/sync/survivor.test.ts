import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { RemoteChange, RemoteState } from '../../../shared/ports/index.ts';
import { policyOf, type Root, type Rules } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, edited, hubOver, LEFT, parkedOf, RIGHT, type Site, settled } from './hub.ts';

const SURVIVOR = 'survivor' as ExternalId;
const THREAD = 'thread-1' as ExternalId;

/** A desk that merges, beside a channel; what reads answer is the test's to say, writes are taken as they are. */
function hubThatMerges(rules: Partial<Rules> = {}) {
  const answers = new Map<string, RemoteState>();
  const written: RemoteChange[] = [];
  const port: Site['port'] = {
    read: async ({ externalId }) => answers.get(externalId) ?? { state: 'absent' },
    write: async (change) => {
      written.push(change);
      return settled(change);
    },
  };
  const desk: Site = { profile: { ...SALESFORCE_LIKE, merges: true }, port };
  const chat: Site = { profile: SLACK_LIKE, port };
  return { hub: hubOver({ [LEFT]: desk, [RIGHT]: chat }, rules), answers, written };
}

const caseSeen = (externalId: ExternalId, more: object = {}) => ({ ...CASE, externalId, ...more });

const standing = (atMs: number): RemoteState => ({
  state: 'present',
  observation: { ...caseSeen(SURVIVOR), authorship: 'other', atMs, isComplete: true },
});

async function rootsOf({ deps }: ReturnType<typeof hubThatMerges>['hub']): Promise<readonly Root[]> {
  const { items } = await deps.store.page<Root>(`${ACME}#tickets`, { limit: 10 });
  return items.map(({ data }) => data);
}

/** The customer's thread, which became a case; nothing else of the desk's is known yet. */
async function threadWithCase(rules: Partial<Rules> = {}) {
  const world = hubThatMerges(rules);
  const { hub, answers } = world;
  const thread = { kind: 'ticket', externalId: THREAD, fields: { description: 'it burns' } } as const;
  const seen = { ...thread, authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
  answers.set(THREAD, { state: 'present', observation: seen });
  await hub.hear(seen, RIGHT);
  await hub.work();
  const [root] = await rootsOf(hub);
  return { ...world, root: root!, made: root!.lanes[LEFT]!.link.externalId! };
}

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

  it('becomes one record with the survivor’s where no other system holds both', async () => {
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

  it('is not brought back by a late event of the one that is gone', async () => {
    const { hub, answers, made } = await threadWithCase();
    await hub.hear(caseSeen(SURVIVOR));
    answers.set(SURVIVOR, standing(hub.clock.now()));
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);
    const before = (await rootsOf(hub)).length;

    await hub.hear({ ...caseSeen(made), atMs: hub.clock.now() - 3_600_000 });
    await hub.work();

    expect(await rootsOf(hub)).toHaveLength(before);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('is believed deleted where the read names no survivor', async () => {
    const { hub, answers, made } = await threadWithCase();
    answers.set(made, { state: 'deleted' });

    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work(60_000);

    expect((await rootsOf(hub))[0]?.lanes[LEFT]?.link.dead).toBeDefined();
  });
});
