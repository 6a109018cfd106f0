import { expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import type { Request } from '../truth.ts';
import { unmerge } from '../vendor/bin.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { oneEffect } from './effects.ts';
import type { Family } from './families.ts';

/** A case that is merged away at one vendor and taken out of the bin so often, and how often its status is written at another. */
function judged({ merges, writes }: { readonly merges: number; readonly writes: number }) {
  const merging = { profile: { ...SALESFORCE_LIKE, merges: true as const } };
  const world = quietWorld([merging, { profile: SALESFORCE_LIKE }]);
  const [site, target] = world.sites;
  const { vendor, organization } = site!;
  const ticket = (text: string) => ({ kind: 'ticket', fields: { description: text }, by: 'hub' }) as const;
  const loser = vendor.create(ticket('#1# it burns'));
  const survivor = vendor.create(ticket('#2# the house'));
  for (let nth = 0; nth < merges; nth += 1) {
    vendor.merge(loser.id, survivor.id, {});
    unmerge(vendor, loser.id);
  }
  const object = target!.vendor.create(ticket('#1# it burns'));
  for (let nth = 0; nth < writes; nth += 1) {
    target!.vendor.change(object.id, { status: nth % 2 === 0 ? 'closed' : 'new' }, 'hub');
    const request = { record: 'r', fields: ['status'], isTaken: true } as unknown as Request;
    world.chronicle.requests.set(`1 ${target!.vendor.deeds.length - 1}`, request);
  }

  const back = { site: site!, object: loser, isLive: true };
  const copies = [back, { site: target!, object, isLive: true }];
  const merged = { marks: new Set([1]), gone: [], ownGone: [], back: [back] };
  const notes = { journal: [], records: new Set(['r']), link: () => undefined };
  const family = { organization, kind: 'ticket', mark: 1, copies, notes, merged } as unknown as Family;
  return oneEffect(world, [family]);
}

it('oneEffect: each merge closes the ticket, and each return opens it again', () => {
  expect(judged({ merges: 1, writes: 3 })).toEqual([]);
  expect(judged({ merges: 2, writes: 4 })).toEqual([]);
  expect(judged({ merges: 1, writes: 4 })).toMatchObject([{ invariant: 2 }, { invariant: 2 }]);
  expect(judged({ merges: 2, writes: 7 })).toMatchObject([{ invariant: 2 }, { invariant: 2 }]);
});
