import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import { referenceOf } from '../../domain/record.ts';
import type { Root } from '../state.ts';
import { type ReadingDeps, rootAt } from './source.ts';

/** What a record refers to, and what that refers to in its turn: a ticket's customer, and the customer's company. */
export async function referredFrom(
  deps: ReadingDeps,
  organization: OrganizationId,
  { kind, fields }: Root,
): Promise<readonly Root[]> {
  const reference = referenceOf(kind);
  const id = reference && fields[reference.field];
  if (typeof id !== 'string') return [];
  const named = await rootAt(deps, organization, id as RecordId);
  return named?.kind === reference?.kind && named !== undefined
    ? [named, ...(await referredFrom(deps, organization, named))]
    : [];
}
