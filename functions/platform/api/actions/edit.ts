import { ConflictError } from '../../../../shared/errors.ts';
import type { HubEdit } from '../../../../shared/ports/index.ts';
import type { Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { IdempotencyKeyReusedError } from '../problem.ts';
import { ownKey, REUSED } from '../reservations.ts';
import { ticketId } from './find-ticket.ts';

/** Makes the edit once, however often the same request comes. */
export async function edit(call: Call, { engine }: ApiDeps, wanted: HubEdit, root = ticketId(call)) {
  const { organization, actor } = call.caller;
  const request = {
    organization,
    actor,
    root,
    idempotencyKey: ownKey(call.caller, call.idempotencyKey),
    correlation: call.correlation,
    edit: wanted,
  };
  try {
    return await engine.edit(request);
  } catch (cause) {
    if (!(cause instanceof ConflictError)) throw cause;
    throw new IdempotencyKeyReusedError(REUSED, { cause });
  }
}
