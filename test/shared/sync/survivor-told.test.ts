import { describe, expect, it } from 'vitest';
import { policyOf } from '../../../shared/sync/index.ts';
import type { History } from '../../../shared/sync/state.ts';
import { CASE, edited, LEFT, parkedOf } from './hub.ts';
import {
  ADA,
  caseSeen,
  rootsOf,
  SURVIVOR,
  SURVIVORS,
  standing,
  survivorOf,
  threadWithCase,
} from './merging.ts';

describe('what is told of a survivor that nobody has looked at yet', () => {
  it('takes no requester away, though its vendor tells since when it names none', async () => {
    const { hub, answers, made } = await threadWithCase({}, { refersTo: ADA });
    answers.set(made, { state: 'deleted', mergedInto: SURVIVOR });
    await hub.hear({ ...caseSeen(made), life: 'deleted', fields: {} });
    await hub.work();
    hub.clock.advance(60_000);
    const createdAtMs = hub.clock.now();
    const { fields } = caseSeen(SURVIVOR);

    const fieldTimesMs = Object.fromEntries(Object.keys(fields).map((field) => [field, createdAtMs]));
    await hub.hear({ ...caseSeen(SURVIVOR), fieldTimesMs });
    answers.set(SURVIVOR, standing(createdAtMs));
    await hub.engine.sweep();
    await hub.work(60_000);

    const [root, ...others] = await rootsOf(hub);
    expect(others).toEqual([]);
    expect(root).toMatchObject({
      fields: { subject: 'printer', requester: expect.any(String) },
      lanes: { [LEFT]: { link: { externalId: SURVIVOR } } },
    });
  });
});

describe('what was told of an object that was merged away before anybody looked', () => {
  it.each(SURVIVORS)('is judged for all that: a survivor %s', async (whose) => {
    const { hub, answers, root, made } = await threadWithCase();
    const survivor = await survivorOf(hub, whose);
    hub.clock.advance(60_000);
    const edit = { fields: { ...CASE.fields, subject: 'the cellar, too' }, version: undefined };
    await hub.hear(caseSeen(made, edit));
    expect((await rootsOf(hub)).find(({ id }) => id === root.id)?.lanes[LEFT]?.link.heard).toHaveLength(1);
    hub.clock.advance(60_000);
    answers.set(made, { state: 'deleted', mergedInto: survivor });
    answers.set(survivor, standing(hub.clock.now()));

    await hub.work(60_000);

    const items = hub.deps.store.items().filter(({ sk }) => sk.startsWith('history#'));
    const changes = items.flatMap(({ data }) => (data as History).changes);
    const subject = { from: 'it burns', to: 'the cellar, too' };
    expect(changes).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ subject }), source: LEFT }),
    );
  });

  it('is in the journal, too, where the merge has closed its ticket in the same breath', async () => {
    const { hub, answers, root, made } = await threadWithCase();
    const survivor = await survivorOf(hub, 'of another thread’s');
    hub.clock.advance(60_000);
    await hub.hear(caseSeen(made, { fields: { ...CASE.fields, status: 'S4' }, version: undefined }));
    hub.clock.advance(60_000);
    answers.set(made, { state: 'deleted', mergedInto: survivor });
    answers.set(survivor, standing(hub.clock.now()));

    await hub.work(60_000);

    const items = hub.deps.store
      .items()
      .filter(({ pk, sk }) => pk.endsWith(root.id) && sk.startsWith('history#'));
    const statuses = items.flatMap(({ data }) =>
      (data as History).changes.flatMap(({ fields }) => (fields.status === undefined ? [] : [fields.status])),
    );
    expect(statuses).toEqual([
      { from: 'new', to: 'solved' },
      { from: 'solved', to: 'closed' },
    ]);
  });

  it.each(SURVIVORS)(
    'asks nobody about the copy that is gone, where people decide: a survivor %s',
    async (whose) => {
      const { hub, answers, made } = await threadWithCase({
        policyFor: () => policyOf({ use: 'ask' }),
      });
      const survivor = await survivorOf(hub, whose);
      hub.clock.advance(60_000);
      await edited(hub, { subject: 'the attic' });
      await hub.hear(
        caseSeen(made, { fields: { ...CASE.fields, subject: 'the cellar, too' }, version: undefined }),
      );
      hub.clock.advance(60_000);
      answers.set(made, { state: 'deleted', mergedInto: survivor });
      answers.set(survivor, standing(hub.clock.now()));

      await hub.work(60_000);

      const roots = await rootsOf(hub);
      expect(roots.map(({ lanes }) => lanes[LEFT]?.link.externalId)).toContain(survivor);
      const asked = roots.flatMap(({ lanes }) =>
        Object.values(lanes).flatMap((lane) => Object.values(lane.link.asked ?? {}).map(({ id }) => id)),
      );
      expect((await parkedOf(hub)).map(({ id }) => id).toSorted()).toEqual(asked.toSorted());
    },
  );
});
