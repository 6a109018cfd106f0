import type { FieldValue } from '../../../../shared/domain/index.ts';
import { TICKET_PRIORITIES, TICKET_STATUSES } from '../../../../shared/domain/index.ts';

/**
 * Two vocabularies: `new=New; open=Working|Escalated`. The first name is what the hub writes, all of them
 * are understood; a vendor's name that stands twice means what it stands for first.
 */
export interface Vocabulary {
  toVendor(canonical: FieldValue): string | undefined;
  toCanonical(vendor: string): string | undefined;
}

/** A closed case can be reopened, so Salesforce's one end is the hub's `closed`; `solved` is written as it too. */
export const DEFAULT_STATUSES =
  'new=New; open=Working|Escalated; pending=On Hold; closed=Closed; solved=Closed';
export const DEFAULT_PRIORITIES = 'low=Low; normal=Medium; high=High; urgent=Critical';

const known = new Map<string, Vocabulary>();

export function vocabulary(
  setting: FieldValue | undefined,
  fallback: string,
  names: readonly string[],
): Vocabulary {
  const source = typeof setting === 'string' && setting.trim() !== '' ? setting : fallback;
  const key = `${fallback}\n${source}`;
  const made = known.get(key) ?? parse(source, fallback, names);
  if (known.size > 1_000) known.clear();
  known.set(key, made);
  return made;
}

/** What a setting leaves out keeps its default. */
function parse(source: string, fallback: string, names: readonly string[]): Vocabulary {
  const entries = new Map([...entriesOf(fallback, names), ...entriesOf(source, names)]);
  const order = [...new Set([...entriesOf(source, names).keys(), ...entries.keys()])];
  const canonicals = new Map<string, string>();
  for (const name of order) {
    for (const vendor of entries.get(name) ?? []) {
      const form = vendor.toLowerCase();
      if (!canonicals.has(form)) canonicals.set(form, name);
    }
  }
  return {
    toVendor: (canonical) => (typeof canonical === 'string' ? entries.get(canonical)?.[0] : undefined),
    toCanonical: (vendor) => canonicals.get(vendor.trim().toLowerCase()),
  };
}

function entriesOf(source: string, names: readonly string[]): Map<string, readonly string[]> {
  const entries = new Map<string, readonly string[]>();
  for (const part of source.split(';')) {
    const [name = '', vendors = ''] = part.split('=').map((side) => side.trim());
    const list = vendors
      .split('|')
      .map((vendor) => vendor.trim())
      .filter((vendor) => vendor !== '');
    if (names.includes(name) && list.length > 0) entries.set(name, list);
  }
  return entries;
}

type Settings = Readonly<Record<string, FieldValue>>;
export const statuses = (settings: Settings): Vocabulary =>
  vocabulary(settings.statuses, DEFAULT_STATUSES, TICKET_STATUSES);
export const priorities = (settings: Settings): Vocabulary =>
  vocabulary(settings.priorities, DEFAULT_PRIORITIES, TICKET_PRIORITIES);
