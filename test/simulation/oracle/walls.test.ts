import { describe, expect, it } from 'vitest';
import type { DeletionPolicies } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { deletionsSpread, onlyPeopleDelete } from './walls.ts';

/** A comment of a person's, and the copy the hub made of it. */
function commentAt(deletions: readonly [DeletionPolicies, DeletionPolicies]) {
  const world = quietWorld(deletions.map((each) => ({ profile: SALESFORCE_LIKE, deletions: each })));
  const [own, copy] = world.sites.map(({ vendor }, at) => {
    const by = at === 0 ? 'person' : 'hub';
    const { id: root } = vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by });
    const { id } = vendor.create({ kind: 'comment', root, fields: { body: '#2# said' }, by });
    return (life: 'deleted' | 'undeleted', hand: 'person' | 'hub') => vendor.setLife(id, life, hand);
  });
  const wait = () => world.scheduler.runUntil(world.scheduler.clock.now() + 1_000);
  return { wait, own: own!, copy: copy!, breaches: () => deletionsSpread(world, familiesOf(world)) };
}

describe('deletionsSpread: what a person deleted is gone', () => {
  it('misses the deletion of a copy that lives on', () => {
    const { own, breaches } = commentAt([{}, {}]);
    own('deleted', 'person');
    expect(breaches()).toEqual([{ invariant: 1, what: 'comment #2# was deleted and lives on at v1' }]);
  });

  it('asks for no deletion elsewhere where a connection’s deletions mean nothing', () => {
    const { own, breaches } = commentAt([{ comment: 'ignore' }, {}]);
    own('deleted', 'person');
    expect(breaches()).toEqual([]);
  });

  it.each([{}, { comment: 'ignore' }] as const)('leaves a copy brought back since: %j', async (there) => {
    const { own, copy, wait, breaches } = commentAt([{}, there]);
    own('deleted', 'person');
    copy('deleted', 'hub');
    await wait();
    copy('undeleted', 'person');
    expect(breaches()).toEqual([]);
  });

  it('misses it also in a copy that had been brought back before, without a meaning elsewhere', async () => {
    const { own, copy, wait, breaches } = commentAt([{}, { comment: 'ignore' }]);
    copy('deleted', 'person');
    copy('undeleted', 'person');
    await wait();
    own('deleted', 'person');
    expect(breaches()).toHaveLength(1);
  });
});

describe('onlyPeopleDelete: what the hub deletes a person had', () => {
  /** A person deletes a comment, brings it back and deletes it; what the hub notes of it since comes all at once. */
  async function deletedBy(noted: readonly ('deleted' | 'restored')[]) {
    const world = quietWorld([{ profile: SALESFORCE_LIKE }, { profile: SALESFORCE_LIKE }]);
    const { sites, store, chronicle, scheduler } = world;
    const [own, copy] = sites.map(({ vendor }, at) => {
      const by = at === 0 ? 'person' : 'hub';
      const { id: root } = vendor.create({ kind: 'ticket', fields: { description: '#1# x' }, by });
      const { id } = vendor.create({ kind: 'comment', root, fields: { body: '#2# said' }, by });
      return (life: 'deleted' | 'undeleted', hand: 'person' | 'hub') => vendor.setLife(id, life, hand);
    });
    for (const life of ['deleted', 'undeleted', 'deleted'] as const) {
      own!(life, 'person');
      await scheduler.runUntil(scheduler.clock.now() + 1_000);
    }
    const pk = 'org0#root#r';
    const changes = noted.map((what) => ({
      record: 'r.1',
      kind: 'comment',
      what,
      fields: {},
      source: 'conn0',
    }));
    const items = [
      { pk, sk: 'root', data: { id: 'r', kind: 'ticket', fields: { description: '#1# x' }, lanes: {} } },
      { pk, sk: 'child#r.1', data: { id: 'r.1', kind: 'comment', fields: { body: '#2# said' }, links: {} } },
      ...changes.map((each, at) => ({ pk, sk: `history#${at}`, data: { changes: [each], losses: [] } })),
    ];
    await store.commit(items.map((put) => ({ put, expect: 0 })));
    for (const at of noted.keys()) chronicle.committedAtMs.set(`${pk} history#${at}`, scheduler.clock.now());
    copy!('deleted', 'hub');
    return onlyPeopleDelete(world, familiesOf(world)).map(({ what }) => what);
  }

  it('is so where its return from an earlier death is noted late, and then its death', async () => {
    expect(await deletedBy(['restored', 'deleted'])).toEqual([]);
    expect(await deletedBy([])).toEqual([]);
  });

  it('is not so where the hub knows it to be back', async () => {
    expect(await deletedBy(['restored'])).toEqual([
      'comment #2# at v1 was deleted: nobody had deleted it before',
    ]);
  });
});
