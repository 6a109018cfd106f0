import { describe, expect, it } from 'vitest';
import type {
  ConnectionId,
  ExternalId,
  InboxId,
  OrganizationId,
  RecordId,
} from '../../../shared/domain/index.ts';
import * as keys from '../../../shared/sync/keys.ts';

const acme = 'acme' as OrganizationId;
const desk = 'desk' as ConnectionId;
const [root, child] = ['r1' as RecordId, 'r1.c1' as RecordId];
const inboxOf = () => keys.inboxKey(acme, desk, 'e1' as InboxId);

describe('keys of the state', () => {
  it.each([
    [() => keys.rootKey(acme, root), 'acme#root#r1 | root'],
    [() => keys.childKey(acme, root, child), 'acme#root#r1 | child#r1.c1'],
    [() => keys.attachedKey(acme, root, 'f1' as RecordId), 'acme#root#r1 | attached#f1'],
    [() => keys.lineKey(acme, root, { position: '1~', id: child }), 'acme#root#r1 | line#317e#r1.c1'],
    [() => keys.historyKey(acme, root, 7), 'acme#root#r1 | history#000000007'],
    [() => keys.effectKey(acme, root, 'p1'), 'acme#root#r1 | effect#p1'],
    [() => keys.claimKey(acme, desk, 'ticket', '500' as ExternalId), 'acme#claim#desk#ticket#500 | claim'],
    [() => ({ pk: keys.creatingPk(acme, desk, 'ticket'), sk: 'r1' }), 'acme#creating#desk#ticket | r1'],
    [inboxOf, 'acme#inbox#desk#e1 | row'],
    [() => keys.bodyKey(inboxOf(), 3), 'acme#inbox#desk#e1 | body#0003'],
    [() => keys.parkedKey(acme, 'p1'), 'acme#parked#p1 | parked'],
    [() => keys.replayKey(acme, 'y1'), 'acme#replay#y1 | replay'],
    [() => keys.replayingKey(acme), 'acme#replaying | replaying'],
    [() => keys.unauditedKey(acme, 1_000, 'a1'), 'acme#unaudited | 000000000001000#a1'],
    [() => keys.editKey(acme, 'k1'), 'acme#edit#k1 | edit'],
  ])('stay what they are, for what is stored under them stays: %#', (keyOf, key) => {
    const { pk, sk } = keyOf();

    expect(`${pk} | ${sk}`).toBe(key);
  });

  it.each([
    [() => keys.recordList(acme, 'ticket'), 'acme#tickets'],
    [() => keys.parkedList(acme), 'acme#parked'],
    [() => keys.replayList(acme), 'acme#replays'],
    [() => keys.effectList(acme, desk), 'acme#effects#desk'],
    [() => keys.inboxList(acme, desk), 'acme#inbox#desk'],
    [() => keys.contentKey(acme, 'f1' as RecordId, 't1'), 'acme/f1/t1'],
  ])('and so do names of lists and files: %#', (nameOf, stored) => {
    expect(nameOf()).toBe(stored);
  });

  it('put revisions, parts and times in order', () => {
    const sorted = (...sks: { readonly sk: string }[]) => {
      const names = sks.map(({ sk }) => sk);
      return expect(names.toSorted()).toEqual(names);
    };

    sorted(keys.historyKey(acme, root, 9), keys.historyKey(acme, root, 10));
    sorted(keys.bodyKey(inboxOf(), 9), keys.bodyKey(inboxOf(), 10));
    sorted(keys.unauditedKey(acme, 999, 'b'), keys.unauditedKey(acme, 1_000, 'a'));
  });

  it('tell where customers’ texts stand as they are: in records, and in creations under way', () => {
    expect([keys.rootPk(acme, root), keys.creatingPk(acme, desk, 'ticket')].map(keys.holdsTexts)).toEqual([
      true,
      true,
    ]);
    expect([inboxOf().pk, keys.parkedKey(acme, 'p1').pk].map(keys.holdsTexts)).toEqual([false, false]);
  });
});
