import { describe, expect, it } from 'vitest';
import type { InboxId, RecordId } from '../../../shared/domain/index.ts';
import { folded, lane, link, OBJECT, OLD_NOTE, YOUNG, YOUNG_NOTE } from './fold-scene.ts';

const asked = (record: RecordId) => ({ record, fields: { body: record } });

describe('fold: a comment', () => {
  it.each([
    ['moved to the older’s copy', 'case-1', { wasMoved: true }],
    ['where it was', undefined, {}],
  ])('of unknown fate stays in doubt: its object may turn up, %s', async (_, own, moved) => {
    const older = lane(link(own), { doubtful: [asked(OLD_NOTE)] });

    const { after } = await folded(older, lane(link(OBJECT), { doubtful: [asked(YOUNG_NOTE)] }));

    expect(after.doubtful).toEqual([asked(OLD_NOTE), { ...asked(YOUNG_NOTE), ...moved }]);
  });

  it.each([['case-1'], [undefined]])(
    'out of sight is looked for again, whether the older has a copy (%s) or not',
    async (own) => {
      const older = lane(link(own), { drains: [{ record: OLD_NOTE, atMs: 5 }] });
      const missed = [YOUNG, YOUNG_NOTE].map((record) => ({ record, atMs: 7 }));

      const { after } = await folded(older, lane(link(OBJECT), { drains: missed }));

      expect(after.drains).toEqual([
        { record: OLD_NOTE, atMs: 5 },
        { record: YOUNG_NOTE, atMs: 7 },
      ]);
    },
  );

  it('out of sight finds no room where two hundred are looked for already', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ record: `old.${at}` as RecordId, atMs: 5 }));
    const younger = lane(link(OBJECT), { drains: [{ record: YOUNG_NOTE, atMs: 7 }] });

    const { after } = await folded(lane(link('case-1'), { drains: many }), younger);

    expect(after.drains).toEqual(many);
  });
});

describe('fold: events that wait for a creation of the younger', () => {
  const row = (inbox: string) => ({ inbox: inbox as InboxId, group: 'case-1', lane: 'changes' }) as const;

  it.each([['case-1'], [undefined]])(
    'stand behind those of the older, whether that has a copy (%s) or not',
    async (own) => {
      const older = lane(link(own), { waiting: [row('first')] });

      const { after } = await folded(older, lane(link(OBJECT), { waiting: [row('second'), row('third')] }));

      expect(after.waiting?.map(({ inbox }) => inbox)).toEqual(['first', 'second', 'third']);
    },
  );

  it('find no room where two hundred stand already', async () => {
    const many = Array.from({ length: 200 }, (_, at) => row(`old.${at}`));

    const { after } = await folded(
      lane(link('case-1'), { waiting: many }),
      lane(link(OBJECT), { waiting: [row('second')] }),
    );

    expect(after.waiting).toHaveLength(200);
  });
});
