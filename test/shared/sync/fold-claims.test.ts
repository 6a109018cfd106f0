import { expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { childKey, claimKey, type Key, rootKey } from '../../../shared/sync/keys.ts';
import type { Child, Claim, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import {
  fold,
  foldTickets,
  lane,
  link,
  note,
  OBJECT,
  OLD,
  OLD_NOTE,
  root,
  YOUNG,
  YOUNG_NOTE,
} from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT } from './hub.ts';
import { shelfOf } from './shelf.ts';

it('fold: a comment gives with each of its copies the claim on it, so that whoever edits one is heard by the older', async () => {
  const site = { profile: SALESFORCE_LIKE, port: {} };
  const { deps } = hubOver({ [LEFT]: site, [RIGHT]: site });
  const claim = claimKey(ACME, LEFT, 'comment', 'note-1' as ExternalId);
  const claimed: Claim = { root: YOUNG, record: YOUNG_NOTE };
  const copies = { [LEFT]: link('note-1'), [RIGHT]: link(OBJECT) };
  const items: [Key, object][] = [
    [rootKey(ACME, OLD), root(OLD, { [RIGHT]: lane(link('case-1')) })],
    [rootKey(ACME, YOUNG), root(YOUNG, { [RIGHT]: lane(link('case-2')) })],
    [childKey(ACME, OLD, OLD_NOTE), note(OLD_NOTE, OLD, { [RIGHT]: link(undefined) })],
    [childKey(ACME, YOUNG, YOUNG_NOTE), note(YOUNG_NOTE, YOUNG, copies)],
    [claimKey(ACME, RIGHT, 'comment', OBJECT), claimed],
    [claim, claimed],
  ];
  await deps.store.commit(items.map(([key, data]) => ({ put: { ...key, data }, expect: 0 })));

  await fold(deps, { kind: 'comment', externalId: OBJECT }, { younger: claimed, olderId: OLD_NOTE });

  const { kept } = shelfOf(() => deps.store);
  expect(await kept(claim)).toEqual({ root: OLD, record: OLD_NOTE });
  expect((await kept<Child>(childKey(ACME, OLD, OLD_NOTE)))?.links[LEFT]).toMatchObject({
    externalId: 'note-1',
    needsRead: true,
  });
});

it('fold: what a ticket shares with another is shared by the older, and that one’s claim stays', async () => {
  const site = { profile: SALESFORCE_LIKE, port: {} };
  const { deps } = hubOver({ [LEFT]: site, [RIGHT]: site });
  const claim = claimKey(ACME, LEFT, 'ticket', 'case-1' as ExternalId);
  const owner: Claim = { root: 'owner' as RecordId, record: 'owner' as RecordId };
  const lanes = { [RIGHT]: lane(link(OBJECT)), [LEFT]: lane(link('case-1', { isBorrowed: true })) };
  const items: [Key, object][] = [
    [rootKey(ACME, OLD), root(OLD, { [RIGHT]: lane(link('case-2')) })],
    [rootKey(ACME, YOUNG), root(YOUNG, lanes)],
    [claim, owner],
  ];
  await deps.store.commit(items.map(([key, data]) => ({ put: { ...key, data }, expect: 0 })));

  await foldTickets(deps);

  const { kept } = shelfOf(() => deps.store);
  expect((await kept<Root>(rootKey(ACME, OLD)))?.lanes[LEFT]?.link).toMatchObject({ isBorrowed: true });
  expect(await kept(claim)).toEqual(owner);
});
