import type { ExternalId } from '../../../shared/domain/index.ts';
import type { SeededRandom } from '../../memory/index.ts';
import type { Operation, Plan, VendorPlan } from '../plan.ts';
import type { Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';

const EMPLOYMENTS = { from: 10, more: 10 };
/** Marks of companies, and of those who work for them, apart from all others. */
const MARKS = 7_000;

/** Every connector knows companies: people found some, rename them, and say who belongs to which. */
export function withAccounts(plan: Plan, random: SeededRandom): Plan {
  const isTaken = plan.isFlooded || plan.vendors.some(({ profile }) => profile.hasDocument || profile.merges);
  if (!random.chance(0.08) || isTaken) return plan;
  const vendors = plan.vendors.map((vendor): VendorPlan => {
    const { profile } = vendor;
    return profile.role === 'channel' ? vendor : { ...vendor, profile: { ...profile, hasAccounts: true } };
  });
  const lastMs = Math.max(10_000, ...plan.operations.map(({ atMs }) => atMs));
  const count = EMPLOYMENTS.from + random.integer(EMPLOYMENTS.more);
  const acts = Array.from({ length: count }, (_, at): Operation => {
    return {
      operation: 'employ',
      atMs: 4_000 + random.integer(lastMs),
      vendor: random.integer(60),
      target: random.integer(60),
      field: random.integer(8),
      value: MARKS + at,
    };
  });
  const operations = [...plan.operations, ...acts].sort((a, b) => a.atMs - b.atMs);
  return { ...plan, vendors, operations };
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
