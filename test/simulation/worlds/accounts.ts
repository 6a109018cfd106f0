import type { ExternalId } from '../../../shared/domain/index.ts';
import { seededRandom } from '../../memory/index.ts';
import type { Operation, Plan } from '../plan.ts';
import type { Site } from '../truth.ts';
import * as bin from '../vendor/bin.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import { actsBy, hasVendor, type Layer, lastMsOf, withActs, withConnectors } from './layer.ts';
import { merge } from './merges.ts';

const EMPLOYMENTS = { from: 10, more: 10 };
/** Marks of companies, and of those who work for them, apart from all others. */
const MARKS = 7_000;
const ENDS = { from: 2, more: 3, share: 0.6, stream: [69_069, 67] } as const;
/** Marks of companies that others are merged into, apart from all others. */
const MERGE_MARKS = 7_500;

/**
 * Every connector knows companies: people found some, rename them, and say who belongs to which; some are deleted, and
 * brought back, with those who belong to them, and two are made one.
 */
export const accounts: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.hasAccounts === true),
  lay(plan, random) {
    const vendors = withConnectors(plan, { hasAccounts: true, tellsDeleted: true });
    const lastMs = lastMsOf(plan, 10_000);
    const act = actsBy(random, 8);
    const count = EMPLOYMENTS.from + random.integer(EMPLOYMENTS.more);
    const acts = Array.from({ length: count }, (_, at) =>
      act('employ', 4_000 + random.integer(lastMs), MARKS + at),
    );
    return { ...plan, vendors, operations: withActs(plan, [...acts, ...endsIn(plan, lastMs)]) };
  },
};

/** Drawn apart: all else that is drawn for this world means what it meant without them. */
function endsIn({ seed }: Plan, lastMs: number): readonly Operation[] {
  const [factor, term] = ENDS.stream;
  const random = seededRandom(seed * factor + term);
  const act = actsBy(random);
  const drawn = Array.from({ length: ENDS.from + random.integer(ENDS.more) }, (_, at) => {
    const [mark, atMs, vendor] = [MERGE_MARKS + at, 15_000 + random.integer(lastMs), random.integer(60)];
    if (random.chance(0.5)) return [act('merge-companies', atMs, mark, vendor)];
    const backMs = atMs + random.integer(random.pick([2_000, 60_000]));
    const back = random.chance(ENDS.share) ? [act('refound', backMs, mark, vendor)] : [];
    return [act('dissolve', atMs, mark, vendor), ...back];
  });
  return drawn.flat();
}

/** What people made there themselves; the copies are the hub's. */
const own = ({ vendor }: Site, kind: 'account' | 'contact'): readonly VendorObject[] =>
  vendor.live(kind).filter(({ createdBy }) => createdBy === 'person');

/** Founds a company, renames one, takes somebody on, or has them change their employer; false where nobody can. */
export function employ(site: Site, { target, field, value }: Operation): boolean {
  const { vendor } = site;
  if (vendor.profile.hasAccounts !== true) return false;
  const [companies, people] = [own(site, 'account'), own(site, 'contact')];
  const company = companies[target % Math.max(1, companies.length)];
  const person = people[value % Math.max(1, people.length)];
  if (company === undefined || field < 2)
    return isMade(vendor.create({ kind: 'account', fields: { name: `#${value}# & Sons` }, by: 'person' }));
  if (field === 2) return vendor.change(company.id, { name: renamed(site, company, value) }, 'person');
  if (person === undefined || field < 6) return isMade(vendor.create(employee(value, company.id)));
  return vendor.change(person.id, { account: field === 6 ? null : company.id }, 'person');
}

const isMade = (_made: VendorObject): true => true;

const employee = (value: number, account: ExternalId) => ({
  kind: 'contact' as const,
  fields: { name: `Employee ${value}`, email: `e#${value}#@example.com`, account },
  by: 'person' as const,
});

function renamed({ vendor }: Site, { id }: VendorObject, value: number): string {
  const mark = /#\d+#/.exec(String(vendor.now(id)?.fields.name))?.[0] ?? '';
  return `${mark} & Partner ${value}`;
}

export function dissolve({ vendor }: Site, { target }: Operation): boolean {
  const companies = vendor.live('account');
  const company = companies[target % Math.max(1, companies.length)];
  return company !== undefined && bin.dissolve(vendor, company.id);
}

/** The one that was deleted last, unless it went on as another. */
export function refound({ vendor }: Site): boolean {
  const last = vendor.deeds.findLast(
    ({ kind, deed, object }) => kind === 'account' && deed === 'deleted' && !vendor.merged.has(object),
  );
  return last !== undefined && bin.refound(vendor, last.object);
}

export function mergeCompanies({ vendor }: Site, operation: Operation): boolean {
  if (vendor.profile.hasAccounts !== true) return false;
  const { value } = operation;
  return merge(vendor, operation, 'account', {
    make: () => ({ name: `#${value}# & Heirs` }),
    keep: () => ({}),
  });
}
