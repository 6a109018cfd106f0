import { ConflictError } from '../../../../shared/errors.ts';
import type { Action } from '../call.ts';
import { edit } from './edit.ts';
import { findTicket, nothingThere } from './find-ticket.ts';

/** A losing value comes back as an edit like any other: told to every copy, and journalled in its turn. */
export const restoreConflict: Action = async (call, deps) => {
  const { id: ticket } = await findTicket(call, deps);
  const id = call.path.conflict as string;
  const found = await deps.reading.conflict(call.caller.organization, ticket, id);
  if (found === undefined) throw nothingThere();
  const { record, kind, field, lost, isRestorable } = found.conflict;
  if (!isRestorable) throw new ConflictError(`the ${field} of this ${kind} cannot be set through the hub`);
  const { revision } = await edit(
    call,
    deps,
    { edit: 'fields', fields: { [field]: lost }, record },
    found.root,
  );
  return { status: 200, body: { conflict: id, record, kind, field, value: lost, revision } };
};
