import { describe, expect, it } from 'vitest';
import type { DeletionPolicies } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { familiesOf } from './grouped.ts';
import { deletionsSpread } from './walls.ts';

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
