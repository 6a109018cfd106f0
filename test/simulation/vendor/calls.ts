import { arrivalOf } from '../../../shared/connections/index.ts';
import type { ExternalId, RecordKind } from '../../../shared/domain/index.ts';
import type {
  CopyRef,
  Cursor,
  Integration,
  Observation,
  PublicChange,
  RemoteChange,
  RemoteState,
  Together,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import { gapActs, personActs } from '../actors.ts';
import type { Injector } from '../faults.ts';
import type { Invocation } from '../invocation.ts';
import type { FaultName } from '../plan.ts';
import type { Site } from '../truth.ts';
import { connectionOf, isUnder, type World } from '../world.ts';
import { noteAsked } from './asked-at-once.ts';
import { callTimes, refuseRead, sinceConnected } from './conditions.ts';
import { exportsOf } from './exports.ts';
import {
  type Failure,
  findAt,
  inFields,
  matchAt,
  outcomeOf,
  pageAt,
  readAt,
  refusal,
  type Sight,
  uncertainty,
} from './integration.ts';
import { transfersFor } from './transfers.ts';
import type { Deed } from './vendor.ts';

/** How long an adapter waits for an answer before it calls the fate of its request unknown. */
const ANSWER_TIMEOUT_MS = 8_000;
const OVERLAP_MS = 10_000;

/** The vendor as one run of a worker reaches it: slow, faulty, and never alone with its objects. */
export function integrationFor(world: World, site: Site, invocation: Invocation): Integration {
  const { vendor } = site;
  const now = () => world.scheduler.clock.now();
  const look = <Value>(perform: (sight: Sight) => Value, copy?: CopyRef) =>
    invocation.gate(
      async () => {
        noteCaller(world, site, invocation);
        const fault = world.injector.take('read');
        refuseRead(world, site, fault);
        const sight = sightOf(world, site, fault, copy?.externalId);
        const seen = perform(sight);
        if (copy !== undefined && isNothing(seen)) noteUnseen(world, copy.externalId);
        if (copy !== undefined && !sight.isBlind) {
          noteLook(world, site, copy.externalId, invocation, sight);
          gapActs(world, site, copy.externalId, fault, 'after-read');
        }
        return seen;
      },
      callTimes(world, site),
    );
  return {
    check: async () => ({ state: 'healthy', account: vendor.id }),
    read: (copy) => look((sight) => readAt(vendor, copy, now(), sight), copy),
    find: (record, kind, root) => look((sight) => findAt(vendor, { record, kind, root }, now(), sight)),
    match: (_kind, fields) => look((sight) => matchAt(vendor, fields.email, sight)),
    write: (change: RemoteChange | PublicChange) => write(world, site, invocation, inFields(change)),
    ...(vendor.profile.files === undefined ? {} : transfersFor(world, site, invocation)),
    ...(vendor.profile.backfills === true
      ? {
          exports: exportsOf(vendor, look, (observation) => notePage(world, site, observation)),
          together: {
            create: (changes) => Promise.all(changes.map((each) => write(world, site, invocation, each))),
            match: (_kind, all) => look((sight) => all.map(({ email }) => matchAt(vendor, email, sight))),
          } satisfies Together,
        }
      : {}),
    ...(vendor.profile.polls
      ? {
          async *pull(kind: RecordKind, after: Cursor | undefined) {
            let cursor = after ?? sinceConnected(world, site);
            for (let overlapMs = OVERLAP_MS; ; overlapMs = 0) {
              const from = cursor;
              const overlap = overlapMs;
              const page = await look((sight) =>
                pageAt(vendor, kind, from, { ...sight, overlapMs: overlap, nowMs: now() }),
              );
              for (const observation of page.observations) notePage(world, site, observation);
              if (page.isLast) world.polledAtMs.set(pollOf(site, kind), world.scheduler.clock.now());
              yield page;
              cursor = page.next;
              if (page.isLast) return;
            }
          },
        }
      : {}),
  };
}

/** By the id its row will have once nothing of it can change under the same stamp. */
function notePage(world: World, site: Site, observation: Observation): void {
  const settled = {
    lane: 'deltas',
    run: '',
    receivedAtMs: Number.POSITIVE_INFINITY,
    redeliveryMs: 0,
  } as const;
  world.pulled.set(arrivalOf(connectionOf(site, 0), observation, settled).eventId, observation);
}

function noteLook(
  { chronicle, scheduler }: World,
  { index, vendor }: Site,
  object: ExternalId,
  run: Invocation,
  { staleMs }: Sight,
): void {
  const atMs = scheduler.clock.now();
  const isPast = ({ atMs: doneAtMs }: Deed) => staleMs === undefined || doneAtMs <= atMs - staleMs;
  const deeds = vendor.deeds.findLastIndex(isPast) + 1;
  const look = { site: index, object, atMs, deeds, run, isTaken: false };
  chronicle.looks.push(look);
  run.looks.push(look);
}

export const pollOf = ({ connection }: Site, kind: RecordKind): string => `${connection} ${kind}`;

function noteUnseen({ chronicle, scheduler }: World, id: ExternalId): void {
  const times = chronicle.unseen.get(id) ?? [];
  chronicle.unseen.set(id, [...times, scheduler.clock.now()]);
}

function noteRefusal({ chronicle, scheduler }: World, key: string): void {
  if (!chronicle.refused.has(key)) chronicle.refused.set(key, scheduler.clock.now());
}

function isNothing(seen: unknown): boolean {
  return (seen as RemoteState).state === 'absent';
}

function sightOf(world: World, site: Site, fault: FaultName | undefined, object?: ExternalId): Sight {
  if (isUnder(world, 'blindness', site.index)) {
    world.injector.count('blindness');
    return { isBlind: true };
  }
  const nowMs = world.scheduler.clock.now();
  const shadow = object && world.chronicle.shadows.get(object);
  if (shadow && nowMs < shadow.untilMs) return { staleMs: nowMs - shadow.asOfMs };
  if (fault !== 'stale-read') return {};
  world.injector.count('stale-read');
  return { staleMs: 500 + world.random.integer(20_000) };
}

const FAILURES: Partial<Record<FaultName, Failure>> = {
  'write-throttled': 'throttled',
  'write-unavailable': 'unavailable',
  'write-rejected': 'rejected',
  'write-unauthorized': 'unauthorized',
};

function noteCaller(
  { chronicle, refusedSinceMs, scheduler }: World,
  { connection, organization }: Site,
  { isStray }: Invocation,
): void {
  if (isStray) chronicle.strays.push(connection);
  const sinceMs = refusedSinceMs.get(connection);
  if (sinceMs === undefined) return;
  refusedSinceMs.delete(connection);
  chronicle.refusedMs.push({ organization, forMs: scheduler.clock.now() - sinceMs });
}

async function write(
  world: World,
  site: Site,
  invocation: Invocation,
  change: RemoteChange,
): Promise<WriteOutcome> {
  const isAnswered = noteAsked(world.chronicle, site, invocation, change);
  noteCaller(world, site, invocation);
  const outcome = await writeOnce(world, site, invocation, change);
  isAnswered();
  return outcome;
}

async function writeOnce(
  world: World,
  site: Site,
  invocation: Invocation,
  change: RemoteChange,
): Promise<WriteOutcome> {
  const { injector, scheduler, random } = world;
  const fault = injector.take('write');
  const planned = fault && FAILURES[fault];
  const isRefusing = isUnder(world, 'refusing', site.index);
  const failure = planned ?? (isRefusing ? 'rejected' : undefined);
  const asked = { askedAtMs: scheduler.clock.now(), run: invocation };
  const creation = { site: site.index, record: change.record, isTaken: false };
  if (change.operation === 'create') world.chronicle.creations.push(creation);
  const times = callTimes(world, site);
  if (failure !== undefined || isUnder(world, 'outage', site.index)) {
    injector.count(planned !== undefined ? fault! : isRefusing ? 'refusing' : 'outage');
    invocation.answers.push(creation);
    if (failure === 'rejected') noteRefusal(world, `${site.index} ${change.record}`);
    return invocation.gate(async () => blamed(injector, refusal(failure ?? 'unavailable')), times);
  }
  switch (fault) {
    case 'request-lost':
      injector.count(fault);
      return invocation.gate(async () => blamed(injector, uncertainty()), {
        inMs: ANSWER_TIMEOUT_MS,
        outMs: 1,
      });
    case 'answer-lost':
    case 'answer-lost-then-restored':
    case 'answer-lost-then-edited': {
      injector.count(fault);
      const landed = await invocation.gate(
        async () => land(world, site, change, { ...asked, isAnswered: false }),
        times,
      );
      if (typeof landed === 'object') actsWithin(world, site, landed.id, fault, 10_000);
      return invocation.gate(async () => blamed(injector, uncertainty()), {
        inMs: ANSWER_TIMEOUT_MS,
        outMs: 1,
      });
    }
    case 'late-landing':
    case 'late-landing-after-restore':
    case 'late-landing-after-edit': {
      const lifetimeMs = site.vendor.profile.requestLifetimeMs;
      const landsMs = ANSWER_TIMEOUT_MS + random.integer(lifetimeMs - ANSWER_TIMEOUT_MS);
      if ('externalId' in change) actsWithin(world, site, change.externalId, fault, landsMs);
      scheduler.after(landsMs, () => {
        injector.count(fault);
        land(world, site, change, { ...asked, isAnswered: false, isLate: true });
      });
      return invocation.gate(async () => blamed(injector, uncertainty()), {
        inMs: ANSWER_TIMEOUT_MS,
        outMs: 1,
      });
    }
    default:
      return invocation.gate(async () => {
        const object = 'externalId' in change ? change.externalId : undefined;
        if (object !== undefined) gapActs(world, site, object, fault, 'before-landing');
        const landed = land(world, site, change, { ...asked, isAnswered: true });
        if (typeof landed === 'object') gapActs(world, site, landed.id, fault, 'after-landing');
        invocation.answers.push(creation);
        return outcomeOf(site.vendor, landed);
      }, times);
  }
}

function blamed(injector: Injector, outcome: WriteOutcome): WriteOutcome {
  if (outcome.outcome !== 'settled') injector.caused(outcome.error);
  return outcome;
}

/** While nobody can tell what became of a request, a person goes on with the object. */
function actsWithin(world: World, site: Site, id: ExternalId, fault: FaultName, withinMs: number): void {
  const acts = fault.includes('restore') ? 'restore' : fault.includes('edit') ? 'edit' : undefined;
  if (acts === undefined) return;
  world.scheduler.after(world.random.integer(withinMs), () => personActs(world, site, id, acts));
}

interface Landing {
  readonly askedAtMs: number;
  readonly run: Invocation;
  readonly isAnswered: boolean;
  readonly isLate?: boolean;
}

function land(world: World, site: Site, change: RemoteChange, { isLate = false, ...landing }: Landing) {
  const { vendor } = site;
  const before = vendor.deeds.length;
  const asked = world.without === 'condition' ? withoutCondition(change) : change;
  const landed = vendor.land(asked);
  for (const { sequence } of vendor.deeds.slice(before)) {
    const { record } = change;
    const ifVersion = 'ifVersion' in asked ? asked.ifVersion : undefined;
    const fields = Object.keys(change.fields);
    const { mapping = 0 } = change;
    const request = { ...landing, isLate, record, ifVersion, mapping, fields, isTaken: false };
    world.chronicle.requests.set(`${site.index} ${sequence}`, request);
    if (landing.isAnswered) landing.run.answers.push(request);
  }
  return landed;
}

function withoutCondition(change: RemoteChange): RemoteChange {
  if (!('ifVersion' in change)) return change;
  const { ifVersion: _, ...rest } = change;
  return rest;
}
