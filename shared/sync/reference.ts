import { type MappedKind, referenceOf, referredKind } from '../domain/record.ts';
import type { Observation } from '../ports/mapping.ts';
import { shellFrom } from './creation.ts';
import type { NewClaim } from './observe.ts';
import { capabilityOf, type Place } from './places.ts';
import type { Named, ReferredCopy } from './projection.ts';
import { actorOf, type Scene, type Surroundings, type Tree } from './scene.ts';
import { wantRead } from './want-read.ts';

/** What an observation refers to, with what has to be made for a first meeting. */
export interface Referred {
  readonly referred?: ReferredCopy;
  readonly trees: readonly Tree[];
  readonly claims: readonly NewClaim[];
}

/** The record an observation refers to: known by its claim, or made with one, to be read before it spreads. */
export function referredBy(
  { kind: from, refersTo: externalId, atMs }: Observation,
  known: Named | undefined,
  place: Place,
  surroundings: Surroundings,
): Referred {
  const kind = referredKind(from);
  if (kind === undefined || externalId === undefined) return { trees: [], claims: [] };
  if (known !== undefined) return { referred: { ...known, externalId }, trees: [], claims: [] };
  if (capabilityOf(place, kind) === undefined) return { trees: [], claims: [] };
  const tree = shellFrom({ kind, externalId, atMs }, place, surroundings);
  const { id } = tree.root;
  return {
    referred: { record: id, externalId },
    trees: [tree],
    claims: [{ kind, externalId, claim: { root: id, record: id } }],
  };
}

/** A conversation first met by a reply, or by its id alone, does not yet say who asked. */
export function lacksReference({ root }: Tree, { kind, refersTo }: Observation): boolean {
  const reference = referenceOf(kind);
  return reference !== undefined && refersTo !== undefined && root.fields[reference.field] === undefined;
}

/** The copy at this place of what is referred to, by which the raw field reads and writes. */
export function rememberReferred(
  tree: Tree,
  o: Observation,
  referred: ReferredCopy | undefined,
  place: Place,
): void {
  const reference = referenceOf(o.kind);
  if (reference === undefined || referred === undefined) return;
  tree.root.lanes[place.connection.id]!.referred = referred;
  const { fields } = tree.root;
  if (o.fields[reference.field] === undefined && fields[reference.field] === undefined) {
    fields[reference.field] = referred.record;
    const when = { fromMs: o.atMs, toMs: o.atMs };
    tree.root.provenance[reference.field] = { ...when, source: place.connection.id, actor: actorOf(place) };
  }
}

/** That an object refers to something new here is for a read to take in, which makes that known first. */
export function withoutUnknown(scene: Scene, o: Observation): Observation {
  const reference = referenceOf(o.kind);
  if (reference === undefined || !refersToUnknown(scene, o, reference.kind)) return o;
  wantRead(scene.link);
  const { [reference.field]: _unknown, ...fields } = o.fields;
  return { ...o, fields, isComplete: false };
}

function refersToUnknown({ referred, place }: Scene, { refersTo }: Observation, kind: MappedKind): boolean {
  if (refersTo === undefined || refersTo === referred?.externalId) return false;
  return capabilityOf(place, kind) !== undefined;
}
