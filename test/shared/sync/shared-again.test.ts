import { expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Moment, Root } from '../../../shared/sync/state.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, LEFT, RIGHT } from './hub.ts';
import { caseSeen, hubThatMerges } from './merging.ts';

const [ADA, BO] = ['ada', 'bo'] as RecordId[];
const SHARED = 'contact-1' as ExternalId;
const USER = 'user-1' as ExternalId;
const CASE_1 = 'case-1' as ExternalId;
const seen = { authorship: 'other', isComplete: true } as const;

/** A ticket names a customer whose copy is another's since a merge, and is in the bin: that look is asked for. */
async function customerInBin(owner: { readonly dead?: Moment; readonly revived?: Moment }) {
  const world = hubThatMerges();
  const { hub, answers } = world;
  const person = { kind: 'contact', fields: { name: 'Ada' } } as const;
  const shared = link(SHARED, { isBorrowed: true, mergedInto: SHARED, needsRead: true });
  const deleted = owner.dead === undefined ? {} : { deleted: { atMs: 1, source: LEFT } };
  const roots = [
    root(ADA!, { [LEFT]: lane(shared), [RIGHT]: lane(link(USER)) }, person),
    root(BO!, { [LEFT]: lane(link(SHARED, owner)) }, { ...person, ...deleted }),
    root(OLD, { [LEFT]: lane(link(CASE_1)) }, { fields: { requester: ADA! } }),
  ];
  const puts = [
    ...roots.map((data) => ({ ...rootKey(ACME, data.id), data })),
    { ...claimKey(ACME, LEFT, 'contact', SHARED), data: { root: BO, record: BO } },
    { ...claimKey(ACME, RIGHT, 'contact', USER), data: { root: ADA, record: ADA } },
  ];
  for (const put of puts) await hub.deps.store.commit([{ put, expect: 0 }]);
  answers.set(SHARED, { state: 'deleted' });
  answers.set(CASE_1, { state: 'present', observation: { ...seen, ...caseSeen(CASE_1), atMs: 1 } });
  /** With that, their copy at the desk is looked at, as was asked. */
  const says = (name: string) => hub.hear({ kind: 'contact', externalId: USER, fields: { name } }, RIGHT);
  const named = async () => (await rootOf(OLD))?.lanes[LEFT]?.referred?.externalId;
  const rootOf = async (id: RecordId) => (await hub.deps.store.get<Root>(rootKey(ACME, id).pk, 'root'))?.data;
  const edit = (subject: string) =>
    hub.engine.edit({
      ...{ organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: subject },
      edit: { edit: 'fields', fields: { subject } },
    });
  const standsAgain = () =>
    answers.set(SHARED, {
      state: 'present',
      observation: { ...seen, ...person, externalId: SHARED, atMs: hub.clock.now() },
    });
  return { ...world, says, edit, named, rootOf, standsAgain };
}

it('what is another record’s copy, and was in the bin, is named again once its owner has heard that it is back', async () => {
  const { hub, says, edit, named, rootOf, standsAgain } = await customerInBin({ dead: { atMs: 1 } });
  await says('Ada L.');
  await edit('lamp');
  await hub.work(60_000);
  expect(await named()).toBeNull();

  standsAgain();
  await hub.hear({ kind: 'contact', externalId: SHARED, life: 'undeleted', fields: { name: 'Ada' } });
  await hub.work(60_000);

  expect(await named()).toBe(SHARED);
  expect((await rootOf(ADA!))?.lanes[LEFT]?.link).not.toHaveProperty('dead');
});

it('is looked at anew where its owner has heard so already, for the look may have shown what was before it', async () => {
  const { hub, says, reads, rootOf } = await customerInBin({ revived: { atMs: 5 } });

  await says('Ada L.');
  await hub.work(3_600_000);

  const link = (await rootOf(ADA!))?.lanes[LEFT]?.link;
  expect(link).toMatchObject({ dead: {}, revived: { atMs: 5 } });
  expect(reads.filter((id) => id === SHARED)).toHaveLength(5);
});
