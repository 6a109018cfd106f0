import { describe, expect, it } from 'vitest';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import type { Pending } from '../../../shared/sync/state.ts';
import { ACME, LEFT } from './hub.ts';
import { doubt, inDoubt, shown } from './in-doubt.ts';
import { rootsOf, survivorOf, threadWithCase } from './merging.ts';
import { seenTicket } from './scenes.ts';
import { version } from './seen.ts';

const REMOVAL = { ...doubt, change: { ...doubt.change, operation: 'delete', fields: {} } } as Pending;

/** Found dead as the fate of a request was looked for, and taken out of the bin since: what a look shows then is lost. */
function lostAfter(priority: string, pending = doubt) {
  const scene = inDoubt({}, pending);
  settleByRead(scene, pending, { state: 'deleted' });
  const back = { atMs: 200_000, version: version(8) } as const;
  observeCopy(scene, seenTicket({ ...back, life: 'undeleted', fields: {}, isComplete: false }));

  takeRead(scene, shown(priority, back));

  expect(scene.link).not.toHaveProperty('unjudged');
  return scene.tree.losses.map(({ lost, policy }) => ({ lost, policy }));
}

describe('a request of unknown fate whose copy went into the bin', () => {
  it('may have landed before what it would have replaced was put back: that is kept once the copy is out again', () => {
    expect(lostAfter('low')).toEqual([{ lost: 'low', policy: 'doubt' }]);
  });

  it('has replaced nothing where its value stands', () => {
    expect(lostAfter('high')).toEqual([]);
  });

  it('is nothing to judge where it was to delete the copy', () => {
    expect(lostAfter('low', REMOVAL)).toEqual([]);
  });

  it.each<[string, Pending, boolean]>([
    ['an update that nothing told of', doubt, true],
    ['a deletion', REMOVAL, false],
    ['an update whose own event told when it landed', { ...doubt, toldAs: { atMs: 55_000 } }, false],
  ])('is kept to be judged or not: %s', (_what, pending, isKept) => {
    const scene = inDoubt({}, pending);

    settleByRead(scene, pending, { state: 'deleted' });

    expect(scene.link.unjudged).toEqual(isKept ? pending : undefined);
  });
});

it('a request of unknown fate whose copy was merged into another record’s is judged once that is out of the bin', async () => {
  const { hub, answers, root, made, writes } = await threadWithCase();
  const survivor = await survivorOf(hub, 'of another thread’s');
  writes.answer = () => ({ outcome: 'uncertain', error: new ProviderUnavailableError('no answer') });
  const edit = { edit: 'fields', fields: { priority: 'urgent' } } as const;
  await hub.engine.edit({
    organization: ACME,
    root: root.id,
    actor: 'user:1',
    idempotencyKey: 'key-1',
    edit,
  });
  await hub.work();
  answers.set(made, { state: 'deleted', mergedInto: survivor });

  await hub.work(600_000);

  const after = (await rootsOf(hub)).find(({ id }) => id === root.id);
  const unjudged = { change: { operation: 'update' } };
  expect(after?.lanes[LEFT]?.link).toMatchObject({ isBorrowed: true, binned: { unjudged } });
});
