import { expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import type { Request } from '../truth.ts';
import { type Profile, SLACK_LIKE } from '../vendor/profile.ts';
import { announcementsOnce } from './announcements.ts';
import { familiesOf } from './grouped.ts';

interface Told {
  /** What was said in the thread, by which record's request. */
  readonly said: readonly (readonly [record: string, words: string])[];
  /** Records of which people were asked what became of them, and of those whom they are asked about still. */
  readonly doubted: readonly string[];
  readonly parked: readonly string[];
  readonly commentCreation?: Profile['commentCreation'];
}

/** A ticket that was new, then closed, then new again: each of which is told by a record of its own. */
async function judged({ said, doubted, parked, commentCreation = 'none' }: Told) {
  const world = quietWorld([{ profile: { ...SLACK_LIKE, commentCreation } }]);
  const [site] = world.sites;
  const { vendor, connection, organization } = site!;
  const { chronicle, scheduler, store } = world;
  const thread = { kind: 'ticket', fields: { description: '#1# it burns' } } as const;
  const { id: root } = vendor.create({ ...thread, by: 'person' });
  for (const [record, words] of said) {
    vendor.create({ kind: 'comment', root, fields: { body: `Status changed to ${words}` }, by: 'hub' });
    chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, { record } as unknown as Request);
  }
  for (const record of doubted) chronicle.doubted.set(`${connection} ${record}`, scheduler.clock.now());

  const pk = `${organization}#root#r`;
  const lanes = { [connection]: { link: { externalId: root } } };
  const record = { id: 'r', kind: 'ticket', fields: thread.fields, lanes };
  const told = (id: string, to: string) => ({
    changes: [
      { record: 'r', kind: 'ticket', what: 'updated', fields: { status: { from: null, to } } },
      { record: id, kind: 'comment', what: 'created', source: 'hub', fields: {} },
    ],
    losses: [],
  });
  const statuses = [
    ['r.1', 'new'],
    ['r.2', 'closed'],
    ['r.3', 'new'],
  ] as const;
  const links = (id: string) => ({ [connection]: parked.includes(id) ? { parked: {} } : {} });
  const child = (id: string, body: string) => ({
    id,
    kind: 'comment',
    root: 'r',
    fields: { body },
    links: links(id),
  });
  const items = [
    { pk, sk: 'root', data: record },
    ...statuses.map(([id, status], at) => ({ pk, sk: `history#${at + 1}`, data: told(id, status) })),
    ...statuses.map(([id, status]) => ({
      pk,
      sk: `child#${id}`,
      data: child(id, `Status changed to ${status}`),
    })),
  ];
  await store.commit(items.map((put) => ({ put, expect: 0 })));
  return announcementsOnce(world, familiesOf(world));
}

const SECOND_OF_TWO = [
  ['r.2', 'closed'],
  ['r.3', 'new'],
] as const;

it('announcementsOnce: each status is told, or set aside', async () => {
  const all = [['r.1', 'new'], ...SECOND_OF_TWO] as const;
  const missing = [{ invariant: 1, what: 'ticket #1# at v0: status new was announced as undefined' }];
  expect(await judged({ said: all, doubted: [], parked: [] })).toEqual([]);
  expect(await judged({ said: SECOND_OF_TWO, doubted: ['r.1'], parked: ['r.1'] })).toEqual([]);
  expect(await judged({ said: SECOND_OF_TWO, doubted: [], parked: [] })).toEqual(missing);
});

it('announcementsOnce: of two in the same words whose requests were never answered, either may be set aside for the other', async () => {
  const [first, second] = [['r.1'], ['r.1', 'r.3']];
  const isMissing = [{ invariant: 1 }];
  expect(await judged({ said: SECOND_OF_TWO, doubted: second, parked: ['r.3'] })).toEqual([]);
  expect(await judged({ said: SECOND_OF_TWO, doubted: second, parked: [] })).toMatchObject(isMissing);
  expect(await judged({ said: SECOND_OF_TWO, doubted: first, parked: ['r.3'] })).toMatchObject(isMissing);
  const marked = { said: SECOND_OF_TWO, doubted: second, parked: ['r.3'], commentCreation: 'find' } as const;
  expect(await judged(marked)).toMatchObject(isMissing);
});

it('announcementsOnce: one that is set aside stands for one other, in the same words', async () => {
  const first = [['r.1', 'new']] as const;
  expect(await judged({ said: first, doubted: ['r.1', 'r.2'], parked: ['r.1'] })).toHaveLength(2);
  expect(await judged({ said: [], doubted: ['r.1', 'r.3'], parked: ['r.2', 'r.3'] })).toHaveLength(1);
});
