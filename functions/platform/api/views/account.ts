import type { AccountView } from '../../../../shared/ports/index.ts';
import { customOf } from './custom.ts';
import { isoTime } from './time.ts';

export function accountBody({ fields, createdAtMs, updatedAtMs, ...account }: AccountView) {
  const { name = null, website = null, phone = null } = fields;
  return {
    ...account,
    name,
    website,
    phone,
    custom: customOf(fields),
    createdAt: isoTime(createdAtMs),
    updatedAt: isoTime(updatedAtMs),
  };
}
