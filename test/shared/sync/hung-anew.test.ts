import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { CHAT, DESK, FILE, filesHub, THREAD } from './files.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, parkedOf } from './hub.ts';
import { shelfOf } from './shelf.ts';

const [OWN, SHARED] = ['case-1', 'case-2'] as [ExternalId, ExternalId];

it.each<[string, Partial<Root>, (ExternalId | undefined)[]]>([
  ['on the copy that its ticket has by then', {}, [OWN]],
  ['on nothing while that is dead', { deleted: { atMs: 1, source: 'hub' } }, []],
])('a file that was refused hangs, once it is sent again, %s', async (_where, standing, expected) => {
  const hub = filesHub();
  const { keep, keepRoots } = shelfOf(() => hub.deps.store);
  const shared = link(SHARED, { isBorrowed: true, mergedInto: SHARED });
  await keepRoots(root(OLD, { [CHAT]: lane(link(THREAD.externalId)), [DESK]: lane(shared) }));
  await keep(claimKey(ACME, CHAT, 'ticket', THREAD.externalId), { root: OLD, record: OLD });
  const take = hub.desk.answer;
  const error = new ProviderRejectedError('no files today', { vendorCode: 'NO' });
  hub.desk.answer = () => ({ outcome: 'refused', why: 'rejected', error });
  await hub.hear(FILE);
  await hub.work(60_000);
  const parked = (await parkedOf(hub)).find(({ kind }) => kind === 'attachment');
  hub.desk.written.length = 0;
  hub.desk.answer = take;

  const { pk, sk } = rootKey(ACME, OLD);
  const { data, version } = (await hub.deps.store.get<Root>(pk, sk))!;
  const back = { ...data, lanes: { ...data.lanes, [DESK]: lane(link(OWN)) }, ...standing };
  await hub.deps.store.commit([{ put: { pk, sk, data: back }, expect: version }]);
  await hub.engine.replay(ACME, parked!.id, 'user:ops');
  await hub.work(60_000);

  const files = hub.desk.written.flatMap((change) => ('parent' in change ? [change.parent.externalId] : []));
  expect(files).toEqual(expected);
});
