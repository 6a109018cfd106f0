import {
  type Comment,
  type Fields,
  type RecordId,
  type RecordKind,
  referenceOf,
  type Visibility,
} from '../../../shared/domain/index.ts';
import type {
  CopyRef,
  KindCapability,
  Manifest,
  Mapping,
  Observation,
  Projectable,
  RemoteChange,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import type { IntegrationHarness, VendorWorld } from '../integration.ts';
import type { Sample } from './samples.ts';

export type PlainKind = Exclude<RecordKind, 'attachment'>;

/** One kind of one integration, under test. */
export interface Subject {
  readonly manifest: Manifest;
  readonly mapping: Mapping;
  readonly harness: IntegrationHarness;
  readonly kind: PlainKind;
  readonly capability: KindCapability;
  readonly samples: Sample;
}

export interface Rule {
  readonly title: string;
  readonly holds: (world: VendorWorld) => Promise<void>;
}

export const RECORD = '01JRECORD0000000000000001' as RecordId;
export const OTHER_RECORD = '01JRECORD0000000000000002' as RecordId;

/** The root a comment of the suite hangs on: a person's own, which every vendor has. */
export async function rootFor(
  { kind, harness, manifest }: Subject,
  world: VendorWorld,
): Promise<CopyRef | undefined> {
  if (kind !== 'comment') return undefined;
  const fields = harness.samples?.ticket?.first ?? { subject: 'A lamp is broken', description: 'It is dark' };
  const known = Object.keys(manifest.kinds.ticket?.fields ?? {});
  return world.person.creates({
    kind: 'ticket',
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => known.includes(name))),
  });
}

export async function personalCopy(
  subject: Subject,
  world: VendorWorld,
  options: { visibility?: Visibility } = {},
): Promise<CopyRef> {
  const root = await rootFor(subject, world);
  const { kind, samples } = subject;
  const visibility = options.visibility ?? 'public';
  return world.person.creates({
    kind,
    fields: samples.first,
    ...(root === undefined ? {} : { root, visibility }),
  });
}

/** In canonical words or in the vendor's own, by the fields given. */
export function commentOf(fields: Fields, visibility: Visibility): Comment {
  return { visibility, body: String(fields.body), author: { role: 'agent', name: 'Ada' } };
}

export function projectable(
  { kind }: Subject,
  fields: Fields,
  options: { visibility?: Visibility; copy?: 'ours' | 'theirs'; record?: RecordId } = {},
): Projectable {
  const { visibility = 'public', copy = 'ours', record = RECORD } = options;
  return {
    id: record,
    kind,
    fields,
    copy,
    ...(kind === 'comment' ? { comment: commentOf(fields, visibility) } : {}),
    ...(referenceOf(kind) === undefined ? {} : { referredExternalId: null }),
  };
}

/** The hub's creation of the first sample, ready to be sent (and sent again). */
export async function creationOf(
  subject: Subject,
  world: VendorWorld,
  options: { visibility?: Visibility; record?: RecordId; root?: CopyRef } = {},
): Promise<RemoteChange> {
  const { kind, samples, mapping } = subject;
  const { record = RECORD, visibility = 'public' } = options;
  const fields = mapping.project(projectable(subject, samples.first, { visibility, record }), world.context);
  if (fields === undefined) throw new Error(`${kind} of the suite has no place there`);
  if (kind !== 'comment') return { record, kind, operation: 'create', fields };
  const root = options.root ?? (await rootFor(subject, world));
  const comment = commentOf(fields, visibility);
  return { record, kind, operation: 'create', fields, rootExternalId: root!.externalId, comment };
}

export type Settled = Extract<WriteOutcome, { outcome: 'settled' }>;

export async function written(world: VendorWorld, change: RemoteChange): Promise<Settled> {
  const outcome = await world.integration.write!(change);
  if (outcome.outcome !== 'settled') {
    throw new Error(`expected a settled write, saw ${outcome.outcome}: ${outcome.error.message}`, {
      cause: outcome.error,
    });
  }
  return outcome;
}

export function refTo(change: RemoteChange, settled: Settled): CopyRef {
  const root = 'rootExternalId' in change ? change.rootExternalId : undefined;
  return {
    kind: change.kind,
    externalId: settled.externalId,
    ...(root === undefined ? {} : { rootExternalId: root }),
  };
}

export async function present(world: VendorWorld, copy: CopyRef): Promise<Observation> {
  const remote = await world.integration.read!(copy);
  if (remote.state !== 'present') throw new Error(`expected a copy that is present, saw ${remote.state}`);
  return remote.observation;
}

/** Raw values as the vendor takes them to be: what it trims, cuts or normalises is the same to it. */
export function canonical({ mapping, kind }: Subject, raw: Fields, only: Fields = raw): Fields {
  const names = Object.keys(only).filter((name) => name in raw);
  return Object.fromEntries(names.map((name) => [name, mapping.canonicalForm(kind, name, raw[name]!)]));
}

/** Of two sets of canonical values, the names both have: events may say less, or more, than was changed. */
export function inBoth(fields: Fields, other: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in other));
}
