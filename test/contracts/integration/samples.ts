import type { Fields } from '../../../shared/domain/index.ts';
import type { KindCapability } from '../../../shared/ports/index.ts';
import type { PlainKind } from './rule.ts';

/** Canonical values of one object before and after a change. */
export interface Sample {
  readonly first: Fields;
  readonly second?: Fields;
}

const SAMPLES: Record<PlainKind, Required<Sample>> = {
  ticket: {
    first: {
      subject: 'Printer on fire',
      description: 'It smells of smoke',
      status: 'open',
      priority: 'high',
    },
    second: { subject: 'Printer is wet', description: 'It was put out', status: 'pending', priority: 'low' },
  },
  comment: {
    first: { body: 'We are on our way <now> & with water' },
    second: { body: 'We have arrived: 2 < 3' },
  },
  contact: {
    first: { name: 'Grace Hopper', email: 'grace@example.com', phone: '+15550100' },
    second: { name: 'Grace B. Hopper', email: 'grace@example.com', phone: '+15550199' },
  },
  account: {
    first: { name: 'Acme Lamps', website: 'acme.example', phone: '+15550110' },
    second: { name: 'Acme Lamps & Light', website: 'light.acme.example', phone: '+15550111' },
  },
};

/** The suite's values, less the fields this copy does not have. */
export function samplesOf(kind: PlainKind, capability: KindCapability, own: Sample | undefined): Sample {
  const { first, second } = own ?? SAMPLES[kind];
  const known = (fields: Fields) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => name in capability.fields));
  return { first: known(first), ...(second === undefined ? {} : { second: known(second) }) };
}
