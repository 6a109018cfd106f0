import type { ExternalId, Fields } from '../../../shared/domain/index.ts';
import type { Observation, Version } from '../../../shared/ports/index.ts';
import type { Profile } from './profile.ts';
import type { Snapshot, Vendor, VendorObject } from './vendor.ts';

export function versionOf(
  profile: Profile,
  snapshot: Snapshot,
  source: 'read' | 'event',
): Version | undefined {
  if (profile.versions === 'none') return undefined;
  const name = profile.eventVersions === 'same' ? 'any' : source;
  const value = profile.versions === 'counter' ? snapshot.version : snapshot.modifiedAtMs;
  return { source: name, value };
}

/** What a reader of the vendor's API sees of a snapshot. */
export function observationOf(
  { profile }: Vendor,
  object: VendorObject,
  snapshot: Snapshot,
  source: 'read' | 'event',
): Observation {
  const version = versionOf(profile, snapshot, source);
  return {
    kind: object.kind,
    externalId: object.id,
    ...(object.root === undefined ? {} : { rootExternalId: object.root }),
    ...(version === undefined ? {} : { version }),
    authorship: profile.hasAuthorship ? (snapshot.modifiedBy === 'hub' ? 'hub' : 'other') : 'unknown',
    atMs: snapshot.modifiedAtMs,
    ...(profile.hasFieldTimes ? { fieldTimesMs: snapshot.fieldTimesMs } : {}),
    fields: shownOf(profile, object, snapshot),
    isComplete: true,
    ...(object.marker === undefined ? {} : { marker: object.marker }),
    ...(object.visibility === undefined ? {} : { visibility: object.visibility }),
    ...(object.author === undefined ? {} : { author: object.author }),
    ...(object.parent === undefined ? {} : { parent: object.parent }),
    ...(object.kind === 'comment' ? { order: String(object.order).padStart(6, '0') } : {}),
    ...refersToOf(object, snapshot),
    ...initialOf(profile, object, snapshot),
  };
}

/** Where people belong to companies, that somebody belongs to none is told as well. */
const shownOf = ({ hasAccounts }: Profile, { kind }: VendorObject, { fields }: Snapshot): Fields =>
  kind === 'contact' && hasAccounts === true ? { account: null, ...fields } : fields;

/** A conversation, to who began it; a person, to the company they belong to. */
function refersToOf({ kind, contact }: VendorObject, { fields }: Snapshot): Pick<Observation, 'refersTo'> {
  const named = kind === 'contact' ? fields.account : contact;
  return typeof named === 'string' ? { refersTo: named as ExternalId } : {};
}

/** A channel has no subject: a conversation's is the first line of its first message. */
function initialOf(
  { role }: Profile,
  object: VendorObject,
  { fields }: Snapshot,
): Pick<Observation, 'initial'> {
  if (role !== 'channel' || object.kind !== 'ticket') return {};
  return { initial: { subject: String(fields.description).split('\n')[0]! } };
}
