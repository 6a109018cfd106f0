import { ConflictError } from '../../../../shared/errors.ts';
import type { HubEdit } from '../../../../shared/ports/index.ts';
import type { Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { ticketId } from './find-ticket.ts';

/** draft-ietf-httpapi-idempotency-key-header-07 §2.7: the same key with another request is answered 422. */
export class IdempotencyKeyReusedError extends ConflictError {}

/** Makes the edit once, however often the same request comes. */
export async function edit(call: Call, { engine }: ApiDeps, wanted: HubEdit, root = ticketId(call)) {
  const { organization, actor } = call.caller;
  const request = {
    organization,
    actor,
    root,
    idempotencyKey: call.idempotencyKey,
    correlation: call.correlation,
    edit: wanted,
  };
  try {
    return await engine.edit(request);
  } catch (cause) {
    if (!(cause instanceof ConflictError)) throw cause;
    throw new IdempotencyKeyReusedError('this idempotency key was used for another request', { cause });
  }
}
