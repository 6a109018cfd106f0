import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Operation } from '../plan.ts';
import type { Site } from '../truth.ts';
import type { VendorObject } from '../vendor/vendor.ts';
import { actsBy, hasVendor, type Layer, lastMsOf, withActs, withConnectors } from './layer.ts';

const EMPLOYMENTS = { from: 10, more: 10 };
/** Marks of companies, and of those who work for them, apart from all others. */
const MARKS = 7_000;

/** Every connector knows companies: people found some, rename them, and say who belongs to which. */
export const accounts: Layer = {
  isIn: (plan) => hasVendor(plan, ({ profile }) => profile.hasAccounts === true),
  lay(plan, random) {
    const vendors = withConnectors(plan, { hasAccounts: true });
    const lastMs = lastMsOf(plan, 10_000);
    const act = actsBy(random, 8);
    const count = EMPLOYMENTS.from + random.integer(EMPLOYMENTS.more);
    const acts = Array.from({ length: count }, (_, at) =>
      act('employ', 4_000 + random.integer(lastMs), MARKS + at),
    );
    return { ...plan, vendors, operations: withActs(plan, acts) };
  },
};

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
