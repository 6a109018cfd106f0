import type { Request } from '../truth.ts';
import type { Deed } from '../vendor/vendor.ts';
import type { World } from '../world.ts';
import { fieldOf } from '../worlds/documents.ts';
import { type Breach, type Copy, type Family, nameOf } from './families.ts';
import { livesOf } from './lives.ts';
import { overwritings } from './loss.ts';
import { defaultsOf, remapsOf } from './mapped.ts';
import { effectsOf } from './restless.ts';
import { isAnothers } from './returned.ts';

/**
 * Invariant 2: a change costs at most one effect per linked copy. What was said elsewhere is written here
 * once; what was said here and overwritten is put back, or put aside, once.
 */
export function oneEffect(world: World, families: readonly Family[]): readonly Breach[] {
  return families.flatMap((family) => family.copies.flatMap((copy) => effectsAt(world, family, copy)));
}

function effectsAt(world: World, family: Family, copy: Copy): readonly Breach[] {
  const { site } = copy;
  const requestOf = ({ sequence }: Deed) => world.chronicle.requests.get(`${site.index} ${sequence}`)!;
  const writes = deedsOf(copy).filter(
    (each) => each.by === 'hub' && each.deed === 'changed' && !isAnothers(family, copy, requestOf(each)),
  );
  if (writes.length === 0) return [];
  const requests = writes.map(requestOf);
  const own = overwritings(copy);
  const fieldsOf = (request: Request) => request.fields.map(fieldOf);
  const allowed = new Map<string, number>();
  for (const field of new Set(requests.flatMap(fieldsOf))) {
    const isOwn = own.filter((each) => fieldOf(each.field) === field).length;
    const again = 2 * late(writes, requests, field) + undone(copy, writes, requests, field);
    const changes = changesElsewhere(world, family, copy, field) + isOwn + remapsOf(family, copy, field);
    const given = defaultsOf(copy, field);
    allowed.set(field, effectsOf(family, field, changes) + again + given);
  }
  const where = `${nameOf(family)} at ${site.vendor.id}`;
  const breaches = [...allowed].flatMap(([field, most]) => {
    const effects = writes.filter(({ changes }) => field in changes).length;
    return effects <= most
      ? []
      : [{ invariant: 2, what: `${where}: ${effects} effects on ${field} for ${most} changes` }];
  });
  const most = [...allowed.values()].reduce((sum, each) => sum + each, unknown(requests));
  return writes.length <= most
    ? breaches
    : [...breaches, { invariant: 2, what: `${where}: ${writes.length} writes for ${most} changes` }];
}

/** By the hub's names of what they changed. */
function deedsOf({ site, object }: Copy): readonly Deed[] {
  return site.vendor.deeds
    .filter((deed) => deed.object === object.id)
    .map((deed) => {
      const changes = Object.entries(deed.changes).map(([name, change]) => [fieldOf(name), change]);
      return { ...deed, changes: Object.fromEntries(changes) };
    });
}

/** What people did to this field at other copies, and through the hub's API: each may be written here. */
function changesElsewhere(world: World, family: Family, copy: Copy, field: string): number {
  const byPeople = family.copies
    .filter((other) => other !== copy)
    .flatMap((other) =>
      deedsOf(other).filter(
        ({ by, deed, changes }) => by === 'person' && deed === 'changed' && field in changes,
      ),
    );
  // Who began it is a value too, and may be written once that person's copy is there.
  const named = family.copies.filter((other) => other !== copy && other.object.contact !== undefined);
  const byApi = world.chronicle.hubAsked.filter(
    ({ kind, mark, organization, fields }) =>
      family.kind === kind &&
      (mark === family.mark || family.merged?.marks.has(mark) === true) &&
      organization === family.organization &&
      field in fields,
  );
  const closings = field === 'status' ? closedByDeletion(world, family) : 0;
  const merges = broughtByMerges(family, field);
  const isNamedLate = family.kind === 'contact' && field === 'account' ? 1 : 0;
  const begun = field === 'requester' ? named.length : isNamedLate;
  return byPeople.length + byApi.length + closings + merges + begun;
}

/**
 * Each merge brings the survivor's values where the loser's stood, and what was set at the loser may be written yet. Who is
 * taken out of the bin again has the ticket reopened which that merge has closed.
 */
function broughtByMerges({ merged }: Family, field: string): number {
  if (merged === undefined) return 0;
  const { gone, back } = merged;
  const set = [...gone, ...back].flatMap(({ site, object }) =>
    site.vendor.deeds.filter(
      ({ object: id, by, changes }) => id === object.id && by === 'person' && field in changes,
    ),
  );
  const returns = back.flatMap(({ site, object }) => site.vendor.returned.get(object.id)!).length;
  const reopened = field === 'status' ? returns : 0;
  return 2 * (gone.length + returns) + reopened + set.length;
}

/** Where a deletion closes the ticket, it is a change of its status, and so is its undoing. */
export function closedByDeletion({ plan }: World, { kind, copies }: Family): number {
  const closing = copies.filter(({ site }) => plan.vendors[site.index]?.deletions?.ticket === 'close');
  return kind === 'ticket' ? closing.flatMap(livesOf).length : 0;
}

/** A late landing is an effect nobody wanted, and costs another to put right. */
function late(writes: readonly Deed[], requests: readonly Request[], field: string): number {
  return writes.filter(({ changes }, at) => requests[at]!.isLate && field in changes).length;
}

/**
 * An unanswered write that a person undid before anybody looked: nobody can tell that it was ever there, so it is made
 * again, and what it replaces is kept (DESIGN, reconcile). Told of it after all, the hub puts that back.
 */
function undone(copy: Copy, writes: readonly Deed[], requests: readonly Request[], field: string): number {
  return writes.filter(({ sequence, changes }, at) => {
    if (requests[at]!.isTaken || !(field in changes)) return false;
    const next = deedsOf(copy).find((deed) => deed.sequence > sequence && field in deed.changes);
    return next?.by === 'person' && next.changes[field]!.to === changes[field]!.from;
  }).length;
}

/** A request whose answer nobody took in may be sent again, and change nothing. */
function unknown(requests: readonly Request[]): number {
  return requests.filter(({ isTaken }) => !isTaken).length;
}
