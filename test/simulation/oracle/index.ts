import type { World } from '../world.ts';
import { converge } from './converge.ts';
import { type Breach, type Family, familiesOf } from './families.ts';
import { everythingAccountedFor, everythingPublished } from './ledger.ts';
import { noSilentLoss } from './loss.ts';
import { oneCopy, oneEffect } from './once.ts';
import { inOrder } from './order.ts';
import { deletionsSpread, notesStayInside, onlyPeopleDelete, organizationsApart } from './walls.ts';

export type { Breach } from './families.ts';

const ORACLES: readonly ((world: World, families: readonly Family[]) => readonly Breach[])[] = [
  converge,
  oneEffect,
  noSilentLoss,
  oneCopy,
  everythingAccountedFor,
  everythingPublished,
  inOrder,
  notesStayInside,
  organizationsApart,
  onlyPeopleDelete,
  deletionsSpread,
];

/** Everything that does not hold once a history has come to rest. */
export function judge(world: World): readonly Breach[] {
  const families = familiesOf(world);
  return ORACLES.flatMap((oracle) => oracle(world, families));
}
