import type { ExternalId, RecordId, RecordKind } from '../../../shared/domain/index.ts';
import {
  ConflictError,
  NotFoundError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type {
  CopyRef,
  Cursor,
  Integration,
  Observation,
  Page,
  PublicChange,
  RemoteChange,
  RemoteState,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import { observationOf, versionOf } from './observation.ts';
import type { Snapshot, Vendor, VendorObject } from './vendor.ts';

const PAGE_SIZE = 5;

/** How much of the vendor one call gets to see. */
export interface Sight {
  /** Answers as the vendor stood this long ago. */
  readonly staleMs?: number;
  /** The hub's user has lost its permission: nothing is there. */
  readonly isBlind?: boolean;
}

export function readAt(vendor: Vendor, copy: CopyRef, nowMs: number, sight: Sight = {}): RemoteState {
  const object = sight.isBlind ? undefined : vendor.objects.get(copy.externalId);
  const snapshot = object && snapshotAt(object, nowMs - (sight.staleMs ?? 0));
  if (object === undefined || snapshot === undefined) return { state: 'absent' };
  if (snapshot.isDeleted)
    return vendor.profile.tellsDeleted ? endOf(vendor, object, snapshot) : { state: 'absent' };
  return { state: 'present', observation: observationOf(vendor, object, snapshot, 'read') };
}

function survivorIn({ merged }: Vendor, { id }: VendorObject): { readonly mergedInto?: ExternalId } {
  const mergedInto = merged.get(id);
  return mergedInto === undefined ? {} : { mergedInto };
}

function endOf(vendor: Vendor, object: VendorObject, snapshot: Snapshot): RemoteState {
  const { mergedInto } = survivorIn(vendor, object);
  if (mergedInto === undefined) return { state: 'deleted' };
  const version = versionOf(vendor.profile, snapshot, 'read');
  const mergedAt = { atMs: snapshot.modifiedAtMs, ...(version && { version }) };
  return { state: 'deleted', mergedInto, mergedAt };
}

function snapshotAt({ snapshots }: VendorObject, atMs: number): Snapshot | undefined {
  return snapshots.findLast((snapshot) => snapshot.atMs <= atMs);
}

export function findAt(
  vendor: Vendor,
  what: { readonly record: RecordId; readonly kind: RecordKind; readonly root: ExternalId | undefined },
  nowMs: number,
  sight: Sight = {},
): Observation | undefined {
  if (sight.isBlind) return undefined;
  const found = [...vendor.objects.values()].find(
    (object) =>
      object.kind === what.kind &&
      object.marker === what.record &&
      (what.root === undefined || object.root === what.root) &&
      object.createdAtMs + vendor.profile.searchLagMs <= nowMs &&
      vendor.isLive(object.id),
  );
  return found && observationOf(vendor, found, found.snapshots.at(-1)!, 'read');
}

export function matchAt(vendor: Vendor, email: unknown, sight: Sight = {}): Observation | undefined {
  if (sight.isBlind || typeof email !== 'string') return undefined;
  const wanted = email.toLowerCase();
  const found = vendor
    .live('contact')
    .find(({ id }) => String(vendor.now(id)?.fields.email).toLowerCase() === wanted);
  return found && observationOf(vendor, found, found.snapshots.at(-1)!, 'read');
}

/** Everything of a kind at or after the cursor's stamp, oldest first; a page is as the vendor stands when asked. */
export function pageAt(
  vendor: Vendor,
  kind: RecordKind,
  after: Cursor | undefined,
  sight: Sight & { readonly overlapMs: number; readonly nowMs: number },
): Page {
  const seen = sight.isBlind ? [] : changedSince(vendor, kind, after, sight);
  const page = seen.slice(0, PAGE_SIZE);
  const last = page.at(-1);
  const next = last === undefined ? (after ?? { stamp: '0', id: '' }) : cursorAt(last);
  return {
    observations: page.map(({ object, snapshot }) => ({
      ...observationOf(vendor, object, snapshot, 'read'),
      ...(snapshot.isDeleted ? { life: 'deleted' as const, ...survivorIn(vendor, object) } : {}),
    })),
    next,
    isLast: seen.length <= PAGE_SIZE,
  };
}

interface Changed {
  readonly object: VendorObject;
  readonly snapshot: Snapshot;
}

function changedSince(
  vendor: Vendor,
  kind: RecordKind,
  after: Cursor | undefined,
  { overlapMs, nowMs }: { readonly overlapMs: number; readonly nowMs: number },
): readonly Changed[] {
  const fromMs = after === undefined ? 0 : Number(after.stamp) - overlapMs;
  const id = overlapMs === 0 ? (after?.id ?? '') : '';
  return [...vendor.objects.values()]
    .filter((object) => object.kind === kind)
    .flatMap((object) => {
      const snapshot = snapshotAt(object, nowMs - commitLagOf(vendor, object));
      return snapshot === undefined ? [] : [{ object, snapshot }];
    })
    .filter(({ object, snapshot }) => {
      if (snapshot.modifiedAtMs !== fromMs) return snapshot.modifiedAtMs > fromMs;
      return object.id > id;
    })
    .sort(
      (a, b) => a.snapshot.modifiedAtMs - b.snapshot.modifiedAtMs || (a.object.id < b.object.id ? -1 : 1),
    );
}

/** Some transactions take longer than others: what they changed is seen later, under its earlier stamp. */
function commitLagOf({ profile }: Vendor, { order }: VendorObject): number {
  return profile.commitLagMs === 0 ? 0 : (order * 977) % profile.commitLagMs;
}

function cursorAt({ object, snapshot }: Changed): Cursor {
  return { stamp: String(snapshot.modifiedAtMs), id: object.id };
}

/** What a caller is told of a change that has landed, or could not. */
export function outcomeOf(vendor: Vendor, landed: ReturnType<Vendor['land']>): WriteOutcome {
  if (landed === 'conflict') {
    return { outcome: 'refused', why: 'conflict', error: new ConflictError('the base has moved on') };
  }
  if (landed === 'rejected') return refusal(landed);
  if (landed === 'gone')
    return { outcome: 'refused', why: 'gone', error: new NotFoundError('it is deleted') };
  const object = vendor.objects.get(landed.id)!;
  const snapshot = object.snapshots.at(-1)!;
  if (vendor.profile.answers === 'id' || snapshot.isDeleted)
    return { outcome: 'settled', externalId: landed.id };
  const observation = observationOf(vendor, object, snapshot, 'read');
  const { version } = observation;
  return {
    outcome: 'settled',
    externalId: landed.id,
    observation,
    ...(version === undefined ? {} : { version }),
  };
}

export type Failure = 'throttled' | 'unavailable' | 'rejected' | 'unauthorized';

export function errorOf(failure: Failure) {
  switch (failure) {
    case 'throttled':
      return new RateLimitedError('asked to stay away', { retryAfterMs: 2_000 });
    case 'unavailable':
      return new ProviderUnavailableError('nobody answers');
    case 'rejected':
      return new ProviderRejectedError('refused by a rule of the vendor', { vendorCode: 'VALIDATION' });
    case 'unauthorized':
      return new ReauthorizationRequiredError('the grant is dead');
  }
}

export function refusal(failure: Failure): WriteOutcome {
  return { outcome: 'refused', why: failure, error: errorOf(failure) };
}

export function uncertainty(): WriteOutcome {
  return { outcome: 'uncertain', error: new ProviderUnavailableError('no answer within the time allowed') };
}

/** A channel is told what a comment says in the comment alone. */
export const inFields = (change: RemoteChange | PublicChange): RemoteChange =>
  'fields' in change ? change : { ...change, fields: { body: change.comment.body } };

/** The vendor with nothing in between: no latency, no fault; what contract suites see. */
export function directIntegration(vendor: Vendor, now: () => number): Integration<RemoteChange> {
  const { profile } = vendor;
  return {
    check: async () => ({ state: 'healthy', account: vendor.id }),
    read: async (copy) => readAt(vendor, copy, now()),
    write: async (change) => outcomeOf(vendor, vendor.land(change)),
    find: async (record, kind, root) => findAt(vendor, { record, kind, root }, now()),
    match: async (_kind, fields) => matchAt(vendor, fields.email),
    ...(profile.polls
      ? {
          async *pull(kind: RecordKind, after: Cursor | undefined) {
            let cursor = after;
            for (let overlapMs = 10_000; ; overlapMs = 0) {
              const page = pageAt(vendor, kind, cursor, { overlapMs, nowMs: now() });
              yield page;
              cursor = page.next;
              if (page.isLast) return;
            }
          },
        }
      : {}),
  };
}
