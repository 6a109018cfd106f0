import type { ExternalId, OrganizationId, RecordId } from '../domain/ids.ts';
import type { Fields, RecordKind } from '../domain/record.ts';
import { rulesOf } from '../mapping/index.ts';
import type { RemoteChange } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import type { Store } from '../ports/store.ts';
import { type Desk, loadRoot } from './desk.ts';
import { creatingPk } from './keys.ts';
import { capabilityOf, documentOf, type Place } from './places.ts';
import type { Session } from './session.ts';
import type { Creating, Lane, Pending, Root } from './state.ts';
import { isEmpty, same } from './versions.ts';

/**
 * Where a vendor keeps no mark of ours, an unknown object may be one whose creation is under way. A root's
 * creation there is noted where every observation of the kind looks first; a child's stands on its root.
 */
export const isUnmarked = (place: Place, kind: RecordKind): boolean =>
  capabilityOf(place, kind)?.creation?.by === 'none';

const keyOf = (organization: OrganizationId, place: Place, kind: RecordKind, root: RecordId) => ({
  pk: creatingPk(organization, place.connection.id, kind),
  sk: root,
});

export async function noteCreating(
  session: Session,
  place: Place,
  kind: RecordKind,
  creating: Creating,
): Promise<void> {
  if (kind === 'comment' || !isUnmarked(place, kind)) return;
  const key = keyOf(place.connection.organization, place, kind, creating.root);
  await session.get(key);
  session.put(key, creating);
}

export async function forgetCreating(
  session: Session,
  place: Place,
  kind: RecordKind,
  root: RecordId,
): Promise<void> {
  if (kind === 'comment' || !isUnmarked(place, kind)) return;
  const key = keyOf(place.connection.organization, place, kind, root);
  await session.get(key);
  session.remove(key);
}

export async function creatingAt(store: Store, place: Place, kind: RecordKind): Promise<readonly Creating[]> {
  const items = await store.list<Creating>(
    creatingPk(place.connection.organization, place.connection.id, kind),
  );
  return items.map(({ data }) => data);
}

type Asked = Pick<Creating, 'fields' | 'mapping'>;

/** What else can be compared many objects have in common: a priority, whom they name. */
const OWN_WORDS: readonly string[] = ['subject', 'description', 'body', 'name', 'email', 'phone', 'website'];

/** It holds exactly what we asked to be created, in words of its own: nobody else's object would. */
export function isOurCreation(o: Observation, asked: Asked, place: Place): boolean {
  if (o.authorship === 'other' || !o.isComplete || o.needsRead === true) return false;
  const form = (field: string, value: Fields[string] | undefined) =>
    place.mapping.canonicalForm(o.kind, field, value ?? null);
  const fields = fieldsInBoth(o, asked, place);
  const isTelling = (field: string) => OWN_WORDS.includes(field) && !isEmpty(asked.fields[field]);
  return (
    fields.some(isTelling) &&
    fields.every((field) => same(form(field, o.fields[field]), form(field, asked.fields[field])))
  );
}

/** What both know by the same pair: the mapping may have changed since it was asked for. */
function fieldsInBoth(o: Observation, { fields, mapping = 0 }: Asked, place: Place): readonly string[] {
  const rules = rulesOf(documentOf(place), o.kind);
  if (rules.length === 0) return Object.keys(fields);
  const by = Math.min(mapping, o.mapping ?? 0);
  const known = new Set(rules.flatMap(({ field, since = 0 }) => (since <= by ? [field] : [])));
  return Object.keys(fields).filter((field) => known.has(field));
}

/** What was asked for, by the mapping that it was decided under. */
export const askedBy = ({ fields, mapping }: RemoteChange): Asked => ({
  fields: { ...fields },
  ...(mapping === undefined ? {} : { mapping }),
});

/** The creation of a comment that is under way in this lane. */
export function commentUnderWay(lane: Lane | undefined): Pending | undefined {
  const pending = lane?.pending;
  return pending?.change.kind === 'comment' && pending.change.operation === 'create' ? pending : undefined;
}

/** The child of this lane whose creation, under way or in doubt, made this object. */
function childCreatedAs(o: Observation, lane: Lane | undefined, place: Place): RecordId | undefined {
  const pending = commentUnderWay(lane);
  if (pending !== undefined && isOurCreation(o, pending.change, place)) return pending.record;
  const found = lane?.doubtful?.find((each) =>
    isOurCreation(each.wasMoved === true ? { ...o, authorship: 'unknown' } : o, each, place),
  );
  return found?.record;
}

/**
 * Those whose comments may stand at a root's copy there: its own, and of those that share it since a merge, or did so when
 * they asked for one of which nobody knows the fate.
 */
export async function speakersAt(
  session: Session,
  place: Place,
  root: Root | undefined,
): Promise<readonly Root[]> {
  const { organization, id } = place.connection;
  if (root === undefined || !isUnmarked(place, 'comment')) return [];
  const sharers = root.lanes[id]?.link.sharers ?? [];
  const found = await Promise.all(sharers.map((sharer) => loadRoot(session, organization, sharer)));
  const isSpeaker = (each: Root | undefined) =>
    each?.lanes[id] !== undefined && speaksElsewhere(each.lanes[id]);
  return [root, ...found.filter(isSpeaker)] as Root[];
}

function speaksElsewhere(lane: Lane): boolean {
  const { link, doubtful = [] } = lane;
  const asked = rootAskedIn(commentUnderWay(lane)?.change);
  const isOther = (root: ExternalId | undefined) => root !== undefined && root !== link.externalId;
  const isDoubtfulThere = doubtful.some(({ under, wasMoved }) => wasMoved === true || isOther(under));
  return link.isBorrowed === true || isOther(asked) || isDoubtfulThere;
}

/** Where a comment was to be made. */
export const rootAskedIn = (change: RemoteChange | undefined): ExternalId | undefined =>
  change?.kind === 'comment' && change.operation === 'create' ? change.rootExternalId : undefined;

/** Of each who speaks there, the comment whose creation, under way or in doubt, made this object. */
export const commentsCreatedAs = (
  o: Observation,
  speakers: readonly Root[],
  place: Place,
): readonly { readonly root: Root; readonly record: RecordId }[] =>
  speakers.flatMap((root) => {
    const record = childCreatedAs(o, root.lanes[place.connection.id], place);
    return record === undefined ? [] : [{ root, record }];
  });

/** The record whose creation at a vendor that keeps no mark, under way or in doubt, made this object. */
export async function createdAs(
  { deps }: Desk,
  session: Session,
  place: Place,
  o: Observation,
  root: Root | undefined,
): Promise<RecordId | undefined> {
  if (o.kind === 'comment')
    return commentsCreatedAs(o, await speakersAt(session, place, root), place)[0]?.record;
  if (!isUnmarked(place, o.kind)) return undefined;
  const creating = await creatingAt(deps.store, place, o.kind);
  return creating.find((each) => isOurCreation(o, each, place))?.root;
}
