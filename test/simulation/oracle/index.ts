import type { World } from '../world.ts';
import { acknowledgedIsDone } from './acknowledged.ts';
import { believesWhatIs } from './agree.ts';
import { announcementsOnce } from './announcements.ts';
import { converge } from './converge.ts';
import { oneEffect } from './effects.ts';
import { failuresHaveCauses } from './failures.ts';
import { type Breach, type Family, familiesOf, isMistaken } from './families.ts';
import { everythingAccountedFor, everythingPublished } from './ledger.ts';
import { noSilentLoss } from './loss.ts';
import { oneCopy } from './once.ts';
import { inOrder } from './order.ts';
import { parkedForCause } from './parked.ts';
import { everywhere, saysWho } from './places.ts';
import {
  deletionsSpread,
  notesStayInside,
  onlyPeopleDelete,
  organizationsApart,
  publicIsPublic,
} from './walls.ts';

export type { Breach } from './families.ts';

const ORACLES: readonly ((world: World, families: readonly Family[]) => readonly Breach[])[] = [
  converge,
  everywhere,
  saysWho,
  believesWhatIs,
  parkedForCause,
  oneEffect,
  noSilentLoss,
  oneCopy,
  everythingAccountedFor,
  everythingPublished,
  inOrder,
  notesStayInside,
  publicIsPublic,
  acknowledgedIsDone,
  failuresHaveCauses,
  announcementsOnce,
  organizationsApart,
  onlyPeopleDelete,
  deletionsSpread,
];

/** Everything that does not hold once a history has come to rest. */
export function judge(world: World): readonly Breach[] {
  const all = familiesOf(world);
  const families = all.filter((family) => !isMistaken(world, family));
  if (families.length < all.length) world.injector.count('named-gap:unmarked', all.length - families.length);
  return ORACLES.flatMap((oracle) => oracle(world, families));
}
