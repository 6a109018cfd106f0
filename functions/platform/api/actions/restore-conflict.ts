import type { RecordId } from '../../../../shared/domain/index.ts';
import { ConflictError } from '../../../../shared/errors.ts';
import type { Reading } from '../../../../shared/ports/index.ts';
import type { Action, Answer, Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { edit } from './edit.ts';
import { findTicket, nothingThere } from './find-ticket.ts';

/** Of a ticket, a comment of it, its customer or their company. */
export const restoreConflict: Action = async (call, deps) => {
  const { id } = await findTicket(call, deps);
  return restore(call, deps, await deps.reading.conflict(call.caller.organization, id, conflictIn(call)));
};

export const restoreLoss: Action = async (call, deps) => {
  const record = call.path.record as RecordId;
  return restore(call, deps, await deps.reading.loss(call.caller.organization, record, conflictIn(call)));
};

const conflictIn = ({ path }: Call): string => path.conflict as string;

/** A losing value comes back as an edit like any other: told to every copy, and journalled in its turn. */
async function restore(
  call: Call,
  deps: ApiDeps,
  found: Awaited<ReturnType<Reading['loss']>>,
): Promise<Answer> {
  if (found === undefined) throw nothingThere();
  const { id, record, kind, field, lost, refusal } = found.conflict;
  if (refusal !== undefined) throw new ConflictError(refusal);
  const { revision } = await edit(call, deps, { edit: 'restore', record, field, value: lost }, found.root);
  return { status: 200, body: { conflict: id, record, kind, field, value: lost, revision } };
}
