import { expect, it } from 'vitest';
import type { Request } from '../truth.ts';
import type { Family } from './families.ts';
import { mergingWorld } from './merging-world.ts';
import { oneCopy } from './once.ts';

/** A comment the hub has made, deleted by a person at 2 s and back at 4 s, and another made for it that landed at 6 s. */
function judged(second: Pick<Request, 'askedAtMs' | 'isLate'>, isSaid = true) {
  const world = mergingWorld();
  const [site] = world.sites;
  const { vendor, organization } = site!;
  const { clock } = world.scheduler;
  const startMs = clock.now();
  const at = (ms: number) => clock.advanceTo(startMs + ms);
  const make = (asked: Pick<Request, 'askedAtMs' | 'isLate'>) => {
    const object = vendor.create({ kind: 'comment', fields: { body: '#1# said' }, by: 'hub' });
    const askedAtMs = startMs + asked.askedAtMs;
    const request = { ...asked, askedAtMs, record: 'r' } as unknown as Request;
    world.chronicle.requests.set(`0 ${vendor.deeds.length - 1}`, request);
    return object;
  };
  const first = make({ askedAtMs: 0, isLate: false });
  at(2_000);
  vendor.setLife(first.id, 'deleted', 'person');
  at(4_000);
  vendor.setLife(first.id, 'undeleted', 'person');
  at(6_000);
  const copies = [first, make(second)].map((object) => ({ site: site!, object, isLive: true }));
  const notes = { root: { lanes: {} }, link: () => (isSaid ? { parked: {} } : {}) };
  const family = { organization, kind: 'comment', mark: 1, copies, notes } as unknown as Family;
  return oneCopy(world, [family]);
}

it('oneCopy: what was asked for while the other was dead may land beside it once it is back, if the hub says so', () => {
  expect(judged({ askedAtMs: 3_000, isLate: true })).toEqual([]);
  expect(judged({ askedAtMs: 3_000, isLate: true }, false)).toMatchObject([{ invariant: 4 }]);
});

it.each([
  ['before it died', { askedAtMs: 1_000, isLate: true }],
  ['after it was back', { askedAtMs: 5_000, isLate: true }],
  ['after it was back, and in time', { askedAtMs: 5_900, isLate: false }],
])('oneCopy: nothing is asked for beside a copy that lives, %s', (_when, second) => {
  expect(judged(second)).toMatchObject([{ invariant: 4 }]);
});
