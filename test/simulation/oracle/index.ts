import type { World } from '../world.ts';
import { acknowledgedIsDone } from './acknowledged.ts';
import { believesWhatIs } from './agree.ts';
import { announcementsOnce } from './announcements.ts';
import { nothingIsNoProof } from './backfilled.ts';
import { converge } from './converge.ts';
import { customersApart } from './conversations.ts';
import { oneEffect } from './effects.ts';
import { saysForWhom } from './employed.ts';
import { failuresHaveCauses } from './failures.ts';
import { nobodyStarves } from './fairness.ts';
import { type Breach, type Family, withoutMistaken } from './families.ts';
import { filesFollow } from './files.ts';
import { familiesOf } from './grouped.ts';
import { everythingAccountedFor, everythingPublished } from './ledger.ts';
import { limitsHold } from './limits.ts';
import { noSilentLoss } from './loss.ts';
import { mergesFollow } from './merged.ts';
import { oneCopy } from './once.ts';
import { inOrder } from './order.ts';
import { parkedForCause } from './parked.ts';
import { everywhere, saysWho } from './places.ts';
import { mappingReached, remapsEditNothing } from './remapped.ts';
import { replaysEnd } from './replays.ts';
import { nothingIsShortened } from './shortened.ts';
import { connectionsKept } from './tokens.ts';
import {
  deletionsSpread,
  notesStayInside,
  onlyPeopleDelete,
  organizationsApart,
  publicIsPublic,
} from './walls.ts';
import { oneAtWork } from './work.ts';

export type { Breach } from './families.ts';

type Oracle = (world: World, families: readonly Family[]) => readonly Breach[];

/** What no gap excuses. */
const WALLS: readonly Oracle[] = [
  oneAtWork,
  everythingAccountedFor,
  everythingPublished,
  parkedForCause,
  failuresHaveCauses,
  notesStayInside,
  organizationsApart,
  onlyPeopleDelete,
  nobodyStarves,
  limitsHold,
  nothingIsNoProof,
  replaysEnd,
  connectionsKept,
];

/** Invariants 1 to 4 and 6, of every copy but those a named gap has cut off. */
const ORACLES: readonly Oracle[] = [
  converge,
  everywhere,
  saysWho,
  saysForWhom,
  believesWhatIs,
  oneEffect,
  noSilentLoss,
  oneCopy,
  inOrder,
  publicIsPublic,
  acknowledgedIsDone,
  announcementsOnce,
  deletionsSpread,
  mappingReached,
  remapsEditNothing,
  nothingIsShortened,
  mergesFollow,
];

/** Everything that does not hold once a history has come to rest. */
export function judge(world: World): readonly Breach[] {
  const all = familiesOf(world);
  const bound = all.map((family) => withoutMistaken(world, family));
  const mistaken = bound.filter((family, at) => family.copies.length < all[at]!.copies.length).length;
  if (mistaken > 0) world.injector.count('named-gap:unmarked', mistaken);
  const families = bound.filter(({ copies }) => copies.length > 0);
  const isSaid = ({ kind }: Family) => kind !== 'attachment';
  return [
    ...WALLS.flatMap((oracle) => oracle(world, all.filter(isSaid))),
    ...ORACLES.flatMap((oracle) => oracle(world, families.filter(isSaid))),
    ...customersApart(world, all),
    ...filesFollow(world, families),
  ];
}
