import type { RecordId } from '../domain/ids.ts';
import type { Observation } from '../ports/mapping.ts';
import { conclude } from './conclude.ts';
import { shellFrom } from './creation.ts';
import { stage } from './desk.ts';
import { claimKey } from './keys.ts';
import type { NewClaim } from './observe.ts';
import { capabilityOf, type Place } from './places.ts';
import type { RequesterCopy } from './projection.ts';
import { newLane, type Surroundings, type Tree } from './scene.ts';
import { around, organizationOf, type Shift } from './shift.ts';
import type { Claim, Tombstone } from './state.ts';

/** The person an observation names, with what has to be made for a first meeting. */
export interface Contact {
  readonly requester?: RequesterCopy;
  readonly trees: readonly Tree[];
  readonly claims: readonly NewClaim[];
}

/** The contact an observation names: known by its claim, or made with one, to be read before it spreads. */
export function contactOf(
  o: Observation,
  known: RecordId | undefined,
  place: Place,
  surroundings: Surroundings,
): Contact {
  const externalId = o.contactExternalId;
  if (externalId === undefined || o.kind === 'contact') return { trees: [], claims: [] };
  if (known !== undefined) return { requester: { record: known, externalId }, trees: [], claims: [] };
  if (capabilityOf(place, 'contact') === undefined) return { trees: [], claims: [] };
  const tree = shellFrom({ kind: 'contact', externalId, atMs: o.atMs }, place, surroundings);
  const { id } = tree.root;
  return {
    requester: { record: id, externalId },
    trees: [tree],
    claims: [{ kind: 'contact', externalId, claim: { root: id, record: id } }],
  };
}

/** A conversation first met by a reply, or by its id alone, does not yet say who asked. */
export const lacksRequester = ({ root }: Tree, o: Observation): boolean =>
  o.kind === 'ticket' && o.contactExternalId !== undefined && root.fields.requester === undefined;

/** The requester's copy at this place, by which the raw field reads and writes. */
export function rememberRequester(
  tree: Tree,
  o: Observation,
  requester: RequesterCopy | undefined,
  place: Place,
): void {
  if (o.kind !== 'ticket' || requester === undefined) return;
  const lane = tree.root.lanes[place.connection.id] ?? newLane('theirs');
  tree.root.lanes[place.connection.id] = lane;
  lane.requester = requester;
  if (o.fields.requester === undefined && tree.root.fields.requester === undefined) {
    tree.root.fields.requester = requester.record;
  }
}

/** A read says who asked: what an event of the conversation itself would have said. */
export async function takeRequester(shift: Shift, o: Observation): Promise<void> {
  const { session, tree, place } = shift;
  if (!lacksRequester(tree, o)) return;
  const organization = organizationOf(shift);
  const key = claimKey(organization, place.connection.id, 'contact', o.contactExternalId!);
  const held = await session.get<Claim | Tombstone>(key);
  const known = held === undefined || 'dead' in held ? undefined : held.record;
  const contact = contactOf(o, known, place, around(shift));
  for (const { claim } of contact.claims) session.put(key, claim);
  for (const each of contact.trees) {
    shift.owed.push(await stage(session, conclude(each, organization, around(shift)), organization));
  }
  rememberRequester(tree, o, contact.requester, place);
}
