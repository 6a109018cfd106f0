import { describe, expect, it } from 'vitest';
import { LEFT } from './hub.ts';
import { ADA, caseSeen, rootsOf, SURVIVOR, standing, threadWithCase } from './merging.ts';

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
