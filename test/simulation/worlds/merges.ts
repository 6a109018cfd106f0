import type { Fields } from '../../../shared/domain/index.ts';
import { seededRandom } from '../../memory/index.ts';
import type { Operation, OperationName, Plan } from '../plan.ts';
import type { Site } from '../truth.ts';
import * as bin from '../vendor/bin.ts';
import type { Vendor, VendorObject } from '../vendor/vendor.ts';
import { actsBy, hasVendor, type Layer, lastMsOf, withActs, withConnectors } from './layer.ts';

const MERGES = { from: 2, more: 3, beforeMs: 4_000, afterMs: 8_000 };
/** Marks of what is made for a merge, apart from all others. */
const MERGE_MARKS = 4_000;
/** What people do around a merge: to the two, to what hangs on them, and at other copies. */
const AROUND: readonly OperationName[] = [
  'edit',
  'edit',
  'edit',
  'restore',
  'comment',
  'comment',
  'edit-comment',
  'delete-comment',
  'hub-edit',
  'hub-comment',
];

const RETURNS = {
  share: 0.4,
  laterMs: [2_000, 20_000, 90_000],
  afterMs: 20_000,
  stream: [1_140_671_485, 19],
} as const;
/** What people do once one is back. */
const SINCE: readonly OperationName[] = ['edit', 'comment', 'hub-comment'];

/** Connectors at which people merge tickets and contacts, and go on with either before and after. */
export const merges: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.merges === true),
  lay(plan, random) {
    const lastMs = lastMsOf(plan, 20_000);
    const draw = actsBy(random);
    const act: typeof draw = (operation, atMs, ...more) => draw(operation, Math.max(4_000, atMs), ...more);
    const acts = Array.from({ length: MERGES.from + random.integer(MERGES.more) }, (_, at) => {
      const [mark, vendor] = [MERGE_MARKS + at * 20, random.integer(60)];
      const atMs = 15_000 + random.integer(lastMs);
      const around = Array.from({ length: 6 }, (_each, nth) => {
        const whenMs = atMs - MERGES.beforeMs + random.integer(MERGES.beforeMs + MERGES.afterMs);
        return act(random.pick(AROUND), whenMs, mark + 1 + nth);
      });
      return [act(at % 3 === 2 ? 'merge-contacts' : 'merge', atMs, mark, vendor), ...around];
    });
    const vendors = withConnectors(plan, { merges: true, tellsDeleted: true });
    const merging = { ...plan, operations: withActs(plan, acts.flat()), vendors };
    const returns = returnsIn(
      merging,
      acts.map(([merged]) => merged!),
    );
    return { ...merging, operations: withActs(merging, returns) };
  },
};

/** Drawn apart, and none later than all else: what is drawn for this world, and for others, means what it meant without them. */
function returnsIn(plan: Plan, merges: readonly Operation[]): readonly Operation[] {
  const [factor, term] = RETURNS.stream;
  const random = seededRandom(plan.seed * factor + term);
  const act = actsBy(random);
  const endMs = lastMsOf(plan, 0);
  return merges.flatMap(({ atMs, vendor, value: mark }) => {
    if (!random.chance(RETURNS.share)) return [];
    const backMs = atMs + random.integer(random.pick(RETURNS.laterMs));
    const since = SINCE.map((name, nth) =>
      act(name, backMs + random.integer(RETURNS.afterMs), mark + 10 + nth),
    );
    return [act('unmerge', backMs, mark, vendor), ...since].map((each) => ({
      ...each,
      atMs: Math.min(each.atMs, endMs),
    }));
  });
}

/** Of three merges one is into what was made for it a moment before: nobody elsewhere has heard of that. */
const isIntoNew = ({ value }: Operation): boolean => value % 3 === 0;

export function mergeTickets({ vendor }: Site, operation: Operation): boolean {
  if (vendor.profile.merges !== true) return false;
  const { value, field } = operation;
  return merge(vendor, operation, 'ticket', {
    make: () => ({
      subject: `#${value}# s0`,
      description: `#${value}# it began on day ${value}`,
      status: 'S1',
      priority: 'P2',
      requester: null,
    }),
    keep: ({ priority = null }) => (field % 2 === 0 ? { priority } : {}),
  });
}

export function mergeContacts({ vendor }: Site, operation: Operation): boolean {
  if (vendor.profile.merges !== true) return false;
  const { value } = operation;
  return merge(vendor, operation, 'contact', {
    make: () => ({ name: `Customer ${value}`, email: `c#${value}#@example.com` }),
    keep: () => ({}),
  });
}

interface Texts {
  readonly make: () => Fields;
  /** What of the loser's the survivor is given. */
  readonly keep: (loser: Fields) => Fields;
}

export function merge(
  vendor: Vendor,
  operation: Operation,
  kind: 'ticket' | 'contact' | 'account',
  { make, keep }: Texts,
): boolean {
  const live = vendor.live(kind);
  const loser = live[operation.target % Math.max(1, live.length)];
  if (loser === undefined) return false;
  const others = live.filter((each) => each !== loser);
  const isNew = isIntoNew(operation) || others.length === 0;
  const survivor: VendorObject = isNew
    ? vendor.create({ kind, fields: make(), by: 'person' })
    : others[operation.value % others.length]!;
  return vendor.merge(loser.id, survivor.id, keep(vendor.now(loser.id)!.fields));
}

/** Out of the bin again: a ticket or a customer that nobody else was merged into, for whoever was follows one alone. */
export function unmerge({ vendor }: Site, { target }: Operation): boolean {
  const survivors = new Set(vendor.merged.values());
  const gone = [...vendor.merged.keys()].filter(
    (id) => !survivors.has(id) && vendor.objects.get(id)!.kind !== 'account',
  );
  const loser = gone[target % Math.max(1, gone.length)];
  return loser !== undefined && bin.unmerge(vendor, loser);
}
