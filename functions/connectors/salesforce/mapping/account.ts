import type { Fields, FieldValue } from '../../../../shared/domain/index.ts';
import type { Projectable } from '../../../../shared/ports/index.ts';
import { fitted } from './text.ts';

/** Salesforce wants a name; a company of which only its website is known is called by that. */
const NAMELESS = 'Unknown';

/** An account that was there before the hub keeps what its owners wrote. */
export function projectAccount({ copy, fields }: Projectable): Fields {
  if (copy === 'theirs') return {};
  const projected: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields))
    projected[field] = typeof value === 'string' ? fitted(field, value) : value;
  return { ...projected, name: projected.name ?? projected.website ?? NAMELESS };
}
