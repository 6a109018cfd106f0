import type { Fields } from '../../../../shared/domain/index.ts';
import { customName } from '../../../../shared/mapping/index.ts';

/** The organization's own fields, as its connections' mappings declare them. */
export const customOf = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => {
      const name = customName(field);
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
